/*
 * cpu.h - instructions that C does not have: registers, interrupts, sleep.
 *
 * Any context.
 */
#ifndef KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/x86.h"

static inline uint64_t cpu_flags(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags) : : "memory");
	return flags;
}

/* Also keeps the compiler from moving memory accesses across. */
static inline void cpu_interrupts_off(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline void cpu_interrupts_on(void)
{
	__asm__ volatile("sti" : : : "memory");
}

/* Interrupts off, until cpu_release() makes them as they were. */
static inline uint64_t cpu_hold(void)
{
	uint64_t flags = cpu_flags();

	cpu_interrupts_off();
	return flags;
}

static inline void cpu_release(const uint64_t *flags)
{
	if (*flags & EFLAGS_IF)
		cpu_interrupts_on();
}

/* Wait for the next interrupt; with interrupts off: for an NMI or a machine
 * check. After an SMI the CPU goes on waiting. SDM 2A, HLT. */
static inline void cpu_halt(void)
{
	__asm__ volatile("hlt" : : : "memory");
}

/* With interrupts off: switch them on and wait for one. STI lets none in before
 * the next instruction has been executed (SDM 2B, STI): the CPU is in HLT when
 * the first one comes, which ends it. */
static inline void cpu_sleep(void)
{
	__asm__ volatile("sti; hlt" : : : "memory");
}

/* In a loop that waits for another processor. SDM 2B, PAUSE. */
static inline void cpu_pause(void)
{
	__asm__ volatile("pause" : : : "memory");
}

/* The end: nothing runs on this processor any more. */
_Noreturn static inline void cpu_stop(void)
{
	for (;;) {
		cpu_interrupts_off();
		cpu_halt();
	}
}

static inline uint64_t cpu_read_msr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void cpu_write_msr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((uint32_t)value),
			   "d"((uint32_t)(value >> 32))
			 : "memory");
}

/* Forget what this processor's TLB holds of a page. */
static inline void cpu_invlpg(uint64_t page)
{
	__asm__ volatile("invlpg (%0)" : : "r"(page) : "memory");
}

#define CPU_REGISTER_READER(type, name)                                \
	static inline type cpu_##name(void)                            \
	{                                                              \
		type value;                                            \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value)); \
		return value;                                          \
	}

/* Also keeps the compiler from moving memory accesses across. */
#define CPU_REGISTER_WRITER(name)                                       \
	static inline void cpu_write_##name(uint64_t value)             \
	{                                                               \
		__asm__ volatile("mov %0, %%" #name                     \
				 :                                      \
				 : "r"(value)                           \
				 : "memory");                           \
	}

CPU_REGISTER_READER(uint64_t, cr0)
CPU_REGISTER_READER(uint64_t, cr2)
CPU_REGISTER_READER(uint64_t, cr3)
CPU_REGISTER_READER(uint64_t, cr4)
CPU_REGISTER_READER(uint64_t, dr6)
CPU_REGISTER_WRITER(cr0)
CPU_REGISTER_WRITER(cr2)
CPU_REGISTER_WRITER(cr3)
CPU_REGISTER_WRITER(cr4)
CPU_REGISTER_WRITER(cr8)
CPU_REGISTER_READER(uint16_t, cs)
CPU_REGISTER_READER(uint16_t, ss)

/* ---- Away from the pages of ring 3 --------------------------------------- */

/*
 * Where the CPU has it (SDM 3A, "Control Registers"):
 *
 *	SMEP	the kernel can't execute their pages;
 *	SMAP	it reads and writes them only between cpu_user_access_begin()
 *		and cpu_user_access_end();
 *	UMIP	ring 3 can't ask where GDT, IDT and TSS are.
 */
#define CPU_PROTECTIONS (CR4_SMEP | CR4_SMAP | CR4_UMIP)

/* Bits of CR4 that are switched on: those that the CPU has. */
extern uint64_t cpu_protections;

/* Ask the CPU, and switch them on, on this processor. */
void cpu_protect_start_cpu(void);

static inline bool cpu_has_smap(void)
{
	return cpu_protections & CR4_SMAP;
}

/* AC lets the kernel reach ring 3's pages. Every interrupt clears it, and
 * restores it when it returns. Only where there is SMAP. */
static inline void cpu_user_access_begin(void)
{
	__asm__ volatile("stac" : : : "memory");
}

static inline void cpu_user_access_end(void)
{
	__asm__ volatile("clac" : : : "memory");
}

#endif
