/*
 * machine_check.h - errors that a processor finds in itself, in memory or on
 * the way there (SDM 3B, "Machine-Check Architecture").
 *
 * Banks of registers say what and where, the first ones often the caches, the
 * last ones the memory: which means what differs from model to model. Errors
 * that were corrected, and some that were not but do no harm yet, stay in their
 * banks: the CPU can raise an interrupt for them (CMCI), which is left off. All
 * others raise #MC.
 *
 * Context: any.
 */
#ifndef KERNEL_CPU_MACHINE_CHECK_H
#define KERNEL_CPU_MACHINE_CHECK_H

#include <stddef.h>
#include <stdint.h>

#define MACHINE_CHECK_BANKS 4 /* that are reported; more are left out */

/* SDM 3B, "IA32_MCi_STATUS MSRs" */
#define MC_STATUS_VALID 0x8000000000000000
#define MC_STATUS_ADDRESS 0x400000000000000 /* MCi_ADDR says where */

struct machine_check {
	uint64_t global; /* MCG_STATUS; 0: no check is in progress */
	size_t count;
	struct machine_check_bank {
		unsigned int number;
		uint64_t status;
		uint64_t address; /* if MC_STATUS_ADDRESS is set */
	} banks[MACHINE_CHECK_BANKS];
};

/* Have this processor report machine checks: without CR4.MCE one is a
 * silent reset. Needs an IDT. */
void machine_check_start_cpu(void);

/**
 * machine_check_start - have all errors reported, forget those of the past
 * @signature:	EAX of CPUID 1, whose EDX must list MCA
 *
 * What firmware leaves in the banks is discarded: it may be nonsense (HW-42).
 * CR4.MCE is the caller's to set. Needs an IDT: not every virtual machine has
 * all the registers that it promises.
 */
void machine_check_start(uint32_t signature);

/* Read the banks. Without MCA nothing is found. */
void machine_check_read(struct machine_check *found);

#endif
