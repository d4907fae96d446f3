; says: CF=1 it is closed
; FFFF:probe is 16 bytes below the byte that is meant.
a20_test:
	push	es
	mov	ax, 0xFFFF
	mov	es, ax
.again:
	inc	dword [probe]		; equal by chance only once
	in	al, DELAY_PORT
	mov	eax, [probe]
	cmp	eax, [es:probe]
	jne	.open
	loop	.again
	stc
	jmp	.done
.open:
	clc
.done:
	pop	es
	ret

