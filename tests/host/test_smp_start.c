/*
 * test_smp_start.c - kernel/smp/start.c, with a local APIC that notes down what
 * is sent, and processors that come late or never.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The test is the processor. */
#define KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPUS_H
#define LIB_X86_TSC_H

#include <stdatomic.h>

#include "address.h"
#include "boot/x86.h"
#include "cmocka_test.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/stack.h"

#define CPU_STARTED 1

struct cpu {
	uint64_t started;
	uint32_t number, apic_id;
	struct stack *stacks;
	struct thread *idle;
	_Atomic bool serves;
	uint64_t tsc_at_start;
	bool tsc_behind;
};

extern struct cpu cpus[CPUS_MAX];
uint64_t cpu_cr0(void);
uint64_t cpu_cr3(void);
uint64_t cpu_cr4(void);
uint64_t cpu_read_msr(uint32_t msr);
void cpu_start(uint32_t number, struct stack *own);
void shootdown_start_cpu(void);
_Noreturn void cpu_stop(void);
void cpu_pause(void);
uint64_t tsc_read(void);

char *page_at(paddr_t address);
#define paddr_pointer page_at
/* With its variables, so that a test is a boot. */
#include "kernel/smp/start.c"

#define NEVER 0
#define LOOK_US 5 /* that a look at the clock takes */
#define TABLES 0x12345000
#define CR0 0x80010033
#define CR4 0x6A0
#define EFER (EFER_LMA | EFER_LME | EFER_NXE)
#define BOOT_ID 7
#define OTHERS 2

/* ---- The machine --------------------------------------------------------- */

struct cpu cpus[CPUS_MAX];
static struct stack own_stacks[STACKS];

/* A processor: after how many startups it comes, and how much later. */
static struct other {
	uint32_t id;
	unsigned int startups_needed; /* NEVER */
	uint64_t takes_us;
	unsigned int startups;
	uint64_t due; /* 0: not yet */
	bool is_there;
} others[OTHERS];

static struct sent {
	uint32_t id, command;
	uint64_t at; /* us */
} sent[16];
static size_t sent_count;

static uint64_t now; /* us */
static uint32_t next_number;
static jmp_buf runs;
static bool apic_answers;
static char page[PAGE_SIZE];
static struct acpi_interrupts acpi;

__asm__(".pushsection .rodata\n"
	".globl ap_page, ap_values, ap_page_end\n"
	"ap_page:	.fill 48, 1, 0x5A\n"
	"ap_values:	.fill 16, 1, 0xA5\n"
	"ap_page_end:\n"
	".popsection");

char *page_at(paddr_t address)
{
	assert_int_equal(address, AP_PAGE_ADDR);
	return page;
}

/* Until it runs threads. */
static void enter(void)
{
	if (setjmp(runs) == 0)
		ap_main(next_number++);
}

static void pass(uint64_t us)
{
	now += us;
	for (int i = 0; i < OTHERS; i++) {
		struct other *other = &others[i];

		if (!other->due || now < other->due || other->is_there)
			continue;
		other->is_there = true;
		enter();
	}
}

_Noreturn void threads_run_cpu(void)
{
	longjmp(runs, 1);
}

bool local_apic_send(uint32_t id, uint32_t command)
{
	assert_true(sent_count < sizeof(sent) / sizeof(sent[0]));
	sent[sent_count++] = (struct sent){ id, command, now };
	for (int i = 0; apic_answers && i < OTHERS; i++)
		if (others[i].id == id && (command & 0xFF00) == IPI_STARTUP &&
		    ++others[i].startups == others[i].startups_needed)
			others[i].due = now + others[i].takes_us;
	return apic_answers;
}

void clock_wait_us(uint64_t us)
{
	pass(us);
}

uint64_t clock_ns(void)
{
	pass(LOOK_US);
	return now * 1000;
}

struct deadline deadline_after_us(uint64_t us)
{
	return (struct deadline){ .ns = (now + us) * 1000 };
}

bool deadline_has_come(struct deadline *deadline)
{
	return clock_ns() >= deadline->ns;
}

void cpu_pause(void)
{
	pass(1);
}

uint64_t tsc_read(void)
{
	return now;
}

uint64_t cpu_cr0(void)
{
	return CR0;
}

uint64_t cpu_cr3(void)
{
	return 0xABC000;
}

uint64_t cpu_cr4(void)
{
	return CR4;
}

uint64_t cpu_read_msr(uint32_t msr)
{
	assert_int_equal(msr, MSR_EFER);
	return EFER;
}

uint32_t local_apic_id(void)
{
	return BOOT_ID;
}

enum irq_controllers irq_controllers(void)
{
	return IRQ_APIC;
}

const char *command_line_value(const char *name)
{
	(void)name;
	return NULL;
}

void *range_take(size_t bytes, uint64_t place)
{
	(void)bytes;
	(void)place;
	return own_stacks;
}

void range_make_guard(void *guard)
{
	(void)guard;
}

