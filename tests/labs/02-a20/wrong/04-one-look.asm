; says: tests, about 1 us each
; Looks once, however many tests were asked for.
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
	stc
	jmp	.done
.open:
	clc
.done:
	pop	es
	ret

