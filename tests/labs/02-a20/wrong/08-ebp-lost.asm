; says: CF=1 it is closed
; EBP is changed, which is not among the clobbers.
a20_test:
	push	es
	mov	ax, 0xFFFF
	mov	es, ax
.again:
	inc	dword [probe]		; equal by chance only once
	in	al, DELAY_PORT
	mov	eax, [probe]
	cmp	eax, [es:probe + 0x10]
	jne	.open
	loop	.again
	mov	bp, cx
	stc
	jmp	.done
.open:
	clc
.done:
	pop	es
	ret

