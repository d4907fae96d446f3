; entry.asm - the kernel's entry: onto a stack of its own, which has a guard.

%include "kernel/cpu/stack.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

extern kernel_main, stacks
global _start

; _start - the loader calls this (docs/boot-protocol.md)
; in:  rdi  struct boot_info *
; out: does not return
_start:
	lea	rsp, [stacks + STACK_SIZE]
	xor	ebp, ebp		; the end of every backtrace
	call	kernel_main
