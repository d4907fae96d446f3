; Reads up to three times, and says ! if all fail.
	bits	16
	org	0x7C00
	jmp	short start
	nop
	times	0x5A - ($ - $$) db 0	; the BPB's place
start:
	xor	ax, ax
	mov	ds, ax
	mov	ss, ax
	mov	sp, 0x7C00
	cld
	mov	al, 'A'
	call	putc
	mov	cx, 3
.try:
	pusha
	mov	si, packet
	mov	ah, 0x42
	int	0x13
	popa
	jnc	.read
	loop	.try
	mov	al, '!'
	call	putc
	jmp	.stop
.read:
	mov	si, 0x8000
.next:
	lodsb
	test	al, al
	jz	.end
	call	putc
	jmp	.next
.end:
	mov	al, 'A'
	call	putc
.stop:
	sti
	hlt
	jmp	.stop

putc:
	mov	ah, 0x0E
	mov	bx, 7
	int	0x10
	ret

	align	4
packet:	dw	16, 1, 0x8000, 0
	dq	5
	times	510 - ($ - $$) db 0
	dw	0xAA55
