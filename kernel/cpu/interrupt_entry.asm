; interrupt_entry.asm - where a struct trap_frame (trap.h) is made: by
; interrupts and exceptions, one entry per vector, all leading to one handler in
; C; and by a call of panic(), so that no register is lost.

%include "boot/x86.inc"
%include "kernel/cpu/trap.inc"
%include "user/calls.inc"

bits 64
default rel

extern interrupt_enter, interrupt_call_handler, panic_enter
global interrupt_entries
global interrupt_entries_end
global interrupt_return
global interrupt_call
global interrupt_go_on
global panic_at

; ---- The frame's lower part: all general registers, below the vector --------

; each_register OPERATION: once for every register, with its place
%macro each_register 1
	%1	rdi, TRAP_RDI
	%1	rsi, TRAP_RSI
	%1	rdx, TRAP_RDX
	%1	rcx, TRAP_RCX
	%1	r8, TRAP_R8
	%1	r9, TRAP_R9
	%1	rax, TRAP_RAX
	%1	rbx, TRAP_RBX
	%1	rbp, TRAP_RBP
	%1	r10, TRAP_R10
	%1	r11, TRAP_R11
	%1	r12, TRAP_R12
	%1	r13, TRAP_R13
	%1	r14, TRAP_R14
	%1	r15, TRAP_R15
%endmacro

%macro save_register 2
	mov	[rsp + %2], %1
%endmacro

%macro restore_register 2
	mov	%1, [rsp + %2]
%endmacro

; save_registers - in: rsp at the vector; out: rsp at the frame
%macro save_registers 0
	lea	rsp, [rsp - TRAP_VECTOR]	; leaves the flags alone
	each_register save_register
%endmacro

; restore_registers - in: rsp at the frame; out: rsp at what the CPU pushed
%macro restore_registers 0
	each_register restore_register
	lea	rsp, [rsp + TRAP_RIP]
%endmacro

; ---- Interrupts and exceptions ----------------------------------------------

section .text progbits alloc exec nowrite align=16

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

; ---- Calls of programs ------------------------------------------------------

; interrupt_call - INT CALL_VECTOR, once programs may run. From ring 3 it is no
; interrupt but a call: interrupt_enter(), which is for what comes unasked, has
; no part in it.
; in:  as the CPU enters a handler
interrupt_call:
	test	byte [rsp + TRAP_CS - TRAP_RIP], 3
	jz	interrupt_entries + CALL_VECTOR * ENTRY_SIZE
	push	qword 0
	push	qword CALL_VECTOR
	save_registers
	cld
	mov	rdi, rsp
	push	qword interrupt_return
	jmp	[interrupt_call_handler]

; interrupt_go_on - go on as if an interrupt had come there: the first way to
; ring 3
; in:  rdi  struct trap_frame; interrupts are off
; out: does not return; all registers are those of the frame
interrupt_go_on:
	mov	rsp, rdi
	jmp	interrupt_return

; ---- panic() ----------------------------------------------------------------

section .panic_entry progbits alloc exec nowrite align=16

%define RETURN_ADDRESS_SIZE 8

; A va_list's first fields when two of six register arguments are named and
; no SSE register was saved (System V AMD64, "Variable Argument Lists").
%define GP_OFFSET (2 * 8)
%define FP_OFFSET (6 * 8)

; panic_at - make a struct trap_frame of what the caller had, and a va_list
; in:   rdi  place
;       rsi  format, then its arguments, as in C
; out:  does not return
panic_at:
	push	qword 0			; ss, left to panic_enter()
	push	qword 0			; rsp, likewise
	pushfq
	cli
	push	qword 0			; cs, likewise
	push	qword [rsp + 4 * 8]	; rip: our return address
	push	qword 0			; error code
	push	qword TRAP_NONE
	save_registers
	cld

	; The frame begins with the register arguments: it serves as the
	; register save area. Those on the stack follow the return address.
	mov	rdi, rsp
	lea	rax, [rsp + TRAP_SIZE + RETURN_ADDRESS_SIZE]
	push	rdi
	push	rax
	mov	rax, FP_OFFSET << 32 | GP_OFFSET
	push	rax

	mov	rdx, rsi		; format
	mov	rsi, [rdi]		; place
	mov	rcx, rsp		; va_list
	call	panic_enter
