; exceptions.asm - where exceptions land in 32-bit mode
;
; Each vector has a stub (modes.asm) that calls here, so the return address
; tells the vector. It is printed in real mode, by the BIOS (HW-20, HW-27). When
; a fault is being reported, in 32- or in 64-bit mode, and a second one comes,
; only a letter is printed: a report of that one could fault without end.

%include "stage2/stage2.inc"

global fault32, fault_again, fault_stop
extern copy_up.back_to_real, error_numbers, fault32_say, fault32_stubs
extern stack_high, text_base

%define PUSHAD_SIZE	32
%define WHITE_ON_RED	0x4F00

cpu 386
section .text32 progbits alloc exec nowrite align=1
bits 32
; fault32 - note vector, EIP and error code; then print them in real mode
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

	; copy_up.back_to_real ends in popad and ret.
	mov	esp, REAL_STACK_END - PUSHAD_SIZE - 2
	mov	word [esp + PUSHAD_SIZE], fault32_say
	jmp	copy_up.back_to_real

; fault_again - print a letter on port E9h, COM1 and the screen, and stop
; These bytes mean the same in 32- and in 64-bit mode. The screen comes last,
; as its page may be absent.
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

section_bss16
fault32_began:	resd 1
