; cpu.asm - is this CPU fit for long mode? In code that a 386 can run (HW-26)

%include "stage2/stage2.inc"

global cpu_check, cpu_signature, cpu_edx, cpu_ecx, cpu_ext_edx
extern failure_return

cpu 386
section_text16

; cpu_check - name every feature that is needed and missing
; out:      CF=0   cpu_ecx = CPUID 1 ECX, cpu_ext_edx = CPUID 80000001h EDX
;           CF=1   E_NO_CPUID, E_CPU_FEATURES
; clobbers: eax, ebx, ecx, edx, si, di, flags
cpu_check:
	; A CPU has CPUID if software can flip EFLAGS.ID (SDM 2A, CPUID).
	pushfd
	pop	eax
	mov	ecx, eax
	xor	eax, EFLAGS_ID
	push	eax
	popfd
	pushfd
	pop	eax
	push	ecx
	popfd
	xor	eax, ecx
	test	eax, EFLAGS_ID
	jz	.no_cpuid

	call	cpu_read
	mov	si, needs
	mov	di, missing
.next:
	lodsb				; which bit of the feature words
	movzx	eax, al
	bt	[cpu_edx], eax
	jc	.skip
	mov	al, ' '
	stosb
.copy:
	lodsb
	stosb
	test	al, al
	jnz	.copy
	dec	di
	jmp	.more
.skip:
	lodsb
	test	al, al
	jnz	.skip
.more:
	cmp	si, needs.end
	jne	.next

	cmp	di, missing
	je	.fit
	mov	eax, [cpu_signature]
	mov	ecx, missing
	failure	E_CPU_FEATURES
.no_cpuid:
	failure	E_NO_CPUID
.fit:
	clc
	ret

; cpu_read - fetch the feature words
; clobbers: eax, ebx, ecx, edx, flags
cpu_read:
	cpu	586
	mov	eax, 1
	cpuid
	mov	[cpu_signature], eax
	mov	[cpu_edx], edx
	mov	[cpu_ecx], ecx
	mov	eax, CPUID_EXT_MAX
	cpuid
	cmp	eax, CPUID_EXT_FEATURES
	jb	.done			; an older CPU's answer means nothing
	mov	eax, CPUID_EXT_FEATURES
	cpuid
	mov	[cpu_ext_edx], edx
.done:
	cpu	386
	ret

section_rodata16
%use ifunc
; need WORD, BIT, NAME - bits are counted from cpu_edx on, through all words
%assign needed 0
%assign names_size 0
%macro need 3
	%assign needed needed | (%2)
	%strlen length %3
	%assign names_size names_size + 1 + length
	db	8 * (%1 - cpu_edx) + ilog2e(%2)
	db	%3, 0
%endmacro
needs:	; CPU_NEEDS_EDX says why
	need cpu_edx, CPUID_1_EDX_FPU, "FPU"
	need cpu_edx, CPUID_1_EDX_TSC, "TSC"
	need cpu_edx, CPUID_1_EDX_MSR, "MSR"
	need cpu_edx, CPUID_1_EDX_PAE, "PAE"
	need cpu_edx, CPUID_1_EDX_CX8, "CX8"
	need cpu_edx, CPUID_1_EDX_CMOV, "CMOV"
	need cpu_edx, CPUID_1_EDX_MMX, "MMX"
	need cpu_edx, CPUID_1_EDX_FXSR, "FXSR"
	need cpu_edx, CPUID_1_EDX_SSE, "SSE"
	need cpu_edx, CPUID_1_EDX_SSE2, "SSE2"
	need cpu_ext_edx, CPUID_EXT1_EDX_LM, "long-mode"
.end:
%if needed != (CPU_NEEDS_EDX | CPUID_EXT1_EDX_LM)
%error "the list and CPU_NEEDS_EDX disagree"
%endif

section_bss16
cpu_signature:	resd 1
cpu_edx:	resd 1
cpu_ecx:	resd 1
cpu_ext_edx:	resd 1
missing:	resb names_size + 1	; all names, a blank before each, a NUL
