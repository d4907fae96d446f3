; switch.asm - from one thread to another: nothing but registers and a stack.

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global thread_switch, thread_lay_first_frame, thread_begin
extern thread_main

; thread_switch - void thread_switch(struct thread *from, struct thread *to)
; Registers that a function in C may change need not be kept: the caller of this
; one expects that. RFLAGS: interrupts are off on both sides.
; in:       rdi  whose registers are put on its stack, and its RSP into [rdi]
;           rsi  whose RSP is in [rsi]
; out:      returns in the other thread, where that one called this
; clobbers: as a function in C
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

; thread_lay_first_frame - uint64_t thread_lay_first_frame(uint64_t top,
;			   void (*begin)(void))
; Put on the stack of a thread that has not run yet what thread_switch takes
; from it.
; in:       rdi  end of its stack, a multiple of 16
;           rsi  where its first thread_switch returns to, as if called: RSP is
;                8 bytes below the end, and a backtrace ends there, as RBP is 0
; out:      rax  its RSP. Of the stack only the last 64 bytes are written
; clobbers: as a function in C
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

; thread_begin - where a new thread's first thread_switch returns to: calls
; thread_main, as C expects to be called. That does not return.
; in:       rsp, rbp  as thread_lay_first_frame promises
thread_begin:
	sub	rsp, 8			; the call puts 8 bytes more there
	call	thread_main
	ud2
