; says: as C expects to be called
; thread_main's RSP is a multiple of 16 when it begins.
thread_switch:
	push	rbp
	push	rbx
	push	r12
	push	r13
	push	r14
	push	r15
	mov	[rdi], rsp
	mov	rsp, [rsi]
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	rbx
	pop	rbp
	ret

thread_lay_first_frame:
	xor	eax, eax
	mov	[rdi - 8], rax		; no return address
	mov	[rdi - 16], rsi
%assign place 16 + 8
%rep 6					; registers
	mov	[rdi - place], rax
%assign place place + 8
%endrep
	lea	rax, [rdi - 64]
	ret

thread_begin:
	call	thread_main
	ud2
