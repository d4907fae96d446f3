; interrupt_entry.asm - one entry per vector, all leading to one handler in C.

%include "boot/x86.inc"
%include "kernel/cpu/registers.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

extern interrupt_enter
global interrupt_entries
global interrupt_entries_end
global interrupt_return

%define ENTRY_SIZE 16

; interrupt_entries - where the IDT points: VECTORS entries of the same size
; in:  as the CPU enters a handler (SDM 3A, "64-Bit Mode Stack Frame")
align 16
interrupt_entries:
%assign vector 0
%rep VECTORS
	align	ENTRY_SIZE
%if vector >= EXCEPTIONS || !(EXCEPTION_ERROR_CODES >> vector & 1)
	push	qword 0
%endif
	push	qword vector
	jmp	interrupt_common
%assign vector vector + 1
%endrep
	align	ENTRY_SIZE
interrupt_entries_end:

; The CPU aligned the stack to 16 before its five words; with vector, error
; code and 15 registers it is aligned again for the call.
interrupt_common:
	save_registers
	cld
	mov	rdi, rsp
	call	interrupt_enter
interrupt_return:			; by this a backtrace knows the frame
	restore_registers
	iretq
