; Writes the byte above 1 MiB, and puts it back.
a20_test:
	push	es
	mov	ax, 0xFFFF
	mov	es, ax
.again:
	in	al, DELAY_PORT
	mov	ax, [probe]
	not	ax
	push	word [es:probe + 0x10]
	mov	[es:probe + 0x10], ax
	cmp	ax, [probe]
	pop	word [es:probe + 0x10]
	clc
	jne	.done
	loop	.again
	stc
.done:
	pop	es
	ret

