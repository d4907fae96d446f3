; says: from now on SYSCALL leads to door_enter there
; EFER.SCE is 0: SYSCALL is #UD.
%include "boot/x86.inc"
%include "kernel/cpu/gdt.inc"
%include "kernel/cpu/trap.inc"
%include "user/calls.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global door_start, door_enter
%define MSR_STAR	0xC0000081
%define MSR_LSTAR	0xC0000082
%define MSR_SFMASK	0xC0000084
%define MSR_KERNEL_GS	0xC0000102
%define EFER_SCE	1
; IF, DF, TF, NT, AC
%define MASK		(0x200 | 0x400 | 0x100 | 0x4000 | 0x40000)
%define SAVED_RSP	(TSS_RSP0 + 8)

extern interrupt_call_handler, interrupt_return, door_refuse

; write_msr NUMBER: rax to it
%macro write_msr 1
	mov	rdx, rax
	shr	rdx, 32
	mov	ecx, %1
	wrmsr
%endmacro

door_start:
	mov	rax, rdi
	write_msr MSR_KERNEL_GS
	mov	rax, (SEL_USER_DATA - 8) << 48 | SEL_CODE << 32
	write_msr MSR_STAR
	lea	rax, [door_enter]
	write_msr MSR_LSTAR
	mov	eax, MASK
	write_msr MSR_SFMASK
	mov	ecx, MSR_EFER
	rdmsr
	wrmsr
	ret

door_enter:
	swapgs
	mov	[gs:SAVED_RSP], rsp
	mov	rsp, [gs:TSS_RSP0]
	push	qword SEL_USER_DATA
	push	qword [gs:SAVED_RSP]
	swapgs
	push	r11
	push	qword SEL_USER_CODE
	push	rcx
	push	qword 0
	push	qword CALL_VECTOR
	push	r15
	push	r14
	push	r13
	push	r12
	push	r11
	push	r10
	push	rbp
	push	rbx
	push	rax
	push	r9
	push	r8
	push	rcx
	push	rdx
	push	rsi
	push	rdi
	mov	rdi, rsp
	call	[interrupt_call_handler]
	mov	rcx, [rsp + TRAP_RIP]
	mov	rax, rcx
	shl	rax, 16
	sar	rax, 16
	cmp	rax, rcx
	jne	.refuse
	pop	rdi
	pop	rsi
	pop	rdx
	pop	rax			; RCX
	pop	r8
	pop	r9
	pop	rax
	pop	rbx
	pop	rbp
	pop	r10
	pop	r11
	pop	r12
	pop	r13
	pop	r14
	pop	r15
	mov	r11, [rsp + TRAP_RFLAGS - TRAP_VECTOR]
	mov	rsp, [rsp + TRAP_RSP - TRAP_VECTOR]
	o64 sysret
.refuse:
	mov	rdi, rsp
	call	door_refuse
	ud2
