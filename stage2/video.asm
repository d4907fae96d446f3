; video.asm - have an 80x25 text screen, and know where it is (HW-30)

%include "stage2/stage2.inc"

global mode_read, text_mode_ensure, video_init, video_warn
global video, text_base, video_mode, video_columns, video_rows
global video_cursor
extern bios_call, warning_print

%define MODE_COLOR	3		; 80x25
%define MODE_MONO	7		; 80x25 on an MDA
%define COLUMNS		80
%define ROWS		25

cpu 386
section_text16

; text_mode_ensure - leave a good mode alone, set mode 3 otherwise; show page 0
; In a VBE mode the BIOS may report any number, even 3; the columns show it.
; out:      video_mode, video_columns, video_rows
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
text_mode_ensure:
	call	mode_read
	mov	al, [video_mode]
	cmp	al, MODE_MONO
	je	.check_size
	cmp	al, MODE_COLOR
	jne	.set
.check_size:
	cmp	byte [video_columns], COLUMNS
	jne	.set
	cmp	byte [video_rows], ROWS
	je	.set_already
.set:
	mov	ax, MODE_COLOR		; AH=00h: set mode
	bios	INT_VIDEO
	call	mode_read
.set_already:
	mov	ax, 0x0500		; show page 0, from its first cell
	bios	INT_VIDEO
	ret

; video_init - have a text mode, switch blinking off, record the rest
; out:      text_base (0 where no text memory answers), video_*
; clobbers: as text_mode_ensure
video_init:
	call	text_mode_ensure
	mov	ax, 0x1003		; attribute bit 7: bright, not blink
	xor	bx, bx			; (HW-31; RBIL INT 10/AX=1003h)
	bios	INT_VIDEO
	mov	ah, 0x03		; where the cursor is
	xor	bx, bx
	xor	dx, dx
	bios	INT_VIDEO
	mov	[video_cursor], dx

	; Without a video BIOS there may yet be RAM where text would be (QEMU).
	cmp	byte [video_columns], COLUMNS
	jne	.done
	mov	cx, VGA_TEXT_ADDR / 16
	cmp	byte [video_mode], MODE_MONO
	jne	.probe
	mov	cx, VGA_MONO_ADDR / 16
.probe:
	mov	es, cx
	xor	di, di
	mov	bx, [es:di]
	mov	ax, 0x5AA5
	mov	[es:di], ax
	cmp	[es:di], ax
	jne	.absent
	not	ax
	mov	[es:di], ax
	cmp	[es:di], ax
	jne	.absent
	movzx	ecx, cx
	shl	ecx, 4
	mov	[text_base], ecx
.absent:
	mov	[es:di], bx
	xor	ax, ax
	mov	es, ax
.done:
	ret

; video_warn - warn when what a kernel writes to the screen would not be seen
; clobbers: ax, fs, gs, flags                          answers: HW-50
video_warn:
	cmp	dword [text_base], 0
	jne	.done
	cmp	byte [video_mode], 0	; there is no video BIOS
	je	.done
	mov	ah, W_NO_TEXT
	jmp	warning_print
.done:
	ret

; mode_read - ask for the mode in force
; out:      video_mode, video_columns, video_rows
; clobbers: as text_mode_ensure
mode_read:
	mov	ax, 0x0F00		; AL stays 0 without a video BIOS
	bios	INT_VIDEO
	and	al, 0x7F		; bit 7: the screen was not cleared
	mov	[video_mode], al
	mov	[video_columns], ah
	mov	al, [BDA_VIDEO_ROWS]
	test	al, al
	jnz	.known
	mov	al, ROWS - 1		; before EGA: always 25
.known:
	inc	ax
	mov	[video_rows], al
	ret

section_bss16
video:		resb VIDEO_SIZE		; for boot_info
text_base	equ video + VIDEO_TEXT_BASE
video_mode	equ video + VIDEO_BIOS_MODE
video_columns	equ video + VIDEO_COLUMNS
video_rows	equ video + VIDEO_ROWS
video_cursor	equ video + VIDEO_CURSOR
