; says: as if called: RSP is
; The backtrace does not end.
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
	mov	[rdi - 16], rsi
%assign place 16 + 8
%rep 6					; registers
	mov	[rdi - place], rax
%assign place place + 8
%endrep
	lea	rax, [rdi - 64]
	ret

thread_begin:
	sub	rsp, 8			; the call puts 8 bytes more there
	call	thread_main
	ud2
