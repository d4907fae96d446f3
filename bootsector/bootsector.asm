; bootsector.asm - LBA 0: from the BIOS's jump to stage 2 in memory
;
;   the BIOS loads this sector to 0x7C00 and jumps to it, DL = drive
;   1. check DL, normalise segments, stack and flags        HW-10 HW-11 HW-12
;   2. read header and stage 2, a sector per call           HW-16 HW-17 HW-18
;   3. check the header's magic and the 32-bit sum          HW-7 HW-8
;   4. jump to STAGE2_ADDR with DL = drive, DH = the BIOS's DL
;   if 2 or 3 fails: all of it again with drive 80h, once   HW-12
;
; On failure: "Boot error" with a letter (errors.h: BS_ERROR_*) and the INT 13h
; status of the first failed read, on screen and COM1; a key; INT 18h. With two
; drives tried, it tells of the one that the BIOS named.
; A BIOS call may change any register but SS:SP. So variables live in memory, in
; a frame on the stack that BP points at.

%include "boot/errors.inc"
%include "boot/image.inc"
%include "boot/layout.inc"
%include "boot/x86.inc"

%define TRIES 3
%define LAST_CHARACTER 10
%define FIRST_DISK 0x80
%define NO_DRIVE 0x70			; bits of DL that no drive's number has
%define NOT_YET ' '			; the message's letter, before a failure
%if UART_DIVISOR != 1
%error "the divisor's high byte is not its low byte less 1"
%endif
%if EDD_PACKET != 1
%error "a shift by 1 does not test it"
%endif

; The frame. It begins with the EDD disk address packet (RBIL INT 13/AH=42h);
; its LBA and segment also count what has been read.
struc frame
.size:		resw 1			; of the packet
.count:		resw 1			; sectors
.buffer:	resw 1			; offset, then segment
.segment:	resw 1
.lba:		resq 1
.status:	resw 1			; INT 13h AH of the first error
.drive:		resb 1			; these two: DL and DH for stage 2
.bios_drive:	resb 1
endstruc
%define PACKET_SIZE frame.status
%define FRAME (REAL_STACK_END - frame_size)

; to_character - turn al = 0..15 into its hexadecimal digit
%macro to_character 0
	cmp	al, 10
	sbb	al, 0x69
	das
%endmacro

cpu 386
bits 16
section .text16 progbits alloc exec write

global bootsector_start
bootsector_start:
	jmp	short main
	nop
	times BS_CODE - ($ - $$) db 0	; room for a BPB (HW-3)

main:	; registers only: there is no stack yet, and CS may be 07C0h
	mov	dh, dl			; the BIOS's DL, for stage 2
	test	dl, NO_DRIVE		; 80h..8Fh: disks, 00h..0Fh: floppies
	jz	.drive_known		; (HW-22)
.first_disk:
	mov	dl, FIRST_DISK
.drive_known:
	xor	ax, ax
	mov	ss, ax
	mov	sp, REAL_STACK_END
	jmp	0:.normalised
.normalised:
	call	tidy

	; Push the frame, from its end.
	push	dx			; bios_drive and drive
	push	word 0			; status
	push	dword 0			; lba, the high half
	push	dword HEADER_LBA
	push	word HEADER_ADDR / 16	; segment
	push	word 0			; offset
	push	word 1			; count
	push	word PACKET_SIZE

.next_sector:
	mov	cx, TRIES
.try:
	push	cx
	mov	ah, DISK_EDD_CHECK
	mov	bx, EDD_MAGIC
	call	int13
	jc	.chs
	cmp	bx, EDD_MAGIC_BACK
	jne	.chs
	shr	cl, 1			; EDD_PACKET
	jnc	.chs
	mov	si, bp
	mov	byte [bp + frame.count], 1 ; a failed call changes it
	mov	ah, DISK_READ_EDD
	call	read
	jnc	.have_sector

.chs:	; also when EDD is there but fails (HW-16)
	mov	ah, DISK_GEOMETRY
	xor	di, di			; ES:DI = 0:0, for BIOS bugs (RBIL)
	call	read
	jc	.failed
	and	cx, 63			; sectors per track
	jz	.failed
	movzx	bx, dh
	inc	bx			; heads
	mov	ax, [bp + frame.lba]
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
	les	bx, [bp + frame.buffer]
	mov	ax, DISK_READ_CHS << 8 | 1
	call	read
	jnc	.have_sector

