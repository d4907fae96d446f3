; says: CF=1 it is closed
; Says open without a look.
a20_test:
	clc
	ret
	mov	ax, 0xFFFF
	mov	es, ax
.again:
	inc	dword [probe]		; equal by chance only once
	in	al, DELAY_PORT
	mov	eax, [probe]
	cmp	eax, [es:probe + 0x10]
	jne	.open
	loop	.again
	stc
	jmp	.done
.open:
	clc
.done:
	pop	es
	ret

