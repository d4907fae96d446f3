#include "kernel/test/test.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/emulator.h"
#include "kernel/irq/irq.h"
#include "kernel/irq/local_apic.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/range.h"
#include "kernel/panic/panic.h"
#include "kernel/smp/smp.h"
#include "kernel/sync/mutex.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "string.h"
#include "words.h"

/* ---- Lines --------------------------------------------------------------- */

static char fire_dots[FIRE_WIDTH];
static uint64_t fire_end; /* clock_ns() */
/* Each source counts its own. */
static uint64_t thread_lines[FIRE_THREADS], cpu_lines[CPUS_MAX];
static _Atomic uint64_t nmis;

static void fire_print(char kind, uint32_t source, uint64_t *number)
{
	kprintf("fire %c%02u %08lu %.*s|\n", kind, source, *number,
		(int)(*number % FIRE_WIDTH), fire_dots);
	++*number;
}

/* ---- Interrupts ---------------------------------------------------------- */

static void print_from_cpu(void)
{
	fire_print('c', cpu_number(), &cpu_lines[cpu_number()]);
}

static void print_when_sent_for(struct trap_frame *frame)
{
	(void)frame;
	print_from_cpu();
	local_apic_end();
}

/* On the first processor: it interrupts all others, too, in both ways. */
static void print_from_tick(void)
{
	print_from_cpu();
	if (irq_controllers() != IRQ_APIC)
		return;
	local_apic_send_others(IPI_FIXED | VECTOR_FREE);
	local_apic_send_others(IPI_NMI);
}

/* May come in the middle of a line: it does not print. */
static void fire_count_nmi(struct trap_frame *frame)
{
	(void)frame;
	nmis++;
}

static void start_interrupts(void)
{
	interrupt_handle(VECTOR_NMI, fire_count_nmi);
	interrupt_handle(VECTOR_FREE, print_when_sent_for);
	timer_on_tick(print_from_tick);
	timer_set_rate(smp_counts().running > 1 ? FIRE_HZ_EACH : FIRE_HZ);
}

/* The last ones may come later: their handlers stay. */
static void stop_interrupts(void)
{
	timer_set_rate(TIMER_HZ);
	timer_on_tick(NULL);
	sleep_ms(100);
}

/* ---- Memory -------------------------------------------------------------- */

#define BLOCK_MAX (2 * HEAP_SMALL_MAX)
#define SHELF 16
#define SLEEP_EVERY 32 /* lines */

struct block {
	size_t size;
	uint8_t bytes[];
};

/* What one thread puts here another one takes. */
static struct block *_Atomic shelf[SHELF];

static struct mutex fire_mutex = MUTEX("fire");
static uint64_t exchanges, mapped, sleeps; /* it guards these */

static void check_and_free(struct block *block)
{
	if (!block)
		return;
	for (size_t i = 0; i < block->size; i++)
		if (block->bytes[i] != (uint8_t)block->size)
			panic("byte %zu of a block of %zu was overwritten", i,
			      block->size);
	kfree(block);
}

/* The larger ones are mapped, and at their end unmapped on all processors. */
static void exchange_block(uint64_t number)
{
	size_t size = number * 1237 % BLOCK_MAX;
	struct block *block = kmalloc(sizeof(*block) + size);

	if (block) {
		block->size = size;
		memset(block->bytes, (int)(uint8_t)size, size);
	} else {
		panic("no memory left for %zu bytes", size);
	}
	check_and_free(atomic_exchange(&shelf[number % SHELF], block));

	mutex_lock(&fire_mutex);
	exchanges++;
	mapped += sizeof(*block) + size > HEAP_SMALL_MAX;
	sleeps += number % SLEEP_EVERY == 0;
	mutex_unlock(&fire_mutex);
}

static void clear_shelf(void)
{
	for (int i = 0; i < SHELF; i++)
		check_and_free(atomic_exchange(&shelf[i], NULL));
	kmalloc_flush();
}

/* Blocks and ranges in use. */
static uint64_t count_memory(void)
{
	uint64_t count = range_count();

	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		count += kmalloc_in_use(i);
	return count;
}

/* ---- Threads ------------------------------------------------------------- */

static int64_t fire_thread(void *argument)
{
	uint64_t *lines = argument;

	while (clock_ns() < fire_end) {
		fire_print('t', (uint32_t)(lines - thread_lines), lines);
		exchange_block(*lines);
		if (*lines % SLEEP_EVERY == 0)
			thread_sleep_ns(NS_PER_MS);
	}
	return 0;
}

static void run_threads(uint64_t seconds)
{
	struct thread *threads[FIRE_THREADS];

	fire_end = clock_ns() + seconds * NS_PER_S;
	for (int i = 0; i < FIRE_THREADS; i++)
		threads[i] =
			thread_create("fire", fire_thread, &thread_lines[i]);
	for (int i = 0; i < FIRE_THREADS; i++)
		if (threads[i])
			thread_join(threads[i]);
		else
			panic("no memory left for %d threads", FIRE_THREADS);
}

/* ---- All of it ----------------------------------------------------------- */

static uint64_t sum(const uint64_t *numbers, size_t count)
{
	uint64_t result = 0;

	for (size_t i = 0; i < count; i++)
		result += numbers[i];
	return result;
}

/* Whether nothing is lost. */
static bool fire_for(uint64_t seconds)
{
	uint64_t before, after, lines;

	memset(fire_dots, '.', sizeof(fire_dots));
	run_threads(0); /* stacks of threads that are over are kept */
	before = count_memory();
	start_interrupts();
	run_threads(seconds);
	stop_interrupts();
	clear_shelf();
	after = count_memory();
	lines = sum(thread_lines, FIRE_THREADS);
	kprintf("fire: %lu lines from threads, %lu from interrupts, %lu NMIs\n",
		lines, sum(cpu_lines, CPUS_MAX), nmis);
	kprintf("fire: %lu blocks of memory, %lu of them mapped, %lu sleeps\n",
		exchanges, mapped, sleeps);
	if (exchanges != lines)
		kprintf("fire: %lu blocks should have been counted\n", lines);
	if (after != before)
		kprintf("fire: %lu blocks were in use before, %lu are now\n",
			before, after);
	return exchanges == lines && after == before;
}

static bool fire_takes(const char *value)
{
	uint64_t seconds;

	return !number_parse(value, NULL, &seconds) &&
	       seconds <= FIRE_SECONDS_MAX;
}

COMMAND_LINE_WORD(fire, .value = "SECONDS", .needs_value = true,
		  .takes = fire_takes,
		  .help = "print from threads and interrupts at once, then "
			  "leave QEMU");

void fire_run(void)
{
	const char *value = command_line_value("fire");
	uint64_t seconds;

	if (!value || !fire_takes(value))
		return;
	number_parse(value, NULL, &seconds);
	panic_leave_qemu();
	leave_qemu(fire_for(seconds) ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}
