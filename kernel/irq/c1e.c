#include "kernel/irq/controllers.h"

#include <stdbool.h>

#include "kernel/cpu/probe.h"
#include "string.h"
#include "x86/cpuid.h"

#define MSR_INTERRUPT_PENDING 0xC0010055
#define SMI_ON_HALT 0x8000000
#define C1E_ON_HALT 0x10000000

#define K8 0x0F /* families */
#define K10 0x10

static bool is_k8_or_k10(const char *vendor, uint32_t signature)
{
	uint32_t family = cpuid_family(signature);

	return strcmp(vendor, "AuthenticAMD") == 0 &&
	       (family == K8 || family == K10);
}

void c1e_switch_off(const char *vendor, uint32_t signature)
{
	const uint64_t c1e = SMI_ON_HALT | C1E_ON_HALT;
	uint64_t value;

	if (is_k8_or_k10(vendor, signature) &&
	    probe_read_msr(MSR_INTERRUPT_PENDING, &value) && value & c1e)
		probe_write_msr(MSR_INTERRUPT_PENDING, value & ~c1e);
}
