; Runs at 07C0:0000, and copies the text behind itself first.
	bits	16
	org	0
	jmp	short start
	nop
	times	0x5A - ($ - $$) db 0	; the BPB's place
start:
	jmp	0x07C0:.here
.here:
	mov	ax, cs
	mov	ds, ax
	xor	ax, ax
	mov	ss, ax
	mov	sp, 0x7C00
	cld
	mov	al, 'A'
	call	putc
	mov	si, packet
	mov	ah, 0x42
	int	0x13
	mov	si, 512
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
packet:	dw	16, 1, 512, 0x07C0
	dq	5
	times	510 - ($ - $$) db 0
	dw	0xAA55
