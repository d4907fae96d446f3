; panic_entry.asm - from a call of panic() to the panic page, no register lost.

%include "kernel/cpu/registers.inc"

bits 64
default rel
section .panic_entry progbits alloc exec nowrite align=16

extern panic_enter
global panic_at

%define RETURN_ADDRESS_SIZE 8

; A va_list's first fields when two of six register arguments are named and
; no SSE register was saved (System V AMD64, "Variable Argument Lists").
%define GP_OFFSET (2 * 8)
%define FP_OFFSET (6 * 8)

; panic_at - make a struct trap_frame of what the caller had, and a va_list
; in:   rdi  place
;       rsi  format, then its arguments, as in C
; out:  does not return
panic_at:
	push	qword 0			; ss, left to panic_enter()
	push	qword 0			; rsp, likewise
	pushfq
	cli
	push	qword 0			; cs, likewise
	push	qword [rsp + 4 * 8]	; rip: our return address
	push	qword 0			; error code
	push	qword TRAP_NONE
	save_registers
	cld

	; The frame begins with the register arguments: it serves as the
	; register save area. Those on the stack follow the return address.
	mov	rdi, rsp
	lea	rax, [rsp + TRAP_SIZE + RETURN_ADDRESS_SIZE]
	push	rdi
	push	rax
	mov	rax, FP_OFFSET << 32 | GP_OFFSET
	push	rax

	mov	rdx, rsi		; format
	mov	rsi, [rdi]		; place
	mov	rcx, rsp		; va_list
	call	panic_enter
