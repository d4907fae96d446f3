; The frame is written by its names, and read again by them.
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
	or	eax, EFER_SCE
	wrmsr
	ret

door_enter:
	swapgs
	mov	[gs:SAVED_RSP], rsp
	mov	rsp, [gs:TSS_RSP0]
	lea	rsp, [rsp - TRAP_SIZE]
	mov	[rsp + TRAP_RAX], rax
	mov	rax, [gs:SAVED_RSP]
	swapgs
	mov	[rsp + TRAP_RSP], rax
	mov	qword [rsp + TRAP_SS], SEL_USER_DATA
	mov	qword [rsp + TRAP_CS], SEL_USER_CODE
	mov	[rsp + TRAP_RFLAGS], r11
	mov	[rsp + TRAP_RIP], rcx
	mov	qword [rsp + TRAP_ERROR], 0
	mov	qword [rsp + TRAP_VECTOR], CALL_VECTOR
	mov	[rsp + TRAP_RBX], rbx
	mov	[rsp + TRAP_RCX], rcx
	mov	[rsp + TRAP_RDX], rdx
	mov	[rsp + TRAP_RSI], rsi
	mov	[rsp + TRAP_RDI], rdi
	mov	[rsp + TRAP_RBP], rbp
	mov	[rsp + TRAP_R8], r8
	mov	[rsp + TRAP_R9], r9
	mov	[rsp + TRAP_R10], r10
	mov	[rsp + TRAP_R11], r11
	mov	[rsp + TRAP_R12], r12
	mov	[rsp + TRAP_R13], r13
	mov	[rsp + TRAP_R14], r14
	mov	[rsp + TRAP_R15], r15
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
