; By mov and xor, one byte more than by cbw.
	mov	ax, [bp + frame.lba]
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	mov	ah, 0
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
