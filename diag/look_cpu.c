/*
 * look_cpu.c - which CPU is it? In code that a 386 can run (HW-26).
 */
#include "diag/look.h"
#include "x86/cpuid.h"

#define CPUID_HYPERVISOR 0x40000000
#define HYPERVISOR_BIT 0x80000000 /* of CPUID 1 ECX */

/* EFLAGS with `bits` flipped, as the CPU keeps it; a 386 can do this. */
static uint32_t flags_flip(uint32_t bits)
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
			 : "ri"(bits)
			 : "cc", "memory");
	return before ^ after;
}

static void read_features(struct cpu_facts *cpu)
{
	struct cpuid basic = cpuid_read(1);
	uint32_t ext_max = cpuid_read(CPUID_EXT_MAX).eax;

	cpu->signature = basic.eax;
	cpu->edx = basic.edx;
	cpu->ecx = basic.ecx;
	if (ext_max < CPUID_EXT_FEATURES)
		return; /* an older CPU answers anything */
	cpu->ext_edx = cpuid_read(CPUID_EXT_FEATURES).edx;
	cpuid_brand(cpu->brand);
	if (ext_max >= CPUID_EXT_POWER)
		cpu->invariant_tsc = cpuid_read(CPUID_EXT_POWER).edx &
				     CPUID_EXT7_EDX_TSC;
}

void look_at_cpu(struct cpu_facts *cpu)
{
	struct cpuid names;
	char *to;

	cpu->has_cpuid = flags_flip(EFLAGS_ID) & EFLAGS_ID;
	cpu->is_386 = !(flags_flip(EFLAGS_AC) & EFLAGS_AC);
	if (!cpu->has_cpuid)
		return;
	cpuid_vendor(cpu->vendor);
	read_features(cpu);
	if (!(cpu->ecx & HYPERVISOR_BIT))
		return;
	names = cpuid_read(CPUID_HYPERVISOR);
	to = cpuid_letters(cpu->hypervisor, names.ebx);
	to = cpuid_letters(to, names.ecx);
	cpuid_letters(to, names.edx);
}
