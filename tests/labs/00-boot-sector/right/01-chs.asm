; AH=02h, and no stack of its own: the BIOS has left one.
	bits	16
	org	0x7C00
	jmp	short start
	nop
	times	0x5A - ($ - $$) db 0
start:
	xor	bx, bx
	mov	ds, bx
	mov	es, bx
	mov	ax, 0x0E41
	int	0x10
	mov	ax, 0x0201		; LBA 5: cylinder 0, head 0, sector 6
	mov	cx, 6
	mov	dh, 0
	mov	bx, 0x0600
	int	0x13
	mov	si, 0x0600
print:
	lodsb
	cmp	al, 0
	je	again
	mov	ah, 0x0E
	xor	bx, bx
	int	0x10
	jmp	print
again:
	mov	ax, 0x0E41
	int	0x10
	sti
	hlt
	jmp	$ - 1
	times	510 - ($ - $$) db 0
	db	0x55, 0xAA
