; fake_error.asm - what error.asm has, where that one is not linked

%include "stage2/stage2.inc"

global error_numbers

section_bss16
error_numbers:	resd ERROR_NUMBERS
