; no_kernel.asm - mkimage wants one; no test program gets as far as loading it
section .text
global _start
_start:
	ud2
