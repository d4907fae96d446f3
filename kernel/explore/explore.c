#include "kernel/explore/explore.h"

#include "format.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/device/emulator.h"
#include "kernel/explore/scenario.h"
#include "kernel/explore/stepped.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/symbols.h"
#include "kernel/thread/thread.h"
#include "string.h"

/* The one that is played, for the panic page. */
static struct schedule explored;
static struct played result;
static bool exploring;

/* What has been done; of the addresses, each once. */
static uint64_t schedules, instructions, addresses;

/* ---- The command line ---------------------------------------------------- */

static const char *name_at(size_t n)
{
	const struct scenario *scenario = scenario_at(n);

	return scenario ? scenario->name : NULL;
}

static bool is_explorable(const char *value)
{
	struct schedule schedule;
	const char *name;

	for (size_t n = 0; (name = name_at(n)); n++)
		if (strcmp(name, value) == 0)
			return true;
	return schedule_read(value, &schedule);
}

COMMAND_LINE_WORD(explore, .value = "NAME[:SCHEDULE]", .takes = is_explorable,
		  .help = "interrupt threads at every instruction");

static const char *preemptions_choice(size_t n)
{
	return n == 0 ? "2" : NULL;
}

COMMAND_LINE_WORD(preemptions, .value = "2", .needs_value = true,
		  .choice = preemptions_choice,
		  .help = "explore with two interruptions in each schedule");

/* ---- One schedule -------------------------------------------------------- */

/* Returns how often it was interrupted. */
static size_t explore_one(void)
{
	play(&explored, &result);
	schedules++;
	instructions += result.instructions;
	if (result.wrong)
		panic("%s", result.wrong);
	return result.happened;
}

/* "after 37 instructions, in f() at kernel/f.c:7" */
static void write_interruption(size_t n, char *text, size_t size)
{
	struct symbol symbol;
	int length;

	if (result.after[n] == AFTER_ALL_SLEEP)
		length = ksnprintf(text, size, "when all slept");
	else
		length = ksnprintf(text, size, "after %u instructions",
				   result.after[n]);
	if (symbols_find(result.at[n], &symbol))
		ksnprintf(text + length, size - (size_t)length,
			  ", in %s() at %s:%u", symbol.function, symbol.file,
			  symbol.line);
}

PANIC_ROW(explore)
{
	char schedule[SCHEDULE_TEXT];

	if (!exploring || n > result.happened)
		return false;
	if (n > 0) {
		write_interruption(n - 1, text, size);
		return true;
	}
	schedule_write(&explored, schedule);
	ksnprintf(text, size, "explore=%s (instruction %lu, path %016lx)",
		  schedule, result.instructions, result.path);
	return true;
}

/* Where it was interrupted: a bit for each address of the kernel's code. */
extern const char text_start[], text_end[];
static uint8_t *interrupted;

static void make_bits(void)
{
	interrupted = kcalloc((size_t)(text_end - text_start) / 8 + 1, 1);
	if (!interrupted)
		panic("no memory left for the addresses that are seen");
}

static void note_address(uint64_t address)
{
	uint64_t offset = address - (uint64_t)text_start;
	uint8_t bit = (uint8_t)(1 << offset % 8);

	if (interrupted[offset / 8] & bit)
		return;
	interrupted[offset / 8] |= bit;
	addresses++;
}

/* ---- All schedules ------------------------------------------------------- */

/* Schedules with two interruptions, of one kind of a scenario: a minute. */
#define PAIRS_MAX 20000

/* Which boundaries of a program's call are tried, where not all are: one in so
 * many. Primes: of loops, other ones each time. */
#define KILLED_STEP 37
#define KILLED_STEP_LONG 101 /* of a call of so many instructions: */
#define KILLED_LONG 10000

static uint32_t killed_step(void)
{
	return result.instructions < KILLED_LONG ? KILLED_STEP :
						   KILLED_STEP_LONG;
}

struct series {
	uint32_t boundaries; /* between instructions, from 0 on */
	uint64_t schedules;
};

/* Without an interruption: from then on each schedule begins with what the one
 * before has left, caches and the like, which is the same each time. */
static void explore_first(const struct scenario *scenario, char kind)
{
	explored = (struct schedule){ .scenario = scenario,
				      .kind = kind,
				      .count = kind == SCHEDULE_INTERRUPT };
	explore_one();
}

/* The last interruption at the first boundary, then `step` later, and so on.
 * Where interrupts are off it comes at the next boundary where they are on:
 * those in between are done. */
static struct series explore_last(uint32_t first, uint32_t step)
{
	struct series done = { 0, 0 };
	size_t last = explored.count - 1;

	explored.after[last] = first;
	while (explore_one() == explored.count) {
		done.schedules++;
		note_address(result.at[last]);
		if (result.after[last] == AFTER_ALL_SLEEP)
			break;
		explored.after[last] = result.after[last] + step;
	}
	done.boundaries = explored.after[last];
	return done;
}

/* Both at each boundary, or, if these are too many, at some: of each first one
 * others of the second. */
static struct series explore_pairs(uint32_t boundaries)
{
	uint64_t pairs = (uint64_t)boundaries * boundaries / 2;
	uint32_t step = 1 + (uint32_t)(pairs / PAIRS_MAX);
	struct series done = { 0, 0 };

	explored.count = 2;
	for (uint32_t first = 0; first < boundaries; first++) {
		explored.after[0] = first;
		done.schedules += explore_last(first % step, step).schedules;
		/* Those in between, too, are done. */
		if (result.happened && result.after[0] > first)
			first = result.after[0];
	}
	if (step > 1)
		kprintf("  1 of %u pairs:\n", step);
	return done;
}

static void explore_kind(const struct scenario *scenario, char kind, bool twice)
{
	bool killed = scenario_is_killed(scenario);
	struct series once, pairs = { 0, 0 };

	explore_first(scenario, kind);
	explored.count = 1;
	once = explore_last(0, killed && !twice ? killed_step() : 1);
	if (twice && !killed && kind != SCHEDULE_INTERRUPT)
		pairs = explore_pairs(once.boundaries);
	kprintf("%s:%c  %u boundaries, %lu schedules\n", scenario->name, kind,
		once.boundaries, once.schedules + pairs.schedules);
}

static void explore_all(const char *wanted)
{
	bool twice = command_line_value("preemptions") != NULL;
	const struct scenario *scenario;

	for (size_t n = 0; (scenario = scenario_at(n)); n++) {
		if (wanted ? strcmp(wanted, scenario->name) != 0 :
			     scenario_is_wrong(scenario))
			continue;
		for (const char *kind = scenario->kinds; *kind; kind++)
			explore_kind(scenario, *kind, twice);
	}
	kprintf("explore: %lu schedules of %lu instructions, interrupted at "
		"%lu addresses: 0 findings\n",
		schedules, instructions, addresses);
}

/* ---- One again ----------------------------------------------------------- */

static void replay(const char *text)
{
	char row[PANIC_COLUMNS + 1];
	struct schedule wanted;

	schedule_read(text, &wanted);
	explore_first(wanted.scenario, wanted.kind);
	explored = wanted;
	explore_one();
	for (size_t n = 0; n < result.happened; n++) {
		write_interruption(n, row, sizeof(row));
		kprintf("%s\n", row);
	}
	kprintf("explore=%s: nothing is wrong, path %016lx\n", text,
		result.path);
}

static void refuse(const char *text)
{
	const struct scenario *scenario;

	kprintf("explore=%s: neither a name nor a schedule, such as "
		"lock:c37.\nNames, and the kinds of schedules of each:\n",
		text);
	for (size_t n = 0; (scenario = scenario_at(n)); n++)
		kprintf("  %s:%s\n", scenario->name, scenario->kinds);
	leave_qemu(DEBUG_EXIT_FAILURE);
	cpu_stop();
}

void explore_run(void)
{
	const char *wanted;

	if (!command_line_find("explore", &wanted))
		return;
	if (wanted && !is_explorable(wanted))
		refuse(wanted);
	panic_leave_qemu();
	if (!stepped_start())
		panic("no memory left for stepped processors");
	make_bits();
	exploring = true;
	if (wanted && strchr(wanted, ':'))
		replay(wanted);
	else
		explore_all(wanted);
	exploring = false;
	leave_qemu(DEBUG_EXIT_SUCCESS);
	cpu_stop();
}
