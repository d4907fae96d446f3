#include "kernel/cpu/machine_check.h"

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/probe.h"
#include "x86/cpuid.h"

/* SDM 3B, "Machine-Check MSRs" */
#define MSR_MCG_CAP 0x179
#define MSR_MCG_STATUS 0x17A
#define MSR_MCG_CTL 0x17B
#define MSR_MC0_CTL 0x400
#define MSR_MC0_STATUS 0x401
#define MSR_MC0_ADDR 0x402
#define MSRS_OF_A_BANK 4

#define CAP_BANKS 0xFF
#define BANKS_MAX 32 /* behind them lie the registers of VMX (HW-46) */
#define CAP_CTL 0x100 /* there is an MCG_CTL */

#define ALL UINT64_MAX

static uint32_t mc_msr(uint32_t msr, unsigned int bank)
{
	return msr + MSRS_OF_A_BANK * bank;
}

static uint64_t mc_read(uint32_t msr)
{
	uint64_t value = 0;

	probe_read_msr(msr, &value);
	return value;
}

static unsigned int mc_banks(uint64_t cap)
{
	unsigned int banks = cap & CAP_BANKS;

	return banks < BANKS_MAX ? banks : BANKS_MAX;
}

/* In older models bank 0 is the firmware's (SDM 3B, "IA32_MCi_CTL MSRs"). */
static unsigned int mc_first_bank(uint32_t signature)
{
	return cpuid_family(signature) == 6 && cpuid_model(signature) < 0x1A;
}

/* SDM 3B, "Machine-Check Initialization". A check that finds MCG_STATUS in use
 * resets the machine. */
void machine_check_start(uint32_t signature)
{
	uint64_t cap = mc_read(MSR_MCG_CAP);

	if (cap & CAP_CTL)
		probe_write_msr(MSR_MCG_CTL, ALL);
	for (unsigned int i = 0; i < mc_banks(cap); i++) {
		if (i >= mc_first_bank(signature))
			probe_write_msr(mc_msr(MSR_MC0_CTL, i), ALL);
		probe_write_msr(mc_msr(MSR_MC0_STATUS, i), 0);
	}
	probe_write_msr(MSR_MCG_STATUS, 0);
}

void machine_check_start_cpu(void)
{
	struct cpuid id = cpuid_read(1);

	if (id.edx & CPUID_1_EDX_MCA)
		machine_check_start(id.eax);
	if (id.edx & CPUID_1_EDX_MCE)
		cpu_write_cr4(cpu_cr4() | CR4_MCE);
}

void machine_check_read(struct machine_check *found)
{
	unsigned int banks = mc_banks(mc_read(MSR_MCG_CAP));

	*found = (struct machine_check){ .global = mc_read(MSR_MCG_STATUS) };
	for (unsigned int i = 0; i < banks; i++) {
		uint64_t status = mc_read(mc_msr(MSR_MC0_STATUS, i));
		struct machine_check_bank *bank = &found->banks[found->count];

		if (!(status & MC_STATUS_VALID))
			continue;
		*bank = (struct machine_check_bank){ i, status, 0 };
		if (status & MC_STATUS_ADDRESS)
			bank->address = mc_read(mc_msr(MSR_MC0_ADDR, i));
		if (++found->count == MACHINE_CHECK_BANKS)
			return;
	}
}
