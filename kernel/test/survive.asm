; survive.asm - a call that comes back also when an exception ends it.

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global survive
global survive_return

; survive - call a function
; in:       rdi  the function
;           rsi  where to note RSP as survive_return wants it
; out:      returns when the function does, or when a handler goes to
;           survive_return
; clobbers: as a function in C; RFLAGS are then as before
survive:
	push	rbp
	mov	rbp, rsp
	push	rbx
	push	r12
	push	r13
	push	r14
	push	r15
	pushfq
	mov	[rsi], rsp
	call	rdi
survive_return:
	popfq
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	rbx
	pop	rbp
	ret
