; exceptions.asm - where exceptions land, in 32-bit and in 64-bit mode
;
; Each vector has a stub (modes.asm) that calls here, so the return address
; tells the vector. In 32-bit mode there is room for numbers only (HW-20, HW-27);
; 64-bit C has sentences, fault.c.

%include "stage2/stage2.inc"

global fault32, fault64, kernel_returned
extern fault32_stubs, fault64_stubs, debugcon_alive, fault_report, kernel_returned_report
extern serial_alive, text_base

%define WITH_ERROR_CODE	0x60227D00	; vectors 8, 10-14, 17, 21, 29, 30
%define WHITE_ON_RED	0x4F

cpu 386
section .text32 progbits alloc exec nowrite align=1
bits 32
; fault32 - print vector, EIP and error code, then stop
; in:       stack  stub's return address, [error code], EIP
fault32:
	pop	eax
	sub	eax, fault32_stubs + STUB_SIZE
	xor	edx, edx
	mov	ecx, STUB_SIZE
	div	ecx
	mov	ebx, eax		; vector
	xor	edx, edx		; no error code
	mov	ecx, WITH_ERROR_CODE
	bt	ecx, ebx
	jnc	.plain
	pop	edx
.plain:
	pop	ecx			; EIP
	push	edx
	push	ecx
	push	ebx
	mov	ebp, esp		; the text's numbers, in order
	mov	edi, [text_base]
	mov	esi, fault32_text
.next:
	lodsb
	test	al, al
	jz	.stop
	cmp	al, '%'
	je	.number
	call	putc32
	jmp	.next
.number:
	mov	ebx, [ebp]
	add	ebp, 4
	mov	ecx, 8
.digit:
	rol	ebx, 4
	mov	al, bl
	and	al, 0x0F
	cmp	al, 10
	sbb	al, 0x69
	das
	call	putc32
	loop	.digit
	jmp	.next
.stop:
	cli
	hlt
	jmp	.stop			; an NMI ends a hlt

; putc32 - one character to the screen at edi, COM1 and port E9h
; in:       al;  edi  next cell, 0: no screen
; out:      edi    the one after
; clobbers: eax, edx
putc32:
	test	edi, edi
	jz	.debugcon
	mov	ah, WHITE_ON_RED
	stosw
.debugcon:
	cmp	byte [debugcon_alive], 0
	je	.serial
	out	DEBUGCON, al
.serial:
	cmp	byte [serial_alive], 0
	je	.done
	mov	ah, al
	push	ecx
	mov	ecx, UART_POLLS
	mov	edx, COM1 + UART_LSR
.poll:
	in	al, dx
	test	al, UART_LSR_THRE
	loopz	.poll
	pop	ecx
	mov	edx, COM1 + UART_DATA
	mov	al, ah
	out	dx, al
.done:
	ret

cpu x64
section .text64 progbits alloc exec nowrite align=1
bits 64
; fault64 - hand the stack to C; nobody will want the registers back
; in:       stack  stub's return address, [error code], RIP, CS, RFLAGS, RSP, SS
fault64:
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

section_rodata16
fault32_text:	db "firstlight: error "
		db '0' + (E_FAULT_32 >> 4), '0' + (E_FAULT_32 & 15), ": "
		db E_FAULT_32_TEXT, 0
