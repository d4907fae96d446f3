; trap_entry.asm - one entry per exception, all leading to trap_handle().

%include "boot/x86.inc"
%include "kernel/cpu/trap.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

extern trap_handle
global trap_entries
global trap_entries_end

%define ENTRY_SIZE 16

; trap_entries - where the IDT points: EXCEPTIONS entries of the same size
; in:  as the CPU enters an exception handler (SDM 3A, 6.14)
align 16
trap_entries:
%assign vector 0
%rep EXCEPTIONS
	align	ENTRY_SIZE
%if !(EXCEPTION_ERROR_CODES >> vector & 1)
	push	qword 0
%endif
	push	qword vector
	jmp	trap_common
%assign vector vector + 1
%endrep
	align	ENTRY_SIZE
trap_entries_end:

; The CPU aligned the stack to 16 before its five words; with vector, error
; code and 15 registers it is aligned again for the call.
trap_common:
	push_registers
	cld
	mov	rdi, rsp
	call	trap_handle
	pop_registers
	add	rsp, 16			; vector and error code
	iretq
