#include "kernel/bench/bench.h"

#include <stddef.h>

#include "kernel/command_line.h"
#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/vga.h"
#include "x86/tsc.h"

#define LINES 10000
#define ROUNDS 7
#define LINE_LENGTH (VGA_COLUMNS - 1)
#define CALLS 1000

/* ---- The screen ---------------------------------------------------------- */

/* Each line differs in every column from the one before, and from the one
 * whose place in video memory it takes: neither writer uses a row again after
 * a multiple of KINDS lines (1 and 180). */
#define KINDS 94

static char bench_lines[KINDS][LINE_LENGTH + 1];

static void make_lines(void)
{
	for (uint32_t kind = 0; kind < KINDS; kind++) {
		for (uint32_t i = 0; i < LINE_LENGTH; i++)
			bench_lines[kind][i] = (char)('!' + (kind + i) % KINDS);
		bench_lines[kind][LINE_LENGTH] = '\n';
	}
}

static uint64_t write_naive(struct vga *vga, uint32_t count)
{
	uint64_t start = tsc_read();

	for (uint32_t i = 0; i < count; i++)
		naive_write(vga->video, bench_lines[i % KINDS],
			    LINE_LENGTH + 1);
	return tsc_read() - start;
}

static uint64_t write_ours(struct vga *vga, uint32_t count)
{
	uint64_t start = tsc_read();

	for (uint32_t i = 0; i < count; i++)
		vga_write(vga, bench_lines[i % KINDS], LINE_LENGTH + 1);
	return tsc_read() - start;
}

static void bench_vga(struct vga *vga, int rounds)
{
	for (; rounds > 0; rounds--) {
		uint64_t ours, naive;

		vga_clear(vga);
		ours = write_ours(vga, LINES);
		vga_clear(vga);
		naive = write_naive(vga, LINES);
		/* `vga` does not know what the naive writer left. */
		vga_start(vga, (uint64_t)vga->video);
		kprintf("bench: vga-ours %lu\n", ours / LINES);
		kprintf("bench: vga-naive %lu\n", naive / LINES);
	}
}

/* ---- Printing ------------------------------------------------------------ */

static uint64_t time_prints(void)
{
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++)
		kprintf("%d %s %x\n", i, "message", i);
	return (tsc_read() - start) / CALLS;
}

static uint64_t time_lines_printed(void)
{
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++)
		kprintf("%.*s", LINE_LENGTH + 1, bench_lines[i % KINDS]);
	return (tsc_read() - start) / CALLS;
}

/* Interrupts are on meanwhile: from outside it is counted how long they are off
 * at a stretch (tests/bench/count_off.c). */
static void bench_lines_printed(void)
{
	cpu_interrupts_on();
	time_lines_printed();
	cpu_interrupts_off();
}

static uint64_t time_locks(void)
{
	static struct spinlock lock = SPINLOCK("bench");
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++) {
		SPINLOCK_HOLD(&lock);
	}
	return (tsc_read() - start) / CALLS;
}

static void bench_print(void)
{
	uint64_t prints, printed_lines;

	console_use("serial", false);
	console_use("e9", false);
	console_use("log", false);
	prints = time_prints();
	printed_lines = time_lines_printed();
	console_use("serial", true);
	console_use("e9", true);
	console_use("log", true);
	kprintf("bench: kprintf-message %lu\n", prints);
	kprintf("bench: kprintf-line %lu\n", printed_lines);
	kprintf("bench: lock-unlock %lu\n", time_locks());
}

/* ---- Interrupts ---------------------------------------------------------- */

static void bench_handler(struct trap_frame *frame)
{
	(void)frame;
}

static void bench_interrupt(void)
{
	uint64_t start;

	interrupt_handle(VECTOR_FREE, bench_handler);
	start = tsc_read();
	for (int i = 0; i < CALLS; i++)
		__asm__ volatile("int %0" : : "i"(VECTOR_FREE) : "memory");
	start = tsc_read() - start;
	interrupt_handle(VECTOR_FREE, NULL);
	kprintf("bench: interrupt %lu\n", start / CALLS);
}

/* ---- All of them --------------------------------------------------------- */

static void bench_vga_rounds(struct vga *vga)
{
	bench_vga(vga, ROUNDS);
}

static void bench_vga_round(struct vga *vga)
{
	bench_vga(vga, 1);
}

static void bench_vga_ours(struct vga *vga)
{
	write_ours(vga, LINES);
}

static void bench_vga_naive(struct vga *vga)
{
	write_naive(vga, LINES);
}

static const struct {
	const char *name;
	void (*run)(void);
	void (*run_on_screen)(struct vga *vga);
} benches[] = {
	{ "vga", NULL, bench_vga_rounds },
	{ "vga-round", NULL, bench_vga_round },
	{ "vga-ours", NULL, bench_vga_ours },
	{ "vga-naive", NULL, bench_vga_naive },
	{ "print", bench_print, NULL },
	{ "lines", bench_lines_printed, NULL },
	{ "interrupt", bench_interrupt, NULL },
	{ "memory", bench_memory, NULL },
	{ "thread", bench_thread, NULL },
	{ "process", bench_process, NULL },
};
#define BENCHES (sizeof(benches) / sizeof(benches[0]))

static const char *bench_name(size_t n)
{
	return n < BENCHES ? benches[n].name : NULL;
}

COMMAND_LINE_WORD(bench, .value = "NAME,...", .needs_value = true, .list = true,
		  .choice = bench_name,
		  .help = "measure, see kernel/bench/bench.h");

void bench_run(void)
{
	const char *names = command_line_value("bench");
	struct vga *vga = console_screen();

	if (!names)
		return;
	/* What is measured is not interrupted. */
	cpu_interrupts_off();
	make_lines();
	for (size_t n = 0; n < BENCHES; n++) {
		if (!list_has(names, benches[n].name))
			continue;
		if (benches[n].run)
			benches[n].run();
		else if (vga)
			benches[n].run_on_screen(vga);
		else
			kprintf("bench: %s needs a screen\n", benches[n].name);
	}
	cpu_interrupts_on();
}
