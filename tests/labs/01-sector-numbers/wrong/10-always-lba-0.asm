; says: check the header's magic and the 32-bit sum
; The first sector, always.
	xor	ax, ax
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
