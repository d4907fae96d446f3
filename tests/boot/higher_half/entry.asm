; entry.asm - a kernel linked 2 GiB below the end of the addresses, for the
; debugger's tests: entered where it is loaded, it maps itself and jumps up.

global _start
extern high_main

%define PRESENT_WRITE	3
%define PAGE_2M		0x83

bits 64
section .low progbits alloc exec nowrite align=16
_start:
	mov	rsp, low_stack_end
	mov	rax, cr3
	mov	rdi, high_pdpt
	mov	qword [rdi + 510 * 8], high_pd + PRESENT_WRITE
	mov	rcx, high_pd
	mov	qword [rcx], 0x200000 + PAGE_2M	; 0xFFFFFFFF80000000: 2 MiB
	or	rdi, PRESENT_WRITE
	mov	[rax + 511 * 8], rdi
	mov	rax, high_main
	jmp	rax

section .low_bss nobits alloc noexec write align=4096
high_pdpt:	resb 4096
high_pd:	resb 4096
		resb 4096
low_stack_end:
