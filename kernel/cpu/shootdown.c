/*
 * shootdown.c - see cpus.h.
 */
#include <stdatomic.h>

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/panic/panic.h"

#define LOOKS_MAX 1000000000 /* each some instructions: seconds */

static void (*shootdown_send)(void);
static _Atomic uint64_t shootdown_wanted;

/* In this order: one that was asked for meanwhile is either waited for, or
 * seen here. */
void shootdown_start_cpu(void)
{
	atomic_store(&cpu_here()->serves, true);
	shootdown_serve();
}

void shootdown_by(void (*send)(void))
{
	shootdown_send = send;
	shootdown_start_cpu();
}

void shootdown_serve(void)
{
	struct cpu *cpu = cpu_here();
	uint64_t wanted = atomic_load(&shootdown_wanted);

	if (cpu->shootdowns == wanted)
		return;
	cpu_write_cr3(cpu_cr3());
	atomic_store(&cpu->shootdowns, wanted);
}

/* One that serves not yet, or was stopped, uses nothing that is taken away. */
static bool shootdown_is_done(const struct cpu *cpu, uint64_t wanted)
{
	return !atomic_load(&cpu->serves) || cpu->stopped ||
	       atomic_load(&cpu->shootdowns) >= wanted;
}

void shootdown(void)
{
	uint64_t wanted;

	if (!shootdown_send)
		return;
	wanted = atomic_fetch_add(&shootdown_wanted, 1) + 1;
	shootdown_serve();
	shootdown_send();
	for (uint32_t i = 0; i < CPUS_MAX; i++) {
		for (uint32_t look = 0; !shootdown_is_done(&cpus[i], wanted);
		     look++) {
			if (look == LOOKS_MAX)
				panic("CPU %u does not forget its TLB", i);
			shootdown_serve();
			cpu_pause();
		}
	}
}
