/*
 * page.c - the panic page, section by section.
 *
 * The screen's rows: one for the head, the message, nine for registers and
 * code, then who called whom, the last lines of the log, and what is left to
 * say. COM1 gets the whole backtrace; its lines are made to be read by
 * programs too (tools/explain-panic.sh).
 */
#include "kernel/panic/page.h"

#include <stdatomic.h>

#include "exception.h"
#include "format.h"
#include "kernel/console/console.h"
#include "kernel/console/log.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/probe.h"
#include "kernel/panic/backtrace.h"
#include "kernel/panic/explain.h"
#include "kernel/panic/paper.h"
#include "kernel/symbols.h"
#include "kernel/time/clock.h"
#include "x86/tsc.h"

#define TRACE_MAX 64	   /* steps */
#define LOG_ROWS_MIN 2	   /* that a long backtrace leaves on the screen */
#define CODE_BEFORE 12	   /* bytes shown before the instruction */
#define CODE_BYTES 23	   /* in all, a row */

/* "f() at kernel/f.c:7"; a return address stands for the call before it. */
static void write_place(uint64_t address, bool called)
{
	struct symbol symbol;

	if (!symbols_find(address - called, &symbol))
		paper_printf("%#lx", address);
	else if (!symbol.line)
		paper_printf("%s()+%#lx", symbol.function,
			     symbol.offset + called);
	else
		paper_printf("%s() at %s:%u", symbol.function, symbol.file,
			     symbol.line);
}

/* ---- What happened ------------------------------------------------------ */

static void write_exception(const struct trap_frame *frame)
{
	char why[EXPLAIN_MAX];

	explain_trap(frame, why, sizeof(why));
	paper_printf("%s\n", why);
}

static void write_head(const struct panic_cause *cause)
{
	const struct place *place = cause->place;

	paper_write("KERNEL PANIC in ");
	if (place)
		paper_printf("%s() at %s:%d", place->function, place->file,
			     place->line);
	else
		write_place(cause->frame->rip, false);
	paper_write("\n");
}

static void write_message(const struct panic_cause *cause)
{
	char message[512];

	if (!cause->format) {
		write_exception(cause->frame);
		return;
	}
	kvsnprintf(message, sizeof(message), cause->format, *cause->args);
	paper_printf("%s\n", message);
}

/* ---- The processor ------------------------------------------------------ */

static void write_registers(const struct panic_cause *cause)
{
	const struct trap_frame *frame = cause->frame;

	paper_printf("\nrax %016lx   rbx %016lx   rcx  %016lx\n"
		     "rdx %016lx   rsi %016lx   rdi  %016lx\n",
		     frame->rax, frame->rbx, frame->rcx, frame->rdx, frame->rsi,
		     frame->rdi);
	paper_printf("r8  %016lx   r9  %016lx   r10  %016lx\n"
		     "r11 %016lx   r12 %016lx   r13  %016lx\n",
		     frame->r8, frame->r9, frame->r10, frame->r11, frame->r12,
		     frame->r13);
	paper_printf("r14 %016lx   r15 %016lx   rflg %016lx\n"
		     "rip %016lx   rsp %016lx   rbp  %016lx\n",
		     frame->r14, frame->r15, frame->rflags, frame->rip,
		     frame->rsp, frame->rbp);
	paper_printf("cr0 %016lx   cr2 %016lx   cr3  %016lx\n"
		     "cr4 %016lx   cs  %04lx   ss  %04lx    efer %016lx\n",
		     cpu_cr0(), cpu_cr2(), cpu_cr3(), cpu_cr4(),
		     frame->cs & 0xFFFF, frame->ss & 0xFFFF,
		     cpu_read_msr(MSR_EFER));
}

/* The bytes around RIP, its own in brackets; "??" where there are none. */
static void write_code(const struct panic_cause *cause)
{
	uint64_t rip = cause->frame->rip;

	paper_write("code");
	for (uint64_t i = 0; i < CODE_BYTES; i++) {
		uint64_t address = rip - CODE_BEFORE + i;
		uint8_t byte;

		paper_write(address == rip ? " <" :
			    address == rip + 1 ? "" :
						 " ");
		if (probe_read(&byte, address, 1))
			paper_printf("%02x", byte);
		else
			paper_write("??");
		if (address == rip)
			paper_write("> ");
	}
	paper_write("\n\n");
}

/* ---- How it came to that ------------------------------------------------ */

