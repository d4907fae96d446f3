; Compares single bytes, by FS, in both directions.
a20_test:
	push	fs
	mov	ax, 0xFFFF
	mov	fs, ax
.again:
	inc	byte [probe]
	in	al, DELAY_PORT
	mov	al, [fs:probe + 0x10]
	cmp	al, [probe]
	jne	.open
	loop	.again
	stc
	jmp	.done
.open:
	clc
.done:
	pop	fs
	ret

