; diag.asm - the diagnostics: a program of its own, loaded when asked for
;
; It is asked for by either Shift key held down, by a "d" from the keyboard or
; on COM1, or by the word "diag" on the kernel's command line. It runs before
; CPU, A20 and memory map are checked, to help when one of these fails. If it
; can't be read or is damaged, there is a warning, and the boot goes on.

%include "stage2/stage2.inc"

global diag_offer, far_return
extern boot_drive, disk_read, error_numbers, key_read, serial_read
extern warning_print

%define DIAG_SEGMENT	(DISK_BUFFER_ADDR / 16)
%define DIAG_LETTER	'd'
%define CAPITALS	0x20		; the bit that capital letters lack
%define KEYS_MAX	64		; a BIOS keeps 15; bounds the loop

cpu 386
section_text16

; diag_offer - run the diagnostics, if somebody asks for them
; clobbers: eax, ebx, ecx, edx, esi, edi, ebp, fs, gs, flags
diag_offer:
	test	byte [HEADER_ADDR + HEADER_FLAGS], HEADER_FLAG_DIAG
	jnz	diag_run
	test	byte [BDA_SHIFT_STATE], BDA_SHIFT_KEYS
	jnz	diag_run
	mov	bp, KEYS_MAX
.key:	; other keys may wait before it
	call	key_read
	jc	.serial
	or	al, CAPITALS
	cmp	al, DIAG_LETTER
	je	diag_run
	dec	bp
	jnz	.key
.serial:
	call	serial_read
	jc	.done
	or	al, CAPITALS
	cmp	al, DIAG_LETTER
	je	diag_run
.done:
	ret

; far_return - our routines return here when diag/door.asm has called them
far_return:
	retf

; diag_run - read them, check their sum, call them
; clobbers: as diag_offer
diag_run:
	movzx	ecx, byte [HEADER_ADDR + HEADER_DIAG_SECTORS]
	jecxz	.missing
	cmp	cl, DISK_CHUNK_MAX
	ja	.missing
	movzx	eax, word [HEADER_ADDR + HEADER_STAGE2_SECTORS]
	add	eax, STAGE2_LBA
	push	cx
	call	disk_read
	pop	cx
	jc	.warn			; E_READ, here only a warning

	shl	cx, 7			; sectors to 32-bit words
	mov	ax, DIAG_SEGMENT
	mov	ds, ax
	xor	si, si
	xor	edx, edx
.sum:
	lodsd
	add	edx, eax
	loop	.sum
	mov	ds, cx
	cmp	edx, DIAG_SUM_VALUE
	jne	.damaged
	mov	dx, [boot_drive]	; and bios_drive
	call	DIAG_SEGMENT:DIAG_ENTRY
	ret
.missing:
	mov	ah, W_DIAG_MISSING
	jmp	.warn
.damaged:
	mov	[error_numbers], edx
	mov	ah, W_DIAG_DAMAGED
.warn:
	jmp	warning_print
