; says: check the header's magic and the 32-bit sum
; Sectors of CHS are counted from 1.
	mov	ax, [bp + frame.lba]
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
