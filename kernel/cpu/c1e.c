#include "kernel/cpu/c1e.h"

#include <stdbool.h>

#include "kernel/cpu/probe.h"
#include "string.h"

#define MSR_INTERRUPT_PENDING 0xC0010055
#define SMI_ON_HALT 0x8000000
#define C1E_ON_HALT 0x10000000

/* SDM 2A, CPUID, figure 3-6: families from 15 on are a sum. */
#define BASE_FAMILY(signature) ((signature) >> 8 & 0xF)
#define EXTENDED_FAMILY(signature) ((signature) >> 20 & 0xFF)

static bool is_k8_or_k10(const struct cpuid *vendor, uint32_t signature)
{
	const uint32_t name[3] = { vendor->ebx, vendor->edx, vendor->ecx };

	return memcmp(name, "AuthenticAMD", sizeof(name)) == 0 &&
	       BASE_FAMILY(signature) == 15 && EXTENDED_FAMILY(signature) <= 1;
}

void c1e_switch_off(const struct cpuid *vendor, uint32_t signature)
{
	const uint64_t c1e = SMI_ON_HALT | C1E_ON_HALT;
	uint64_t value;

	if (is_k8_or_k10(vendor, signature) &&
	    probe_read_msr(MSR_INTERRUPT_PENDING, &value) && value & c1e)
		probe_write_msr(MSR_INTERRUPT_PENDING, value & ~c1e);
}
