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
#define ANSWER_US 100000

static struct smp_counts smp;

/* What ap_page.asm finds in its page, and in the kernel. */
struct ap_values {
	uint32_t cr0, cr3, cr4, efer;
};

extern const char ap_page[], ap_values[], ap_page_end[];
uint64_t ap_root, ap_stack;
uint32_t ap_number;

/* Numbers of processors: of the one that waits to be let go, and of the one
 * that may go. */
static _Atomic uint32_t ap_waiting, ap_may_go;

/* ---- On the new processor ------------------------------------------------ */

_Noreturn void ap_main(uint32_t number);

/* Nothing of it is set up yet: the list of what each processor does for
 * itself. */
_Noreturn void ap_main(uint32_t number)
{
	struct cpu *cpu = &cpus[number];

	cpu_start(number, cpu->stacks);
	pages_start_cpu();
	irq_start_cpu();
	timer_start_cpu();
	cpu->tsc_at_start = tsc_read();
	atomic_store(&ap_waiting, number);
	/* Else it came too late, and an INIT is on its way. */
	while (atomic_load(&ap_may_go) != number)
		cpu_pause();
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

static bool smp_answers(uint32_t number, uint64_t us)
{
	struct deadline deadline = deadline_after_us(us);

	while (atomic_load(&ap_waiting) != number)
		if (deadline_has_come(&deadline))
			return false;
	return true;
}

static bool smp_wake(uint32_t number, uint32_t id)
{
	const uint32_t startup = IPI_STARTUP + AP_PAGE_ADDR / PAGE_SIZE;

	if (!local_apic_send(id, IPI_INIT))
		return false;
	clock_wait_us(INIT_US);
	if (!local_apic_send(id, startup))
		return false;
	if (smp_answers(number, AGAIN_US))
		return true;
	local_apic_send(id, startup);
	return smp_answers(number, ANSWER_US);
}

/* One that has not answered in time is halted by INIT, so that it does not come
 * later, with the next one's stack. */
static void smp_give_up(struct cpu *cpu, uint32_t id)
{
	local_apic_send(id, IPI_INIT);
	clock_wait_us(INIT_US);
	cpu->started = 0;
}

static bool smp_start_one(uint32_t number, uint32_t id)
{
	struct cpu *cpu = &cpus[number];
	uint64_t before;

	cpu->stacks = smp_make_stacks();
	ap_stack = threads_prepare_cpu(number);
	if (!cpu->stacks || !ap_stack)
		return false;
	ap_root = cpu_cr3();
	ap_number = number;
	before = tsc_read();
	if (!smp_wake(number, id)) {
		smp_give_up(cpu, id);
		return false;
	}
	cpu->tsc_behind = cpu->tsc_at_start < before ||
			  cpu->tsc_at_start > tsc_read();
	atomic_store(&ap_may_go, number);
	return true;
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
	uint32_t number = 1;

	smp.running = 1;
	smp.found = acpi->processor_count + acpi->processors_more;
	smp.too_many = acpi->processors_more;
	if ((wanted && strcmp(wanted, "off") == 0) ||
	    irq_controllers() != IRQ_APIC)
		return;
	ipi_start();
	smp_lay_page(tables);
	for (uint32_t i = 0; i < acpi->processor_count; i++) {
		if (acpi->processors[i] == local_apic_id())
			continue;
		if (number == CPUS_MAX)
			smp.too_many++;
		else if (smp_start_one(number++, acpi->processors[i]))
			smp.running++;
		else
			smp.failed++;
	}
}

const struct smp_counts *smp_counts(void)
{
	return &smp;
}
