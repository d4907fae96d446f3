; door.asm - from the diagnostics into stage 2's routines, and back
;
; Stage 2 expects to run in segment 0, with all segments 0 and on its own
; stack. Its routines end in a near return: that goes to far_return in stage 2,
; and a far return from there back here.

%define SAVED_EAX	0		; struct registers, door.h
%define SAVED_EBX	4
%define SAVED_ECX	8
%define SAVED_EDX	12
%define SAVED_ESI	16
%define SAVED_EDI	20
%define SAVED_DS	24
%define SAVED_ES	26
%define SAVED_FLAGS	28
%define REGISTERS_SIZE	32

extern stage2_far_return		; of stage 2, see the Makefile
extern stage2_stack

cpu 386
bits 16
section .text16 progbits alloc exec nowrite align=1
global door_call
; door_call - void door_call(stage2_routine routine, uint32_t word,
;                            struct registers *registers)
; in:       eax    routine;  ecx  registers, which the results replace
;           edx    what bios_call wants on the stack; 0: nothing
; clobbers: as C expects: eax, ecx, edx, flags
door_call:
	pushad
	mov	[registers], cx
	mov	[own_stack], sp
	mov	[own_stack + 2], ss
	lss	sp, [stage2_stack]
	push	cs			; for far_return
	push	word .back
	test	dx, dx
	jz	.no_word
	push	dx
.no_word:
	push	word stage2_far_return
	push	word 0			; for the retf below
	push	ax

	mov	bx, cx
	mov	eax, [bx + SAVED_EAX]
	mov	ecx, [bx + SAVED_ECX]
	mov	edx, [bx + SAVED_EDX]
	mov	esi, [bx + SAVED_ESI]
	mov	edi, [bx + SAVED_EDI]
	mov	es, [bx + SAVED_ES]
	push	word [bx + SAVED_DS]
	mov	ebx, [bx + SAVED_EBX]
	pop	ds
	retf

.back:
	pushf
	push	cs
	pop	ds
	mov	[results + SAVED_EAX], eax
	mov	[results + SAVED_EBX], ebx
	mov	[results + SAVED_ECX], ecx
	mov	[results + SAVED_EDX], edx
	mov	[results + SAVED_ESI], esi
	mov	[results + SAVED_EDI], edi
	pop	word [results + SAVED_FLAGS]
	lss	sp, [own_stack]
	movzx	esp, sp			; C wants the upper half to be 0
	push	ds
	pop	es
	mov	di, [registers]		; the caller's
	mov	si, results
	mov	cx, REGISTERS_SIZE
	rep	movsb
	popad
	retd				; C code with -m16 calls with 32 bits

section .bss nobits alloc noexec write align=4
results:	resb REGISTERS_SIZE
own_stack:	resw 2
registers:	resw 1
