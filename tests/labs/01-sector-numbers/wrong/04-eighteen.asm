; says: read header and stage 2, a sector per call
; 18 sectors per track, as on this diskette, not the BIOS's answer.
	mov	ax, [bp + frame.lba]
	mov	cl, 18
	div	cl			; al = track, ah = sector - 1
	mov	cl, ah
	inc	cx
	cbw				; ah = 0: we end before track 128
	cwd
	div	bx			; al = cylinder, dl = head
	mov	ch, al
	mov	dh, dl
