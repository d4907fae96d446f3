; Another order, and the two stacks are exchanged.
thread_switch:
	push	r15
	push	r14
	push	r13
	push	r12
	push	rbx
	push	rbp
	mov	rax, [rsi]
	xchg	rax, rsp
	mov	[rdi], rax
	pop	rbp
	pop	rbx
	pop	r12
	pop	r13
	pop	r14
	pop	r15
	ret

thread_lay_first_frame:
	mov	ecx, 64 / 8
	lea	rdx, [rdi - 64]
	mov	rdi, rdx
	xor	eax, eax
	rep	stosq
	mov	[rdi - 16], rsi
	mov	rax, rdx
	ret

thread_begin:
	and	rsp, -16
	call	thread_main
	hlt
