; entry.asm - the diagnostics' first bytes, and the way back to stage 2
;
; Stage 2 has put us at the start of the disk buffer and makes a far call:
; real mode, DL = drive, DH = what the BIOS gave as drive. Everything here
; runs in one segment, code, variables and stack, so that C may take the
; address of anything.

%include "boot/image.inc"
%include "boot/layout.inc"

extern diag_main, bss_start, bss_end
global stage2_stack			; door.asm

cpu 386
bits 16
section .entry16 progbits alloc exec write
	dd	0			; DIAG_SUM, mkimage's
global diag_start
diag_start:
	mov	ax, cs
	mov	ds, ax
	mov	es, ax
	mov	di, bss_start
	mov	cx, bss_end
	sub	cx, di
	xor	al, al
	rep	stosb

	mov	[stage2_stack], sp
	mov	[stage2_stack + 2], ss
	mov	ax, cs
	mov	ss, ax			; no interrupt before the next line
	mov	esp, 0xFFF0		; the segment's end
	movzx	eax, dl
	movzx	edx, dh
	call	dword diag_main

	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	lss	sp, [cs:stage2_stack]
	retf

section .bss nobits alloc noexec write align=4
stage2_stack:	resw 2
