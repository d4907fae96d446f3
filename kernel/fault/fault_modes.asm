; fault_modes.asm - visits to 32-bit code and to ring 3, for the exceptions that
; 64-bit code of ring 0 cannot cause.

%include "boot/x86.inc"
%include "kernel/cpu/gdt.inc"

default rel
section .text progbits alloc exec nowrite align=16

global fault_into
global fault_bound
global fault_user_visit
global fault_user_return
global fault_user_code

; ---- #OF and #BR -------------------------------------------------------------
; INTO and BOUND are invalid in 64-bit code (SDM 2A, INTO and BOUND). In a code
; segment without the L bit the CPU runs 32-bit code, with the same page tables,
; GDT and IDT.

; compatibility WHERE: go on there in 32-bit code
%macro compatibility 1
	lea	rax, [%1]
	push	qword SEL_CODE32
	push	rax
	retfq
%endmacro

; fault_into - #OF
bits 64
fault_into:
	push	rbp
	mov	rbp, rsp
	compatibility .in_32
bits 32
.in_32:
	mov	eax, 0x7FFFFFFF
	inc	eax			; sets OF
	into
	ud2				; not reached

; fault_bound - #BR
bits 64
fault_bound:
	push	rbp
	mov	rbp, rsp
	compatibility .in_32
bits 32
.in_32:
	mov	eax, 9
	bound	eax, [bounds]
	ud2				; not reached

; ---- #AC: ring 3 -------------------------------------------------------------

bits 64
%define FLAGS_FIXED 2	; bit 1 is always set

; fault_user_visit - run fault_user_code in ring 3
; in:  rdi  RFLAGS there
;      rsi  where this processor's TSS has RSP for ring 0
; out: returns when a handler goes to fault_user_return, with RSP as the TSS
;      has it for ring 0; RFLAGS are then as before
fault_user_visit:
	push	rbp
	mov	rbp, rsp
	pushfq
	mov	[rsi], rsp
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

section .rodata progbits alloc noexec nowrite align=4
bounds:	dd 1, 8				; lowest and highest index allowed
