/*
 * fake_cpu.h - in front of code that switches interrupts, it takes the place of
 * kernel/cpu/cpu.h, the locks and threads: the test is the processor.
 */
#define KERNEL_CPU_CPU_H

#include <stdint.h>

#include "fake_lock.h"

uint64_t cpu_flags(void);
void cpu_interrupts_off(void);
void cpu_interrupts_on(void);
