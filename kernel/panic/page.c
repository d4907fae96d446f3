/*
 * page.c - the panic page, section by section.
 *
 * The screen's rows: one for the head, the message, nine for registers and
 * code, then who called whom, the last lines of the log, and what is left to
 * print. COM1 gets the whole backtrace; its lines are made to be read by
 * programs too (tools/explain-panic.sh).
 */
#include "kernel/panic/page.h"

#include <stddef.h>

#include "exception.h"
#include "format.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/probe.h"
#include "kernel/panic/backtrace.h"
#include "kernel/panic/facts.h"
#include "kernel/panic/tell.h"
#include "kernel/symbols.h"
#include "log_ring.h"
#include "x86/tsc.h"

#define NS_PER_S 1000000000u
#define TRACE_MAX 64 /* steps */
#define LOG_ROWS_MIN 2 /* that a long backtrace leaves on the screen */
#define REST_ROWS_MAX 6 /* for processors, locks and the end */
#define CODE_BEFORE 12 /* bytes shown before the instruction */
#define CODE_BYTES 23 /* in all, a row */

/* "f() at kernel/f.c:7"; a return address stands for the call before it. */
static void write_place(vaddr_t address, bool called)
{
	struct symbol symbol;

	if (!symbols_find(address - called, &symbol))
		writer_printf("%#lx", address);
	else if (!symbol.line)
		writer_printf("%s()+%#lx", symbol.function,
			      symbol.offset + called);
	else
		writer_printf("%s() at %s:%u", symbol.function, symbol.file,
			      symbol.line);
}

/* ---- What happened ------------------------------------------------------ */

static void write_exception(const struct trap_frame *frame)
{
	char why[EXPLAIN_MAX];

	explain_trap(frame, why, sizeof(why));
	writer_printf("%s\n", why);
}

static void write_head(const struct panic_cause *cause)
{
	const struct place *place = cause->place;

	writer_write("KERNEL PANIC in ");
	if (place)
		writer_printf("%s() at %s:%d", place->function, place->file,
			      place->line);
	else
		write_place(cause->frame->rip, false);
	writer_write("\n");
}

static void write_message(const struct panic_cause *cause)
{
	char message[512];

	if (!cause->format) {
		write_exception(cause->frame);
		return;
	}
	kvsnprintf(message, sizeof(message), cause->format, *cause->args);
	writer_printf("%s\n", message);
}

/* ---- The processor ------------------------------------------------------ */

static void write_registers(const struct panic_cause *cause)
{
	const struct trap_frame *frame = cause->frame;

	writer_printf("\nrax %016lx   rbx %016lx   rcx  %016lx\n"
		      "rdx %016lx   rsi %016lx   rdi  %016lx\n",
		      frame->rax, frame->rbx, frame->rcx, frame->rdx,
		      frame->rsi, frame->rdi);
	writer_printf("r8  %016lx   r9  %016lx   r10  %016lx\n"
		      "r11 %016lx   r12 %016lx   r13  %016lx\n",
		      frame->r8, frame->r9, frame->r10, frame->r11, frame->r12,
		      frame->r13);
	writer_printf("r14 %016lx   r15 %016lx   rflg %016lx\n"
		      "rip %016lx   rsp %016lx   rbp  %016lx\n",
		      frame->r14, frame->r15, frame->rflags, frame->rip,
		      frame->rsp, frame->rbp);
	writer_printf("cr0 %016lx   cr2 %016lx   cr3  %016lx\n"
		      "cr4 %016lx   cs  %04lx   ss  %04lx    efer %016lx\n",
		      cpu_cr0(), cpu_cr2(), cpu_cr3(), cpu_cr4(),
		      frame->cs & 0xFFFF, frame->ss & 0xFFFF,
		      cpu_read_msr(MSR_EFER));
}

/* The bytes around RIP, its own in brackets; "??" where there are none. */
static void write_code(const struct panic_cause *cause)
{
	uint64_t rip = cause->frame->rip;

	writer_write("code");
	for (uint64_t i = 0; i < CODE_BYTES; i++) {
		uint64_t address = rip - CODE_BEFORE + i;
		uint8_t byte;

		writer_write(address == rip	? " <" :
			     address == rip + 1 ? "" :
						  " ");
		if (probe_read(&byte, address, 1))
			writer_printf("%02x", byte);
		else
			writer_write("??");
		if (address == rip)
			writer_write("> ");
	}
	writer_write("\n\n");
}

/* ---- What other rooms add ------------------------------------------------ */

static void write_row(const char *text)
{
	writer_printf("%s\n", text);
}

/* ---- The other processors ------------------------------------------------ */

static bool is_other(uint32_t number)
{
	return number != cpu_number() && cpus[number].started == CPU_STARTED;
}

static unsigned int count_others(void)
{
	unsigned int count = 0;

	for (uint32_t i = 0; i < CPUS_MAX; i++)
		count += is_other(i);
	return count;
}

static void write_other(uint32_t number)
{
	uint64_t at = (uint64_t)cpus[number].stopped, rip;

	writer_printf("CPU %u: ", number);
	if (!at || probe_read(&rip, at + offsetof(struct trap_frame, rip),
			      sizeof(rip)) != sizeof(rip)) {
		writer_write("did not stop\n");
		return;
	}
	writer_write("stopped in ");
	write_place(rip, false);
	writer_write("\n");
}

