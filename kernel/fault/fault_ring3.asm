; fault_ring3.asm - a visit to ring 3.

%include "boot/x86.inc"
%include "kernel/cpu/gdt.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

extern tss
global fault_user_visit
global fault_user_return
global fault_user_code

%define FLAGS_FIXED 2	; bit 1 is always set

; fault_user_visit - run fault_user_code in ring 3
; in:  rdi  RFLAGS there
; out: returns when somebody goes to fault_user_return, with RSP as the TSS
;      has it for ring 0; RFLAGS are then as before
fault_user_visit:
	push	rbp
	mov	rbp, rsp
	pushfq
	mov	[tss + TSS_RSP0], rsp
	or	rdi, FLAGS_FIXED
	push	qword SEL_USER_DATA
	push	qword 0			; no stack: it pushes nothing
	push	rdi
	push	qword SEL_USER_CODE
	lea	rax, [fault_user_code]
	push	rax
	iretq
fault_user_return:
	popfq
	pop	rbp
	ret

; fault_user_code - an access that is not aligned; then out
align 32				; in one page
fault_user_code:
	lea	rax, [fault_user_code + 1]
	mov	eax, [rax]
	hlt
