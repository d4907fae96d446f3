; Registers are stored, not pushed, and it jumps to where the other one goes on.
thread_switch:
	sub	rsp, 8 * 6
	mov	[rsp], r15
	mov	[rsp + 8], r14
	mov	[rsp + 16], r13
	mov	[rsp + 24], r12
	mov	[rsp + 32], rbx
	mov	[rsp + 40], rbp
	mov	[rdi], rsp
	mov	rsp, [rsi]
	mov	r15, [rsp]
	mov	r14, [rsp + 8]
	mov	r13, [rsp + 16]
	mov	r12, [rsp + 24]
	mov	rbx, [rsp + 32]
	mov	rbp, [rsp + 40]
	mov	rcx, [rsp + 48]
	add	rsp, 8 * 7
	jmp	rcx

thread_lay_first_frame:
	mov	qword [rdi - 8], 0
	mov	[rdi - 16], rsi
	mov	qword [rdi - 24], 0	; RBP
	lea	rax, [rdi - 64]
	ret

thread_begin:
	push	rbp
	call	thread_main
	ud2