uint64_t threads_prepare_cpu(uint32_t number)
{
	return 0x1000 * number;
}

/* It is not told who runs: all have the same id, and none has started. */
void cpu_start(uint32_t number, struct stack *own)
{
	(void)number;
	(void)own;
}

_Noreturn void cpu_stop(void)
{
	longjmp(runs, 1);
}

void pages_start_cpu(void)
{
}

void irq_start_cpu(void)
{
}

void shootdown_start_cpu(void)
{
}

void timer_start_cpu(void)
{
}

void ipi_start(void)
{
}

/* ---- A boot with two other processors ------------------------------------ */

static void boot(unsigned int startups_needed, uint64_t takes_us)
{
	memset(others, 0, sizeof(others));
	memset(page, 0, sizeof(page));
	memset(&smp, 0, sizeof(smp));
	now = 1;
	sent_count = 0;
	next_number = 1;
	ap_running = 0;
	others[0] = (struct other){ .id = 3,
				    .startups_needed = startups_needed,
				    .takes_us = takes_us };
	others[1] = (struct other){ .id = 5, .startups_needed = 1 };
	acpi = (struct acpi_interrupts){ .processor_count = 3,
					 .processors = { BOOT_ID, 3, 5 } };
	smp_start(&acpi, TABLES);
}

static size_t count_sent(uint32_t id, uint32_t command)
{
	size_t count = 0;

	for (size_t i = 0; i < sent_count; i++)
		count += sent[i].id == id &&
			 (sent[i].command & 0xFF00) == command;
	return count;
}

static void test_page_is_laid(void **state)
{
	const struct ap_values *values = (const void *)(page + 48);

	(void)state;
	apic_answers = true;
	boot(1, 0);
	assert_memory_equal(page, ap_page, 48);
	assert_int_equal(values->cr0, CR0);
	assert_int_equal(values->cr3, TABLES);
	assert_int_equal(values->cr4, CR4);
	assert_int_equal(values->efer, EFER & ~(uint32_t)EFER_LMA);
	assert_int_equal(page[64], 0);
}

static void test_init_comes_first(void **state)
{
	(void)state;
	boot(1, 0);
	assert_true(sent_count >= 2);
	assert_int_equal(sent[0].id, 3);
	assert_int_equal(sent[0].command, IPI_INIT);
	assert_int_equal(sent[1].id, 3);
	assert_int_equal(sent[1].command & 0xFF00, IPI_STARTUP);
	assert_true(sent[1].at - sent[0].at >= 10000);
	assert_true(sent[1].at - sent[0].at < 12000);
}

static void test_startup_names_the_page(void **state)
{
	(void)state;
	assert_int_equal(sent[1].command & 0xFF, AP_PAGE_ADDR >> 12);
}

static void test_one_startup_is_enough(void **state)
{
	(void)state;
	boot(1, 50);
	assert_int_equal(count_sent(3, IPI_STARTUP), 1);
	assert_int_equal(count_sent(5, IPI_INIT), 1);
	assert_int_equal(count_sent(5, IPI_STARTUP), 1);
}

static void test_startup_again(void **state)
{
	(void)state;
	boot(2, 50);
	assert_int_equal(count_sent(3, IPI_INIT), 1);
	assert_int_equal(count_sent(3, IPI_STARTUP), 2);
	assert_true(sent[2].at - sent[1].at >= 200);
	assert_true(sent[2].at - sent[1].at < 1000);
}

/* The next one is started when this one has come. */
static void test_slow_one_is_waited_for(void **state)
{
	(void)state;
	boot(1, 500000);
	assert_int_equal(smp_counts().running, 3);
	assert_int_equal(sent[sent_count - 1].id, 5);
	assert_true(sent[sent_count - 1].at > others[0].due);
	assert_true(now < 600000);
}

static void test_wait_is_bounded(void **state)
{
	(void)state;
	boot(NEVER, 0);
	assert_int_equal(smp_counts().running, 2);
	assert_int_equal(smp_counts().failed, 1);
	assert_int_equal(count_sent(3, IPI_STARTUP), 2);
	assert_true(now > 1000000);
	assert_true(now < 1200000);
}

/* The IPI itself has not left. */
static void test_apic_that_does_not_send(void **state)
{
	(void)state;
	apic_answers = false;
	boot(1, 0);
	assert_int_equal(smp_counts().failed, 2);
	assert_int_equal(count_sent(3, IPI_INIT), 1);
	assert_int_equal(count_sent(3, IPI_STARTUP), 0);
	assert_true(now < 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_is_laid),
		cmocka_unit_test(test_init_comes_first),
		cmocka_unit_test(test_startup_names_the_page),
		cmocka_unit_test(test_one_startup_is_enough),
		cmocka_unit_test(test_startup_again),
		cmocka_unit_test(test_slow_one_is_waited_for),
		cmocka_unit_test(test_wait_is_bounded),
		cmocka_unit_test(test_apic_that_does_not_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
