; ap_page.asm - the first instructions of every other processor.
;
; It begins in real mode, at the page that the startup IPI names, as the boot
; processor did at 0x7C00; and walks the same way (stage2/modes.asm), with the
; page tables of the loader: in the kernel's own this page is not executed.
; The code is copied to AP_PAGE_ADDR, with what struct ap_values says.

%include "boot/layout.inc"
%include "boot/x86.inc"

global ap_page, ap_values, ap_page_end
global ap_enter
extern ap_main, ap_root, ap_stacks, ap_next, ap_refused

%define AT(label)	(AP_PAGE_ADDR + (label) - ap_page)
%define SEL_CODE32	0x08
%define SEL_DATA	0x10
%define SEL_CODE64	0x18

section .rodata
align 16
ap_page:
bits 16
	cli
	cld
	xor	ax, ax			; CS is AP_PAGE_ADDR / 16
	mov	ds, ax
	lgdt	[AT(.gdtr)]
	mov	eax, cr0
	or	al, CR0_PE
	mov	cr0, eax
	jmp	dword SEL_CODE32:AT(.protected)

bits 32
.protected:
	mov	eax, SEL_DATA
	mov	ds, eax
	mov	es, eax
	mov	ss, eax
	mov	eax, [AT(ap_values.cr4)]
	mov	cr4, eax
	mov	eax, [AT(ap_values.cr3)]
	mov	cr3, eax
	mov	ecx, MSR_EFER
	mov	eax, [AT(ap_values.efer)]
	xor	edx, edx
	wrmsr
	mov	eax, [AT(ap_values.cr0)]
	mov	cr0, eax		; paging, and so long mode
	jmp	SEL_CODE64:AT(.long)

bits 64
.long:
	mov	rax, ap_enter
	jmp	rax

align 8
.gdt:	dq	0
	dq	0x00CF9B000000FFFF	; 32-bit code
	dq	0x00CF93000000FFFF	; data
	dq	0x00AF9B000000FFFF	; 64-bit code
.gdtr:	dw	.gdtr - .gdt - 1
	dd	AT(.gdt)

ap_values:				; struct ap_values, start.c
.cr0:	dd	0
.cr3:	dd	0
.cr4:	dd	0
.efer:	dd	0
ap_page_end:

section .text
; ap_enter - in the kernel: its page tables, a number and a stack, and C
; Each that comes takes the next number, and with it a stack that no other one
; has, however late it is. Where there is no stack, none is expected: one has
; begun once more. It is counted, and stays here.
; in:       ap_root, ap_next, ap_stacks[]
ap_enter:
	mov	rax, [rel ap_root]
	mov	cr3, rax
	lea	rdx, [rel ap_stacks]
	mov	eax, [rel ap_next]
.take:
	mov	rsp, [rdx + 8 * rax]
	test	rsp, rsp
	jz	.refuse
	lea	edi, [rax + 1]
	lock cmpxchg [rel ap_next], edi	; else EAX is the one that is next
	jne	.take
	mov	edi, eax
	xor	ebp, ebp		; a backtrace ends here
	call	ap_main
	ud2

.refuse:				; on a stack for one at a time
	pause
	lock bts dword [rel ap_refusing], 0
	jc	.refuse			; it is lost anyway: nobody waits for it
	lea	rsp, [rel ap_refuse_stack.top]
	xor	ebp, ebp
	call	ap_refused
	mov	dword [rel ap_refusing], 0
.halt:
	hlt
	jmp	.halt

section .bss
alignb 16
ap_refuse_stack:
	resb	2048
.top:
ap_refusing:
	resd	1			; 1: the stack is in use
