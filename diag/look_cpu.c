/*
 * look_cpu.c - which CPU is it? In code that a 386 can run (HW-26).
 */
#include "boot/errors.h"
#include "diag/door.h"
#include "diag/look.h"
#include "x86/cpuid.h"

#define CPUID_HYPERVISOR 0x40000000
#define HYPERVISOR_BIT 0x80000000 /* of CPUID 1 ECX */

extern stage2_routine stage2_cpu_check;
extern stage2_variable stage2_cpu_signature, stage2_cpu_edx, stage2_cpu_ecx;
extern stage2_variable stage2_cpu_ext_edx;

/* A 386 keeps EFLAGS.AC 0, every later CPU can flip it. */
static bool is_386(void)
{
	uint32_t before, after;

	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1\n\t"
			 "pushl %0\n\t"
			 "popfl"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFLAGS_AC)
			 : "cc", "memory");
	return !((before ^ after) & EFLAGS_AC);
}

/* As stage 2 finds them. */
static void read_features(struct cpu_facts *cpu)
{
	struct registers check = { 0 };

	door_call(stage2_cpu_check, 0, &check);
	cpu->has_cpuid = !(check.flags & EFLAGS_CF) ||
			 (uint8_t)(check.eax >> 8) != E_NO_CPUID;
	cpu->signature = stage2_dword(stage2_cpu_signature);
	cpu->edx = stage2_dword(stage2_cpu_edx);
	cpu->ecx = stage2_dword(stage2_cpu_ecx);
	cpu->ext_edx = stage2_dword(stage2_cpu_ext_edx);
}

static void read_hypervisor(struct cpu_facts *cpu)
{
	struct cpuid names = cpuid_read(CPUID_HYPERVISOR);
	char *to = cpuid_letters(cpu->hypervisor, names.ebx);

	to = cpuid_letters(to, names.ecx);
	cpuid_letters(to, names.edx);
}

void look_at_cpu(struct cpu_facts *cpu)
{
	cpu->is_386 = is_386();
	read_features(cpu);
	if (!cpu->has_cpuid)
		return;
	cpuid_vendor(cpu->vendor);
	cpuid_brand(cpu->brand);
	if (cpuid_read(CPUID_EXT_MAX).eax >= CPUID_EXT_POWER)
		cpu->invariant_tsc = cpuid_read(CPUID_EXT_POWER).edx &
				     CPUID_EXT7_EDX_TSC;
	if (cpu->ecx & HYPERVISOR_BIT)
		read_hypervisor(cpu);
}
