; The count is on the stack, and the loop is at its end.
a20_test:
	push	es
	push	word 0xFFFF
	pop	es
	jmp	.look
.closed:
	stc
	dec	cx			; leaves CF
	jz	.done
.look:
	add	dword [probe], 0x01010101
	in	al, DELAY_PORT
	mov	eax, [es:probe + 0x10]
	xor	eax, [probe]
	jz	.closed
	clc
.done:
	pop	es
	ret

