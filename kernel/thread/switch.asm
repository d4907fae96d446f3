; switch.asm - from one thread to another: nothing but registers and a stack.

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global thread_switch, thread_begin
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

; thread_begin - where a new thread's first thread_switch returns to
; in:       rsp  16 bytes aligned; rbp is 0, where a backtrace ends
thread_begin:
	call	thread_main
	ud2
