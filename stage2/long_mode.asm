; long_mode.asm - stage 2's 64-bit assembly: the way into C, and out of it
;
; modes.asm jumps here with paging on. The exceptions' stubs (modes.asm) call
; fault64, so the return address tells the vector; C reports it, fault.c.

%include "stage2/stage2.inc"

global long_mode_start, kernel_enter, fault64
extern SEL_DATA32, SEL_TSS, boot_info, fault64_stubs, fault_again
extern fault_report, fault_stack_high, fault_stop, kernel_returned_report
extern stack_high, stage2_main

%use ifunc
%define IRETQ_RSP	16		; SDM 3A, "64-Bit Mode Stack Frame"

cpu x64
section .text64 progbits alloc exec nowrite align=1
bits 64
long_mode_start:
	xor	eax, eax
	mov	fs, ax
	mov	gs, ax
	mov	al, SEL_DATA32
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	al, SEL_TSS
	ltr	ax
	fninit
	mov	rsp, stack_high
	push	MXCSR_RESET		; a BIOS may have used SSE, too
	ldmxcsr	[rsp]
	push	FLAGS_CLEAR		; clears NT and the rest
	popfq
	pop	rax
	mov	edi, boot_info
	mov	esi, HEADER_ADDR
	call	stage2_main		; does not return

; kernel_enter - call a kernel as the boot protocol says
; in:       rdi    struct boot_info *;  rsi  entry
; out:      does not return
kernel_enter:
	mov	rsp, stack_high
	push	kernel_returned		; RSP = 8 mod 16, as after a call
	xor	ebp, ebp		; the end of every backtrace
	jmp	rsi

; fault64 - report an exception, in C; registers are not kept
; RSP at the fault tells whether a report was under way: its stack, or
; LAST_WORDS_RSP. A variable could lie in a page that is absent.
; in:       stack  stub's return address, [error code], RIP, CS, RFLAGS, RSP, SS
fault64:
	mov	rax, [fault_stack_high - IRETQ_RSP]
	sub	rax, LAST_WORDS_RSP
	jz	fault_stop
	shr	rax, ilog2e(PAGE_SIZE)
	jz	fault_again
	cld
	pop	rdi
	sub	edi, fault64_stubs + STUB_SIZE
	mov	rsi, rsp
	and	rsp, -16
	call	fault_report		; does not return

; kernel_returned - where a kernel's entry returns to
kernel_returned:
	cli
	cld
	and	rsp, -16
	call	kernel_returned_report	; does not return
