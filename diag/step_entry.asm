; step_entry.asm - exception 1 while stage 2 runs: a stop of step mode
;
; Entered in real mode through the vector that step.c has set: CS is our
; segment, all else stage 2's. Its registers go on its stack, then we use ours.

extern step_stop, stage2_stack

cpu 386
bits 16
section .text16 progbits alloc exec nowrite align=1
global step_trap
; step_trap - what step_frame in step.h describes, then C
step_trap:
	pushad
	push	ds
	push	es
	push	fs
	push	gs
	sti				; as in stage 2: the BIOS reads keys
	cld
	mov	ax, cs
	mov	ds, ax
	mov	es, ax
	mov	[stage2_stack], sp	; where door.asm finds it
	mov	[stage2_stack + 2], ss
	movzx	ecx, sp
	mov	ss, ax
	mov	esp, 0xFFF0		; the segment's end
	mov	eax, ecx
	call	dword step_stop

	lss	sp, [stage2_stack]
	pop	gs
	pop	fs
	pop	es
	pop	ds
	popad
	iret
