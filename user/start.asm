; start.asm - where a program begins.

%include "user/calls.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global _start
extern main

; _start - int main(int count, char **words), then CALL_EXIT with its result
; in:  rdi  how many words there are, the program's name first
;      rsi  their addresses, then a 0
;      rsp  16 bytes aligned; all other registers are 0
_start:
	call	main
	movsxd	rdi, eax
	mov	eax, CALL_EXIT
	int	CALL_VECTOR
	ud2
