; The entry is linked where it loads: the loader maps the first 4 GiB onto
; themselves, nothing else. It maps the first GiB a second time, at -2 GiB.
bits 64

PRESENT_WRITE	equ 3
HUGE		equ 0x80	; a page of 2 MiB
LAST_OF_PML4	equ 511		; indices of -2 GiB
PDPT_INDEX	equ 510

section .entry progbits alloc exec nowrite
global _start
extern kernel_main
_start:
	mov	rcx, directory_low
	mov	eax, PRESENT_WRITE | HUGE
.page:
	mov	[rcx], rax
	add	rcx, 8
	add	eax, 0x200000
	cmp	eax, 0x40000000
	jb	.page
	mov	rax, directory_low
	or	eax, PRESENT_WRITE
	mov	[pdpt_low + 8 * PDPT_INDEX], rax
	mov	rax, cr3		; the loader's PML4 gets an entry more
	mov	rcx, pdpt_low
	or	ecx, PRESENT_WRITE
	mov	[rax + 8 * LAST_OF_PML4], rcx
	mov	rsp, stack_top
	mov	rax, kernel_main	; an address of 64 bits
	call	rax			; RDI is still boot_info
.stop:
	cli
	hlt
	jmp	.stop

section .entry_bss nobits alloc noexec write align=4096
pdpt_low:	resb 4096
directory_low:	resb 4096

section .bss
	alignb	16
	resb	16384
stack_top:
