#include "kernel/smp/smp.h"

#include <stdatomic.h>
#include <stddef.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/irq/irq.h"
#include "kernel/irq/local_apic.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/panic/panic.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "string.h"
#include "x86/tsc.h"

/* Intel's MultiProcessor Specification 1.4, B.4: INIT, 10 ms, startup, 200 us,
 * startup again if need be. */
#define INIT_US 10000
#define AGAIN_US 200
#define ANSWER_US 1000000

static struct smp_counts smp;

_Static_assert(ACPI_PROCESSORS_MAX <= CPUS_MAX,
	       "each that is listed has a number");

/* What ap_page.asm finds in its page, and in the kernel. */
struct ap_values {
	uint32_t cr0, cr3, cr4, efer;
};

extern const char ap_page[], ap_values[], ap_page_end[];
uint64_t ap_root, ap_stacks[CPUS_MAX + 1]; /* 0: nobody is sent for */
uint32_t ap_next = 1; /* the number of the next one that comes */

static _Atomic uint32_t ap_running; /* how many came */
static _Atomic uint32_t ap_again; /* how often one began once more */
static _Atomic uint32_t ap_numbers_lost; /* how many of these took a number */
static _Atomic uint64_t ap_sent_at; /* the last startup; TSC */

/* ---- On the new processor ------------------------------------------------ */

_Noreturn void ap_main(uint32_t number);

void ap_refused(void);

/* Undo what this processor did when it began the first time: it can be stopped
 * by a panic's NMI, and nobody waits for it. false: it begins for the first
 * time. */
static bool ap_undo_first(uint32_t id)
{
	struct cpu *me = cpus + 1;

	while (me < cpus + CPUS_MAX &&
	       (me->started != CPU_STARTED || me->apic_id != id))
		me++;
	if (me == cpus + CPUS_MAX)
		return false;
	cpu_start(me->number, me->stacks);
	me->started = 0;
	me->idle = NULL;
	if (atomic_exchange(&me->serves, false))
		atomic_fetch_sub(&ap_running, 1);
	return true;
}

static void ap_stop_second(void)
{
	if (!ap_undo_first(local_apic_id()))
		return;
	atomic_fetch_add(&ap_again, 1);
	atomic_fetch_add(&ap_numbers_lost, 1);
	cpu_stop();
}

/* On a stack that is for this only: nobody was sent for. */
void ap_refused(void)
{
	atomic_fetch_add(&ap_again, 1);
	ap_undo_first(local_apic_id());
}

/* Nothing of it is set up yet: the list of what each processor does for
 * itself. */
_Noreturn void ap_main(uint32_t number)
{
	struct cpu *cpu = &cpus[number];
	uint64_t sent_at = atomic_load(&ap_sent_at);

	ap_stop_second();
	cpu->apic_id = local_apic_id();
	cpu_start(number, cpu->stacks);
	pages_start_cpu();
	irq_start_cpu();
	timer_start_cpu();
	cpu->tsc_at_start = tsc_read();
	cpu->tsc_behind = cpu->tsc_at_start < sent_at;
	shootdown_start_cpu();
	atomic_fetch_add(&ap_running, 1);
	threads_run_cpu();
}

/* ---- On the one that starts it ------------------------------------------- */

/* Stacks for its exceptions, with absent pages below. NULL: no memory. */
static struct stack *smp_make_stacks(void)
{
	struct stack *own = range_take(STACKS * sizeof(*own),
				       (uint64_t)__builtin_return_address(0));

	for (int i = 0; own && i < STACKS; i++)
		range_make_guard(own[i].guard);
	return own;
}

static void smp_lay_page(paddr_t tables)
{
	const struct ap_values values = {
		.cr0 = (uint32_t)cpu_cr0(),
		.cr3 = (uint32_t)tables,
		.cr4 = (uint32_t)cpu_cr4(),
		.efer = (uint32_t)cpu_read_msr(MSR_EFER) & ~(uint32_t)EFER_LMA,
	};
	char *page = paddr_pointer(AP_PAGE_ADDR);

	memcpy(page, ap_page, (size_t)(ap_page_end - ap_page));
	memcpy(page + (ap_values - ap_page), &values, sizeof(values));
}

/* Whether so many run, at last. */
static bool smp_wait(uint32_t running, uint64_t us)
{
	struct deadline deadline = deadline_after_us(us);

	while (atomic_load(&ap_running) < running)
		if (deadline_has_come(&deadline))
			return false;
	return true;
}

static void smp_wake(uint32_t id)
{
	const uint32_t startup = IPI_STARTUP + AP_PAGE_ADDR / PAGE_SIZE;
	uint32_t running = atomic_load(&ap_running) + 1;

	if (!local_apic_send(id, IPI_INIT))
		return;
	clock_wait_us(INIT_US);
	atomic_store(&ap_sent_at, tsc_read());
	if (!local_apic_send(id, startup) || smp_wait(running, AGAIN_US))
		return;
	local_apic_send(id, startup);
	smp_wait(running, ANSWER_US);
}

/* Those that run by now: none has begun in the future. */
static void smp_compare_tscs(void)
{
	for (uint32_t i = 1; i < CPUS_MAX; i++)
		if (cpus[i].tsc_at_start > tsc_read())
			cpus[i].tsc_behind = true;
}

/* What the processor needs that comes as this number. Often, but not always it
 * is the one that is sent for next: one that is late takes a later number. */
static bool smp_prepare(uint32_t number)
{
	cpus[number].stacks = smp_make_stacks();
	ap_stacks[number] = threads_prepare_cpu(number);
	return cpus[number].stacks && ap_stacks[number];
}

static const char *choice(size_t n)
{
	return n == 0 ? "off" : NULL;
}

COMMAND_LINE_WORD(smp, .value = "off", .needs_value = true, .choice = choice,
		  .help = "use one processor only");

void smp_start(const struct acpi_interrupts *acpi, paddr_t tables)
{
	const char *wanted = command_line_value("smp");
	uint32_t number = 1, last;

	smp.found = acpi->processor_count + acpi->processors_more;
	smp.too_many = acpi->processors_more;
	if ((wanted && strcmp(wanted, "off") == 0) ||
	    irq_controllers() != IRQ_APIC)
		return;
	ipi_start();
	smp_lay_page(tables);
	ap_root = cpu_cr3();
	for (uint32_t i = 0; i < acpi->processor_count; i++) {
		if (acpi->processors[i] == local_apic_id())
			continue;
		last = smp.wanted + 1 + atomic_load(&ap_numbers_lost);
		if (last >= CPUS_MAX) {
			smp.too_many++;
			continue;
		}
		smp.wanted++;
		while (number <= last && smp_prepare(number))
			number++;
		if (number > last)
			smp_wake(acpi->processors[i]);
		smp_compare_tscs();
	}
}

struct smp_counts smp_counts(void)
{
	struct smp_counts counts = smp;
	uint32_t running = atomic_load(&ap_running);

	counts.running = 1 + running;
	counts.failed = counts.wanted - running;
	counts.again = atomic_load(&ap_again);
	return counts;
}