static bool is_held(const struct spinlock *lock)
{
	return atomic_load_explicit(&lock->owner, memory_order_relaxed);
}

/* Rows at the screen's end that write_locks() and write_end() need. */
static unsigned int rest_rows(void)
{
	return 1 + is_held(&console_lock);
}

static void write_interruption(uint64_t vector)
{
	if (vector < EXCEPTIONS)
		paper_printf("--- %s ---\n",
			     exception_name((unsigned int)vector));
	else if (vector != TRAP_NONE)
		paper_printf("--- interrupt %#lx ---\n", vector);
}

static void write_step(unsigned int number, const struct backtrace_step *step)
{
	write_interruption(step->vector);
	paper_printf("#%-2u %lx ", number, step->address);
	if (symbols_cover(step->address))
		write_place(step->address, step->called);
	else
		paper_write("is not the kernel's code");
	paper_write("\n");
}

static void say_if_cut(void)
{
	bool cut = paper_was_cut();

	paper_reserve(rest_rows() + LOG_ROWS_MIN);
	if (cut)
		paper_write_on_screen("... and so on: the screen is full; COM1 "
				      "or port E9h may have the rest\n");
	paper_reserve(rest_rows());
}

static void write_repeats(unsigned int times)
{
	if (times)
		paper_printf("--- %u times more ---\n", times);
}

/* A function that calls itself again and again is shown twice. */
static void write_trace(const struct panic_cause *cause)
{
	struct backtrace trace;
	struct backtrace_step step;
	unsigned int number = 0, same = 0;
	uint64_t last = 0;

	paper_reserve(rest_rows() + LOG_ROWS_MIN + 1);
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
			paper_write("--- and so on ---\n");
			break;
		}
		write_step(number++, &step);
		last = step.address;
	}
	write_repeats(same);
	say_if_cut();
}

static void write_log_line(const struct log_line *line)
{
	paper_printf("| %.*s\n",
		     (int)(line->length < PAPER_COLUMNS - 2 ?
				   line->length :
				   PAPER_COLUMNS - 2),
		     line->text);
}

static void write_log(const struct panic_cause *cause)
{
	(void)cause;
	log_show_last(paper_rows_left(), write_log_line);
}

/* ---- The rest ----------------------------------------------------------- */

extern const char rodata_start[], rodata_end[]; /* link/kernel.ld */

static bool is_constant(const void *at)
{
	return (const char *)at >= rodata_start &&
	       (const char *)at < rodata_end;
}

static void write_lock(const struct spinlock *lock)
{
	uint32_t owner =
		atomic_load_explicit(&lock->owner, memory_order_relaxed);
	const struct place *place =
		atomic_load_explicit(&lock->place, memory_order_relaxed);

	if (owner)
		paper_printf("%s lock: held by CPU %u since %s:%d\n",
			     is_constant(lock->name) ? lock->name : "?",
			     owner - 1, is_constant(place) ? place->file : "?",
			     is_constant(place) ? place->line : 0);
}

/* In ticks as long as nobody knows what one is worth. */
static void write_uptime(void)
{
	uint64_t ticks = tsc_read(), ns = clock_ns_at(ticks);

	if (clock_rates()->tsc_hz)
		paper_printf("up %lu.%06lu s", ns / NS_PER_S,
			     ns % NS_PER_S / 1000);
	else
		paper_printf("up %lu ticks", ticks);
}

static void write_locks(const struct panic_cause *cause)
{
	(void)cause;
	paper_reserve(1);
	write_lock(&console_lock);
}

static void write_end(const struct panic_cause *cause)
{
	paper_reserve(0);
	paper_printf("The machine is stopped. Build %016lx, ", cause->build_id);
	write_uptime();
	paper_write(".\n");
}

/* ---- All of it ---------------------------------------------------------- */

static void (*const sections[])(const struct panic_cause *cause) = {
	write_head, write_message, write_registers, write_code,
	write_trace, write_log, write_locks, write_end,
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
	paper_write("\nPANIC INSIDE PANIC: ");
	if (cause->format)
		paper_printf("\"%s\" in %s() at %s:%d\n", cause->format,
			     cause->place->function, cause->place->file,
			     cause->place->line);
	else {
		paper_printf("%s in ",
			     exception_name(
				     (unsigned int)cause->frame->vector));
		write_place(cause->frame->rip, false);
		paper_write("\n");
	}
}
