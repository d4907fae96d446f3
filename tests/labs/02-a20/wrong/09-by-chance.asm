; says: CF=0 A20 is open;
; The probe never changes: equal bytes by chance are taken for a closed line.
a20_test:
	push	es
	mov	ax, 0xFFFF
	mov	es, ax
.again:
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

