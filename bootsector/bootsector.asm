; bootsector.asm - LBA 0: from the BIOS's jump to stage 2 in memory
;
;   the BIOS loads this sector to 0x7C00 and jumps to it, DL = drive
;   1. normalise CS, segments, stack and flags, check DL    HW-10 HW-11 HW-12
;   2. read header and stage 2, a sector per call           HW-16 HW-17 HW-18
;   3. check the header's magic and the 32-bit sum          HW-7 HW-8
;   4. jump to STAGE2_ADDR with DL = drive, DH = the BIOS's DL
;
; On failure: "Boot error" with a letter (errors.h: BS_ERROR_*) and the INT 13h
; status of the first failed read, on screen and COM1; a key; INT 18h.
; A BIOS call may change any register but SS:SP: what must last is in memory.

%include "boot/errors.inc"
%include "boot/image.inc"
%include "boot/layout.inc"
%include "boot/x86.inc"

%define TRIES 3
%define LAST_CHARACTER 10
%if UART_DIVISOR != 1
%error "the divisor's high byte is not its low byte less 1"
%endif
%if EDD_PACKET != 1
%error "a shift by 1 does not test it"
%endif

cpu 386
bits 16
section .text16 progbits alloc exec write

global bootsector_start
bootsector_start:
	jmp	short main
	nop
	times BS_CODE - ($ - $$) db 0	; somebody's BPB (HW-3)

main:
	xor	ax, ax
	mov	ss, ax
	mov	sp, REAL_STACK_END
	jmp	0:.normalised
.normalised:
	call	tidy
	mov	dh, dl			; the BIOS's DL, for stage 2 to tell
	mov	al, dl
	and	al, 0xF0
	cmp	al, 0x80		; 80h..8Fh: disks
	je	.drive_known
	cmp	dl, 1			; 00h..01h: floppies (HW-22)
	jbe	.drive_known
	mov	dl, 0x80
.drive_known:
	mov	[drive], dx

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
	mov	si, packet
	mov	byte [si + packet.count - packet], 1 ; a failed call changes it
	mov	ah, DISK_READ_EDD
	call	read
	jnc	.have_sector

.chs:	; also when EDD is there but fails (HW-16)
	mov	ah, DISK_GEOMETRY
	xor	di, di			; ES:DI = 0:0: BIOS bugs (RBIL)
	call	read
	jc	.failed
	and	cx, 63			; sectors per track
	jz	.failed
	movzx	bx, dh
	inc	bx			; heads
	mov	ax, [packet.lba]
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	cbw				; our few sectors end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
	les	bx, [packet.buffer]
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
	add	word [packet.segment], SECTOR_SIZE / 16
	inc	word [packet.lba]
	dec	byte [bootsector_start + BS_SECTORS]
	jnz	.next_sector

	mov	si, HEADER_ADDR
	mov	al, BS_ERROR_MAGIC
	cmp	dword [si + HEADER_MAGIC], HEADER_MAGIC_VALUE
	jne	fail

	; The 32-bit words from the header to the last sector's end sum to 0.
	mov	cx, [packet.lba]
	dec	cx			; sectors
	shl	cx, 7
	xor	edx, edx
.sum:
	lodsd
	add	edx, eax
	loop	.sum
	mov	al, BS_ERROR_SUM
	jnz	fail

	mov	dx, [drive]
	jmp	bootsector_start - BOOT_SECTOR_ADDR + STAGE2_ADDR

; read - int13 that keeps the first error in `status` (HW-17)
read:
	call	int13
	jnc	.done
	cmp	byte [status], 0
	jne	.failed
	mov	[status], ah
.failed:
	stc
.done:
	ret

; int13 - call the BIOS for our drive and undo what it may leave behind (HW-13)
; in:       dl is set here, the rest as the function wants it
; out:      as the function; CF=1 too when it is not there at all
int13:
	mov	dl, [drive]
	stc
	int	INT_DISK
; falls through
; tidy - segments, IF and DF after a BIOS call; keeps registers and CF
tidy:
	push	cs
	pop	ds
	push	cs
	pop	es
	sti				; disk interrupts must come (HW-19)
	cld
	ret

; fail - say letter and status, then a key gives the BIOS its turn
; in:       al     BS_ERROR_*
fail:
	mov	[message.letter], al
	mov	al, [status]
	aam	16			; ah = high digit, al = low digit
	call	hex_digit
	xchg	al, ah
	call	hex_digit
	mov	[message.status], ax

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

	mov	ax, [BDA_KEYS_HEAD]	; old keys are no answer (HW-40)
	mov	[BDA_KEYS_TAIL], ax
.key:
	xor	ah, ah
	int	INT_KEYBOARD
	int	INT_NO_BOOT
	jmp	.key

; hex_digit - al = 0..15 to its character
hex_digit:
	cmp	al, 10
	sbb	al, 0x69
	das
	ret

message:
	db "Boot error "
.letter:
	db "? "
.status:
	db "00", 13, LAST_CHARACTER

; The EDD disk address packet (RBIL INT 13/AH=42h); it also keeps our place.
packet:
	db	16, 0
.count:
	dw	1
.buffer:
	dw	0
.segment:
	dw	HEADER_ADDR / 16
.lba:
	dq	HEADER_LBA

drive:	dw 0			; DL and DH for stage 2
status:	db 0			; INT 13h AH of the first error

bootsector_end:

	; Sector count, signature and partitions are for mkimage to fill.
	times BS_MAGIC - ($ - $$) db 0
	dw	BS_MAGIC_VALUE
%if bootsector_end - bootsector_start > BS_SECTORS
%error "code and data reach into BS_SECTORS"
%endif
