; Exchanges AL and CH, and AH and CL, instead of moves.
	mov	ax, [bp + frame.lba]
	div	cl			; al = track, ah = sector - 1
	xchg	cl, ah
	inc	cx
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	xchg	ch, al
	mov	dh, dl
