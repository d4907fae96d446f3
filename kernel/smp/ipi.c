#include "kernel/smp/smp.h"

#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/irq/local_apic.h"
#include "kernel/panic/tell.h"
#include "kernel/thread/sched.h"

/* Above all devices' (kernel/irq/irq.c). */
#define VECTOR_WAKE 0xE0
#define VECTOR_SHOOTDOWN 0xE1

/* When all variables are lost, this is not what it should be, and nothing is
 * sent. */
#define IPI_USED 0x4950495553454421
static uint64_t ipi_used;

/* That it came is all: who slept looks for a thread. */
static void ipi_wake(struct trap_frame *frame)
{
	(void)frame;
	local_apic_end();
}

static void ipi_shootdown(struct trap_frame *frame)
{
	(void)frame;
	shootdown_serve();
	local_apic_end();
}

static bool ipi_send_wake(uint32_t cpu)
{
	return local_apic_send(cpus[cpu].apic_id, IPI_FIXED | VECTOR_WAKE);
}

static void ipi_send_shootdown(void)
{
	local_apic_send_others(IPI_FIXED | VECTOR_SHOOTDOWN);
}

void ipi_start(void)
{
	interrupt_handle(VECTOR_WAKE, ipi_wake);
	interrupt_handle(VECTOR_SHOOTDOWN, ipi_shootdown);
	sched_on_wake(ipi_send_wake);
	shootdown_by(ipi_send_shootdown);
	ipi_used = IPI_USED;
}

/* ---- A panic ------------------------------------------------------------- */

#define STOP_LOOKS 10000000

static bool ipi_is_running(uint32_t cpu)
{
	return cpu != cpu_number() && cpus[cpu].started == CPU_STARTED &&
	       !cpus[cpu].stopped;
}

/* Not to those that have not come so far: an NMI without an IDT resets the
 * machine. Bounded: one that does not stop has a row that says so. */
PANIC_STOP(others)
{
	if (ipi_used != IPI_USED)
		return;
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (ipi_is_running(i))
			local_apic_send(cpus[i].apic_id, IPI_NMI);
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		for (int look = 0; look < STOP_LOOKS && ipi_is_running(i);
		     look++)
			cpu_pause();
}
