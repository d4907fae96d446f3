; says: check the header's magic and the 32-bit sum
; Divides by the heads, then by the sectors.
	mov	ax, [bp + frame.lba]
	div	bl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
