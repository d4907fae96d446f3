; says: CF=1 it is closed
; 0000:probe+10h is compared, which never is the same byte.
a20_test:
	push	es
	mov	ax, 0xFFFF
	mov	es, ax
.again:
	inc	dword [probe]		; equal by chance only once
	in	al, DELAY_PORT
	mov	eax, [probe]
	cmp	eax, [probe + 0x10]
	jne	.open
	loop	.again
	stc
	jmp	.done
.open:
	clc
.done:
	pop	es
	ret

