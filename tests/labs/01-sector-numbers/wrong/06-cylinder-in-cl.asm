; says: read header and stage 2, a sector per call
; The cylinder is in CL, the sector in CH.
	mov	ax, [bp + frame.lba]
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, cl
	mov	cl, al
	mov	dh, dl
