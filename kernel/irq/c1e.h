/*
 * c1e.h - the sleep in which AMD's local APIC timer stands still.
 *
 * HLT is state C1, in which a local APIC counts on: its timer may only stop in
 * deeper states, which nobody asks for here (SDM 3A, "APIC Timer"). But
 * firmware may have a K8 or K10 enter C1E once all its cores have halted, and
 * there the timer stops (HW-43; AMD publications 32559 and 31116,
 * MSRC001_0055).
 */
#ifndef KERNEL_IRQ_C1E_H
#define KERNEL_IRQ_C1E_H

#include <stdint.h>

/**
 * c1e_switch_off - make HLT nothing but HLT
 * @vendor:	cpuid_vendor()
 * @signature:	EAX of CPUID 1
 *
 * Does nothing on other processors. Needs an IDT: the register may be missing.
 */
void c1e_switch_off(const char *vendor, uint32_t signature);

#endif