/* ---- Who called whom, and the log --------------------------------------- */

/* Rows at the screen's end that the last sections need, some of them if there
 * are too many. */
static unsigned int rest_rows(void)
{
	unsigned int rows = 1 + count_others() + panic_rows(NULL);

	return rows < REST_ROWS_MAX ? rows : REST_ROWS_MAX;
}

static void write_interruption(uint64_t vector)
{
	if (vector < EXCEPTIONS)
		writer_printf("--- %s ---\n",
			      exception_name((unsigned int)vector));
	else if (vector != TRAP_NONE)
		writer_printf("--- interrupt %#lx ---\n", vector);
}

static void write_step(unsigned int number, const struct backtrace_step *step)
{
	write_interruption(step->vector);
	writer_printf("#%-2u %lx ", number, step->address);
	if (symbols_cover(step->address))
		write_place(step->address, step->called);
	else
		writer_write("is not the kernel's code");
	writer_write("\n");
}

static void write_if_cut(void)
{
	bool cut = writer_was_cut();

	writer_reserve(rest_rows() + LOG_ROWS_MIN);
	if (cut)
		writer_write_on_screen(
			"... and so on: the screen is full; COM1 "
			"or port E9h may have the rest\n");
	writer_reserve(rest_rows());
}

static void write_repeats(unsigned int times)
{
	if (times)
		writer_printf("--- %u times more ---\n", times);
}

/* A function that calls itself again and again is shown twice. */
static void write_trace(const struct panic_cause *cause)
{
	struct backtrace trace;
	struct backtrace_step step;
	unsigned int number = 0, same = 0;
	uint64_t last = 0;

	writer_reserve(rest_rows() + LOG_ROWS_MIN + 1);
	backtrace_start(&trace, cause->frame);
	while (backtrace_next(&trace, &step)) {
		if (number && step.address == last &&
		    step.vector == TRAP_NONE) {
			same++;
			continue;
		}
		write_repeats(same);
		same = 0;
		if (number == TRACE_MAX) {
			writer_write("--- and so on ---\n");
			break;
		}
		write_step(number++, &step);
		last = step.address;
	}
	write_repeats(same);
	write_if_cut();
}

static void write_log_line(const struct log_line *line)
{
	writer_printf("| %.*s\n",
		      (int)(line->length < PANIC_COLUMNS - 2 ?
				    line->length :
				    PANIC_COLUMNS - 2),
		      line->text);
}

/* Long lines come in parts. The bound is for a ring of garbage, where one line
 * may be all of it. */
static void write_log(const struct panic_cause *cause)
{
	const struct panic_facts *told = panic_facts();
	const struct log_ring *ring = told->log;
	unsigned int rows = writer_rows_left();
	struct log_line line;
	uint64_t position;

	(void)cause;
	if (told->lost)
		writer_write("| where the log is, and what the clock counts, "
			     "is overwritten\n");
	if (!ring)
		return;
	position = log_ring_last(ring, rows);
	for (unsigned int parts = 2 * rows;
	     parts && log_ring_next(ring, &position, &line); parts--)
		write_log_line(&line);
}

/* ---- The rest ----------------------------------------------------------- */

static void write_rows(const struct panic_cause *cause)
{
	(void)cause;
	writer_reserve(1);
	panic_rows(write_row);
}

static void write_others(const struct panic_cause *cause)
{
	(void)cause;
	writer_reserve(1);
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (is_other(i))
			write_other(i);
}

/* In ticks before the clock has been measured. */
static void write_uptime(const struct panic_facts *told)
{
	uint64_t ticks = tsc_read(), ns;

	if (!told->ns_per_tick) {
		writer_printf("up %lu ticks", ticks);
		return;
	}
	ns = (uint64_t)((unsigned __int128)(ticks - told->clock_zero) *
				told->ns_per_tick >>
			32);
	writer_printf("up %lu.%06lu s", ns / NS_PER_S, ns % NS_PER_S / 1000);
}

static void write_end(const struct panic_cause *cause)
{
	const struct panic_facts *told = panic_facts();

	(void)cause;
	writer_reserve(0);
	writer_printf("The machine is stopped. Build %016lx, ", told->build_id);
	write_uptime(told);
	writer_write(".\n");
}

/* ---- All of it ---------------------------------------------------------- */

static void (*const sections[])(const struct panic_cause *cause) = {
	write_head, write_message, write_registers, write_code, write_trace,
	write_log,  write_others,  write_rows,	    write_end,
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static unsigned int next_section;

void page_begin(void)
{
	next_section = 0;
}

void page_write(const struct panic_cause *cause)
{
	while (next_section < SECTIONS)
		sections[next_section++](cause);
}

void page_write_nested(const struct panic_cause *cause)
{
	writer_write("\nPANIC INSIDE PANIC: ");
	if (cause->format)
		writer_printf("\"%s\" in %s() at %s:%d\n", cause->format,
			      cause->place->function, cause->place->file,
			      cause->place->line);
	else {
		writer_printf("%s in ",
			      exception_name(
				      (unsigned int)cause->frame->vector));
		write_place(cause->frame->rip, false);
		writer_write("\n");
	}
}
