; failure.asm - how 16-bit routines fail: CF=1, a code, and its numbers

%include "stage2/stage2.inc"

global failure_return, error_numbers

cpu 386
section_text16

; failure_return - the end of a routine that failed, by the `failure` macro
; in:       stack  word: E_* code (removed)
;           eax, ecx, edx  numbers; those without a '%' in the text are ignored
; out:      CF=1   ah = code, error_numbers
; clobbers: ax, flags
failure_return:
	mov	[error_numbers], eax
	mov	[error_numbers + 4], ecx
	mov	[error_numbers + 8], edx
	pop	ax
	mov	ah, al
	stc
	ret

section_bss16
error_numbers:	resd ERROR_NUMBERS
