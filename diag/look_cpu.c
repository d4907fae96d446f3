/*
 * look_cpu.c - which CPU is it? In code that a 386 can run (HW-26).
 */
#include "diag/look.h"
#include "x86/cpuid.h"

#define CPUID_BRAND 0x80000002 /* SDM 2A, CPUID: and the next two */
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

static char *add_word(char *to, uint32_t word)
{
	for (int i = 0; i < 4; i++, word >>= 8)
		*to++ = (char)word;
	return to;
}

/* Intel fills the name up with blanks at its left. */
static void move_left(char *text)
{
	const char *from = text;

	while (*from == ' ')
		from++;
	while ((*text++ = *from++))
		;
}

static void read_names(struct cpu_facts *cpu, uint32_t ext_max)
{
	char *to = cpu->brand;

	if (ext_max < CPUID_BRAND + 2)
		return;
	for (uint32_t leaf = CPUID_BRAND; leaf < CPUID_BRAND + 3; leaf++) {
		struct cpuid part = cpuid_read(leaf);

		to = add_word(to, part.eax);
		to = add_word(to, part.ebx);
		to = add_word(to, part.ecx);
		to = add_word(to, part.edx);
	}
	move_left(cpu->brand);
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
	read_names(cpu, ext_max);
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
	names = cpuid_read(0);
	to = add_word(cpu->vendor, names.ebx);
	to = add_word(to, names.edx);
	add_word(to, names.ecx);
	read_features(cpu);
	if (!(cpu->ecx & HYPERVISOR_BIT))
		return;
	names = cpuid_read(CPUID_HYPERVISOR);
	to = add_word(cpu->hypervisor, names.ebx);
	to = add_word(to, names.ecx);
	add_word(to, names.edx);
}
