/*
 * show_cpu.c - the CPU in words, and whether it will do.
 */
#include "diag/page.h"
#include "diag/show.h"
#include "x86/cpuid.h"

#define NEED_OR(name) | CPUID_1_EDX_##name
_Static_assert((0 CODE_NEEDS(NEED_OR)) == CPU_NEEDS_EDX,
	       "the list is stage 2's");

#define NEED_BIT(name) { cpu->edx, CPUID_1_EDX_##name },

uint32_t cpu_lacks(const struct cpu_facts *cpu)
{
	const uint32_t needs[][2] = {
		CODE_NEEDS(NEED_BIT){ cpu->ext_edx, CPUID_EXT1_EDX_LM },
	};
	uint32_t lacks = 0;

	for (unsigned int i = 0; code_feature(i); i++)
		if (!(needs[i][0] & needs[i][1]))
			lacks |= 1u << i;
	return lacks;
}

uint32_t cpu_offers(const struct cpu_facts *cpu)
{
	return (cpu->ext_edx & CPUID_EXT1_EDX_NX ? CPU_NX : 0) |
	       (cpu->ext_edx & CPUID_EXT1_EDX_1G ? CPU_PAGES_1G : 0) |
	       (cpu->ecx & CPUID_1_ECX_SSE42 ? CPU_SSE42 : 0) |
	       (cpu->invariant_tsc ? CPU_INVARIANT_TSC : 0);
}

static void show_signature(uint32_t signature)
{
	page_row("Signature", "%08X: family %u, model %u, stepping %u",
		 signature, cpuid_family(signature), cpuid_model(signature),
		 signature & 15);
}

static char *add(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	*to = '\0';
	return to;
}

static void show_needs(uint32_t lacks)
{
	char has[64] = "", missing[64] = "", *to_has = has;
	char *to_missing = missing;

	for (unsigned int i = 0; code_feature(i); i++) {
		char **to = lacks >> i & 1 ? &to_missing : &to_has;

		*to = add(add(*to, " "), code_feature(i));
	}
	page_row("Needed", "%s", has[0] ? has + 1 : "nothing of it is there");
	if (lacks)
		page_warn("Missing", "%s", missing + 1);
	else
		page_row("Missing", "nothing");
	if (lacks)
		page_warn("64-bit kernel", "this CPU can't run one");
	else
		page_row("64-bit kernel", "will run");
}

void show_cpu(const struct cpu_facts *cpu)
{
	uint32_t offers = cpu_offers(cpu);

	page_begin("the CPU");
	if (!cpu->has_cpuid) {
		page_warn("CPUID", "none: %s, a 64-bit CPU is needed",
			  cpu->is_386 ? "a 386" : "a 486 or a CPU of its time");
		page_end();
		return;
	}
	page_row("Vendor", "%s", cpu->vendor);
	if (cpu->brand[0])
		page_row("Name", "%s", cpu->brand);
	show_signature(cpu->signature);
	if (cpu->hypervisor[0])
		page_row("Hypervisor", "%s", cpu->hypervisor);
	page_gap();
	show_needs(cpu_lacks(cpu));
	page_gap();
	page_row("No-execute", "%s", offers & CPU_NX ? "yes" : "no");
	page_row("1 GiB pages", "%s", offers & CPU_PAGES_1G ? "yes" : "no");
	page_row("SSE4.2", "%s", offers & CPU_SSE42 ? "yes" : "no");
	page_row("Steady TSC", "%s", offers & CPU_INVARIANT_TSC ? "yes" : "no");
	page_gap();
	page_row("CPUID 1", "EDX %08X, ECX %08X", cpu->edx, cpu->ecx);
	page_row("CPUID 80000001", "EDX %08X", cpu->ext_edx);
	page_end();
}
