; The heads are a byte, too.
	mov	ax, [bp + frame.lba]
	div	cl
	mov	cl, ah
	inc	cx
	mov	ah, 0
	div	bl
	mov	ch, al
	mov	dh, ah
