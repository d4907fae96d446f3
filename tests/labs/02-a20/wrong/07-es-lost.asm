; says: do 0:x and FFFF:x+10h differ, in one of several tests?
; ES is not given back.
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
	stc
	jmp	.done
.open:
	clc
.done:
	pop	ax
	ret

