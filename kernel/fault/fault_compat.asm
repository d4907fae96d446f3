; fault_compat.asm - #OF and #BR, which 64-bit code cannot cause: INTO and
; BOUND are invalid there (SDM 2A, INTO and BOUND). In a code segment without
; the L bit the CPU runs 32-bit code, with the same page tables, GDT and IDT.

%include "kernel/cpu/gdt.inc"

default rel
section .text progbits alloc exec nowrite align=16

global fault_into
global fault_bound

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

section .rodata progbits alloc noexec nowrite align=4
bounds:	dd 1, 8				; lowest and highest index allowed
