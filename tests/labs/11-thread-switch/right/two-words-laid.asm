; RBP and where it begins are laid, nothing else.
thread_switch:
	push	rbx
	push	rbp
	push	r15
	push	r14
	push	r13
	push	r12
	mov	rax, rsp
	mov	rsp, [rsi]
	mov	[rdi], rax
	pop	r12
	pop	r13
	pop	r14
	pop	r15
	pop	rbp
	pop	rbx
	pop	rax
	jmp	rax

thread_lay_first_frame:
	mov	rax, rdi
	and	qword [rax - 8], 0
	mov	[rax - 16], rsi
	and	qword [rax - 32], 0
	sub	rax, 64
	ret

thread_begin:
	xor	ebp, ebp
	push	rbp
	call	thread_main
.for_ever:
	jmp	.for_ever
