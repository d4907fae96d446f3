; says: read one sector, LBA #, of the drive in DL
; The text of the first disk, and nothing is read.
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
	mov	si, packet
	mov	ah, 0x42
	int	0x13
	mov	si, text
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

text:	db	'Sector 5, as it was written', 13, 10, 0
	align	4
packet:	dw	16, 1, 0x8000, 0
	dq	5
	times	510 - ($ - $$) db 0
	dw	0xAA55
