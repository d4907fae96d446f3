; test_cpu.asm - cpu_check on CPUs that lack this and that

%include "tests/realmode/realmode.inc"

global tests, fake_reset
global fake_in, fake_out, fake_cpuid, fake_pushfd
extern cpu_check, cpu_ext_edx

%define SIGNATURE	0x000006F1
%define ALL		0xFFFFFFFF

; lacks BIT, NAME, VARIABLE - one missing feature
%macro lacks 3
	case	"cpu: lacks ", %2
	and	dword [%3], ~(%1) & 0xFFFFFFFF
	run	cpu_check
	fails	E_CPU_FEATURES
	same	"signature", [error_numbers], SIGNATURE
	named	" ", %2
	done
%endmacro
; named TEXT - what error_numbers[1] says
%macro named 1+
	mov	si, [error_numbers + 4]
	call	log_text
	logged	%1
%endmacro

cpu 386
section_text16

tests:
	case	"cpu: has everything"
	run	cpu_check
	succeeds
	same	"cpu_ext_edx", [cpu_ext_edx], ALL
	done

	case	"cpu: has just what is needed"
	mov	dword [leaf_1_edx], CPU_NEEDS_EDX
	mov	dword [ext_1_edx], CPUID_EXT1_EDX_LM
	run	cpu_check
	succeeds
	same	"cpu_ext_edx", [cpu_ext_edx], CPUID_EXT1_EDX_LM
	done

	lacks	CPUID_1_EDX_FPU, "FPU", leaf_1_edx
	lacks	CPUID_1_EDX_TSC, "TSC", leaf_1_edx
	lacks	CPUID_1_EDX_MSR, "MSR", leaf_1_edx
	lacks	CPUID_1_EDX_PAE, "PAE", leaf_1_edx
	lacks	CPUID_1_EDX_CX8, "CX8", leaf_1_edx
	lacks	CPUID_1_EDX_CMOV, "CMOV", leaf_1_edx
	lacks	CPUID_1_EDX_MMX, "MMX", leaf_1_edx
	lacks	CPUID_1_EDX_FXSR, "FXSR", leaf_1_edx
	lacks	CPUID_1_EDX_SSE, "SSE", leaf_1_edx
	lacks	CPUID_1_EDX_SSE2, "SSE2", leaf_1_edx
	lacks	CPUID_EXT1_EDX_LM, "long-mode", ext_1_edx

	case	"cpu: lacks everything, all of it named"
	mov	dword [leaf_1_edx], 0
	mov	dword [ext_1_edx], 0
	run	cpu_check
	fails	E_CPU_FEATURES
	named	" FPU TSC MSR PAE CX8 CMOV MMX FXSR SSE SSE2 long-mode"
	done

	case	"cpu: no extended leaves, whatever they answer"
	mov	dword [ext_max], CPUID_EXT_FEATURES - 1
	run	cpu_check
	fails	E_CPU_FEATURES
	named	" long-mode"
	done

	case	"cpu: extended leaves answered as leaf 1 of old"
	mov	dword [ext_max], 3
	run	cpu_check
	fails	E_CPU_FEATURES
	named	" long-mode"
	done

	case	"cpu: no CPUID, and it is not tried"
	mov	byte [has_cpuid], 0
	run	cpu_check
	fails	E_NO_CPUID
	logged	""
	done
	ret

fake_reset:
	mov	dword [leaf_1_edx], ALL
	mov	dword [ext_1_edx], ALL
	mov	dword [ext_max], CPUID_EXT_FEATURES
	mov	byte [has_cpuid], 1
	ret

fake_cpuid:
	cmp	byte [has_cpuid], 0
	jne	.there
	push	ax
	mov	al, '!'
	call	log_char
	pop	ax
.there:
	mov	ebx, 0xBAD000B0
	mov	ecx, 0xBAD000C0
	cmp	eax, 1
	je	.leaf_1
	cmp	eax, CPUID_EXT_MAX
	je	.ext_max
	mov	eax, 0xBAD000A0
	mov	edx, [ext_1_edx]
	ret
.leaf_1:
	mov	eax, SIGNATURE
	mov	edx, [leaf_1_edx]
	ret
.ext_max:
	mov	eax, [ext_max]
	mov	edx, 0xBAD000D0
	ret

; fake_pushfd - behind a pushfd: a CPU without CPUID keeps EFLAGS.ID 0
fake_pushfd:
	push	bp
	pushf
	mov	bp, sp
	cmp	byte [has_cpuid], 0
	jne	.done
	and	dword [bp + 6], ~EFLAGS_ID & 0xFFFFFFFF
.done:
	popf
	pop	bp
	ret

fake_in:	; no ports are touched here
fake_out:
	jmp	test_hung

section_harness
leaf_1_edx:	resd 1
ext_1_edx:	resd 1
ext_max:	resd 1
has_cpuid:	resb 1
