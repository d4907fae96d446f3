; bios.asm - the diagnostics' one door to the BIOS
;
; As stage 2's: a BIOS changes registers, segments, DF and IF that nobody
; mentions, and leaves CF alone in functions it lacks (HW-13).

%define SAVED_EAX	0		; struct bios_registers, bios.h
%define SAVED_EBX	4
%define SAVED_ECX	8
%define SAVED_EDX	12
%define SAVED_ESI	16
%define SAVED_EDI	20
%define SAVED_ES	24
%define SAVED_FLAGS	26

cpu 386
bits 16
section .text16 progbits alloc exec nowrite align=1
global bios_call
; bios_call - void bios_call(uint8_t vector, struct bios_registers *registers)
; in:       eax    vector;  edx  registers, which the results replace
; clobbers: as C expects: eax, ecx, edx, flags
bios_call:
	pushad
	mov	bp, dx
	push	bp
	movzx	bx, al
	shl	bx, 2
	xor	ax, ax
	mov	fs, ax
	push	dword [fs:bx]		; what to call, see below

	mov	eax, [bp + SAVED_EAX]
	mov	ebx, [bp + SAVED_EBX]
	mov	ecx, [bp + SAVED_ECX]
	mov	edx, [bp + SAVED_EDX]
	mov	esi, [bp + SAVED_ESI]
	mov	edi, [bp + SAVED_EDI]
	mov	es, [bp + SAVED_ES]
	mov	bp, sp
	cmp	bp, bp			; ZF=1: no key, if nobody answers
	sti				; INT 13h may await interrupts (HW-19)
	stc
	pushf				; what the handler's iret brings back
	cli
	call	far [bp]

	movzx	esp, sp			; C wants the upper half to be 0
	pushf
	push	ds
	push	cs
	pop	ds
	mov	[results + SAVED_EAX], eax
	mov	[results + SAVED_EBX], ebx
	mov	[results + SAVED_ECX], ecx
	mov	[results + SAVED_EDX], edx
	mov	[results + SAVED_ESI], esi
	mov	[results + SAVED_EDI], edi
	mov	[results + SAVED_ES], es
	pop	ax			; its DS, which nobody wants
	pop	word [results + SAVED_FLAGS]
	add	sp, 4
	sti
	cld
	push	ds
	pop	es
	pop	di			; the caller's structure
	mov	si, results
	mov	cx, RESULTS_SIZE
	rep	movsb
	popad
	retd				; C code with -m16 calls with 32 bits

section .bss nobits alloc noexec write align=4
results:	resb 28
RESULTS_SIZE	equ $ - results
