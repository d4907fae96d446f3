/*
 * fake_time.h - in front of a file of kernel/time/, it takes the place of
 * x86/tsc.h, x86/cpuid.h, kernel/cpu/cpu.h and cpus.h: the test is the
 * processor.
 */
#define LIB_X86_TSC_H
#define LIB_X86_CPUID_H
#define KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPUS_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/x86.h"
#include "fake_lock.h"

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

struct cpu {
	uint32_t number, timer_hz;
	bool timer_paused;
	uint64_t interrupts[256];
};

struct cpu *cpu_this(void);

struct cpuid cpuid_read(uint32_t leaf);
uint64_t tsc_read(void);
uint64_t cpu_flags(void);
void cpu_interrupts_on(void);
void cpu_halt(void);
void cpu_pause(void);
