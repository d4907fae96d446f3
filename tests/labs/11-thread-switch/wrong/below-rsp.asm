; says: interrupts are off on both sides
; Below RSP nothing stays: even with interrupts off there are #DB and NMI.
thread_switch:
	lea	rax, [rsp - 56]
	mov	[rax + 8], r15
	mov	[rax + 16], r14
	mov	[rax + 24], r13
	mov	[rax + 32], r12
	mov	[rax + 40], rbx
	mov	[rax + 48], rbp
	mov	[rdi], rax
	mov	rsp, [rsi]
	mov	r15, [rsp + 8]
	mov	r14, [rsp + 16]
	mov	r13, [rsp + 24]
	mov	r12, [rsp + 32]
	mov	rbx, [rsp + 40]
	mov	rbp, [rsp + 48]
	add	rsp, 64
	jmp	[rsp - 8]

thread_lay_first_frame:
	mov	qword [rdi - 8], 0
	mov	[rdi - 16], rsi
	mov	qword [rdi - 24], 0	; RBP
	lea	rax, [rdi - 72]
	ret

thread_begin:
	push	rbp
	call	thread_main
	ud2
