; exceptions.asm - where exceptions land, in 32-bit and in 64-bit mode
;
; Each vector has a stub (modes.asm) that calls here, so the return address
; tells the vector. In the 32-bit windows the BIOS is still there to say it
; with (HW-20, HW-27); 64-bit C has its own ways, fault.c. A fault inside the
; report of one would come again and again: it ends in a letter.

%include "stage2/stage2.inc"

global fault32, fault64, kernel_returned
extern copy_up.back_to_real, error_fail, error_numbers
extern fault32_stubs, fault64_stubs, fault_report, kernel_returned_report
extern fault_stack_high, stack_high, text_base

%use ifunc
%define PUSHAD_SIZE	32
%define WHITE_ON_RED	0x4F00
%define IRETQ_RSP	16		; SDM 3A, "64-Bit Mode Stack Frame"
; No stack has this address: who runs with it is fault_again.
%define LAST_WORDS_RSP	(stack_high + 1)

cpu 386
section .text32 progbits alloc exec nowrite align=1
bits 32
; fault32 - note vector, EIP and error code; then to real mode to say so
; in:       stack  stub's return address, [error code], EIP
fault32:
	bts	dword [fault32_began], 0
	jc	fault_again
	pop	eax
	sub	eax, fault32_stubs + STUB_SIZE
	xor	edx, edx
	lea	ecx, [edx + STUB_SIZE]
	div	ecx			; eax = vector, edx = 0
	mov	ecx, EXCEPTION_ERROR_CODES
	bt	ecx, eax
	jnc	.no_code
	pop	edx
.no_code:
	mov	edi, error_numbers
	stosd
	pop	eax			; EIP
	stosd
	mov	[edi], edx

	; copy_up's way back pops what pushad left and returns.
	mov	esp, REAL_STACK_END - PUSHAD_SIZE - 2
	mov	word [esp + PUSHAD_SIZE], fault32_say
	jmp	copy_up.back_to_real

; fault_again - a letter on port E9h, COM1 and the screen, for good
; These bytes mean the same in 32- and in 64-bit mode. The screen comes last,
; as its page may be what is missing.
fault_again:
	mov	esp, LAST_WORDS_RSP
	mov	al, E_FAULT_AGAIN
	out	DEBUGCON, al
	mov	dx, COM1 + UART_DATA	; no wait: it may cost a byte
	out	dx, al
	mov	eax, text_base
	mov	eax, [eax]
	test	eax, eax
	jz	fault_stop
	mov	word [eax], WHITE_ON_RED | E_FAULT_AGAIN
fault_stop:
	cli
	hlt
	jmp	fault_stop

section_text16
fault32_say:
	mov	ah, E_FAULT_32
	jmp	error_fail

cpu x64
section .text64 progbits alloc exec nowrite align=1
bits 64
; fault64 - hand the stack to C; nobody will want the registers back
; Whose stack was in use tells who faulted. No variable is needed for that: it
; might be what is missing.
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

section_bss16
fault32_began:	resd 1
