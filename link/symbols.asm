; symbols.asm - the table that tools/symtab made, for the kernel's second link
; (lib/symbol.h). TABLE is the name of its file.

section .symbols progbits alloc noexec nowrite align=8
	incbin	TABLE