.failed:
	xor	ah, ah			; DISK_RESET
	call	int13
	pop	cx
	loop	.try
	mov	al, BS_ERROR_READ
	jmp	fail

.have_sector:
	pop	cx
	add	word [bp + frame.segment], SECTOR_SIZE / 16
	inc	word [bp + frame.lba]
	mov	al, [bootsector_start + BS_SECTORS] ; the last LBA, too
	cmp	al, [bp + frame.lba]
	jae	.next_sector

	movzx	cx, al
	mov	si, HEADER_ADDR
	mov	al, BS_ERROR_MAGIC
	cmp	dword [si + HEADER_MAGIC], HEADER_MAGIC_VALUE
	jne	fail

	; The 32-bit words from the header to the last sector's end sum to 0.
	shl	cx, 7			; sectors to words
	xor	edx, edx
.sum:
	lodsd
	add	edx, eax
	loop	.sum
	mov	al, BS_ERROR_SUM
	jnz	fail

	mov	dx, [bp + frame.drive]
	jmp	bootsector_start - BOOT_SECTOR_ADDR + STAGE2_ADDR

; read - call int13; keep the status of the first error in the frame (HW-17)
read:
	call	int13
	jnc	.done
	cmp	byte [bp + frame.status], 0
	jne	.failed
	mov	[bp + frame.status], ah
.failed:
	stc
.done:
	ret

; int13 - call the BIOS for our drive and undo what it may leave behind (HW-13)
; in:       dl is set here, the rest as the function wants it
; out:      as the function; CF=1, too, if the BIOS lacks it
int13:
	mov	dl, [bp + frame.drive]
	stc
	int	INT_DISK
; falls through
; tidy - set BP, DS, ES, IF and DF, for all code here; keeps CF and the rest
tidy:
	mov	bp, FRAME
	push	cs
	pop	ds
	push	cs
	pop	es
	sti				; disk interrupts must come (HW-19)
	cld
	ret

; fail - try the first disk; if it was tried already: print letter and status of
; what failed first, wait for a key, and return to the BIOS
; in:       al     BS_ERROR_*
fail:
	cmp	byte [message.letter], NOT_YET
	jne	.say			; the first disk was the second try
	mov	[message.letter], al
	mov	al, [bp + frame.status]
	aam	16			; ah = high digit, al = low digit
	to_character
	xchg	al, ah
	to_character
	mov	[message.status], ax
	mov	dx, [bp + frame.drive]
	cmp	dl, FIRST_DISK
	jne	main.first_disk
.say:
	mov	dx, COM1 + UART_LCR	; 115200 8N1
	mov	al, UART_LCR_DLAB
	out	dx, al
	mov	dl, (COM1 + UART_DATA) & 0xFF
	mov	al, UART_DIVISOR
	out	dx, al
	inc	dx			; the divisor's high byte
	dec	ax
	out	dx, al
	mov	dl, (COM1 + UART_LCR) & 0xFF
	mov	al, UART_LCR_8N1
	out	dx, al

	mov	si, message
	mov	bx, 7			; page 0; grey, in a graphics mode
.next:
	mov	dl, (COM1 + UART_LSR) & 0xFF
	xor	cx, cx
.poll:
	in	al, dx			; an absent port reads FFh: no wait
	test	al, UART_LSR_THRE
	loopz	.poll			; UART_POLLS at most (HW-32)
	mov	dl, (COM1 + UART_DATA) & 0xFF
	lodsb
	out	dx, al
	mov	ah, VIDEO_TELETYPE
	pusha
	int	INT_VIDEO
	call	tidy
	popa
	cmp	al, LAST_CHARACTER
	jne	.next

	mov	ax, [BDA_KEYS_HEAD]	; forget older keys (HW-40)
	mov	[BDA_KEYS_TAIL], ax
.key:
	xor	ah, ah
	int	INT_KEYBOARD
	int	INT_NO_BOOT
	jmp	.key

message:
	db "Boot error "
.letter:
	db NOT_YET, " "
.status:
	db "00", 13, LAST_CHARACTER

bootsector_end:

	; Sector count, signature and partitions are for mkimage to fill.
	times BS_MAGIC - ($ - $$) db 0
	dw	BS_MAGIC_VALUE
%if bootsector_end - bootsector_start > BS_SECTORS
%error "code and data reach into BS_SECTORS"
%endif
