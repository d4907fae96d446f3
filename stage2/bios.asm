; bios.asm - the one routine that calls the BIOS
;
; Real BIOSes change registers, segments, DF and IF that their documentation
; does not mention, and leave CF alone in functions they lack (HW-13).

%include "stage2/stage2.inc"

global bios_call

cpu 386
section_text16

; bios_call - do an INT as the `bios` macro says
; in:       stack  word: 4 * vector (removed)
;           rest   as the function wants it; not bp
; out:      as the function; CF=1, too, if the BIOS lacks it
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs: count on none of them
bios_call:
	push	ebp
	mov	bp, sp
	mov	bp, [bp + 6]		; past ebp and the return address
	sti				; INT 13h may await interrupts (HW-19)
	stc
	pushf				; what the handler's iret brings back
	cli
	call	far [bp]		; through the vector table at 0:0
.answered:
	mov	bp, 0			; keeps CF
	mov	ds, bp
	mov	es, bp
	sti
	cld
	pop	ebp
	ret	2
