; A kernel in assembly. It starts in 64-bit mode, with a stack; RDI points to
; struct boot_info (docs/boot-protocol.md).
bits 64
default rel

COM1		equ 0x3F8
DEBUG_EXIT	equ 0xF4	; isa-debug-exit of QEMU, if it is there

section .text
global _start
_start:
	lea	rsi, [text]
	mov	dx, COM1
	mov	ecx, text_end - text
	cld
	rep	outsb
	mov	al, 0x10		; status 33
	out	DEBUG_EXIT, al
.stop:
	cli
	hlt
	jmp	.stop

section .rodata
text:	db "Hello from assembly.", 10
text_end:
