/*
 * killed.c - a program is killed at every instruction of each call, and nothing
 * of it stays. It does not get to ring 3: where it would, it goes on here.
 */
#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/explore/scenario.h"
#include "kernel/explore/stepped.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/panic/panic.h"
#include "kernel/process/archive.h"
#include "kernel/process/parts.h"
#include "kernel/process/process.h"
#include "kernel/sync/semaphore.h"
#include "kernel/thread/thread.h"

/* Its words, as it was started; and a page of its stack that is absent. */
#define LINE (PROGRAM_STACK_TOP - CALL_LINE_MAX - 1)
#define ABSENT (PROGRAM_STACK_TOP - 3 * PAGE_SIZE)

static struct semaphore go = SEMAPHORE("explored: go", 0);
static uint64_t explored_call;
static uint32_t victim;

/* ---- What must be as before ---------------------------------------------- */

struct in_use {
	uint64_t programs, tables, blocks, threads;
};

static struct in_use before;
static bool left_open; /* pages of ring 3, after a call */

static struct in_use count_all(void)
{
	struct in_use now = { .programs = frames_out(FRAME_PROGRAM),
			      .tables = frames_out(FRAME_TABLE) };
	struct thread_info thread;

	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		now.blocks += kmalloc_in_use(i);
	while (thread_nth(now.threads, &thread))
		now.threads++;
	return now;
}

static const char *check(void)
{
	static bool stacks_kept; /* with the page tables to them */
	struct in_use now = count_all();
	struct process_info info;

	if (!stacks_kept)
		before.tables = now.tables;
	stacks_kept = true;
	scenario_use_sinks(true);
	stepped_program = NULL;
	return left_open ? "after a call the kernel may reach ring 3's pages" :
	       process_nth(0, &info)	       ? "a program is there for ever" :
	       now.programs != before.programs ? "a program's frame stays" :
	       now.tables != before.tables     ? "a page table stays" :
	       now.blocks != before.blocks     ? "a block of the heap stays" :
	       now.threads != before.threads   ? "a thread stays" :
						 NULL;
}

/* ---- The program --------------------------------------------------------- */

static int64_t do_call(uint64_t number, uint64_t first, uint64_t second)
{
	struct trap_frame frame = { .rax = number,
				    .rdi = first,
				    .rsi = second };

	/* Ring 3 sets AC as it likes. */
	if (cpu_has_smap())
		cpu_user_access_begin();
	call_enter(&frame);
	left_open |= (cpu_flags() & EFLAGS_AC) != 0;
	cpu_interrupts_on();
	return (int64_t)frame.rax;
}

/* What the call is about, and its two values. */
static void prepare_values(const struct process *me, uint64_t *values)
{
	values[0] = LINE;
	values[1] = 5;
	switch (explored_call) {
	case CALL_READ:
	case CALL_RECEIVE:
		values[0] = ABSENT;
		break;
	case CALL_WAIT:
	case CALL_KILL:
		values[0] = (uint64_t)do_call(CALL_SPAWN, LINE, 0);
		values[1] = ABSENT;
		break;
	case CALL_SLEEP:
	case CALL_MAP:
		values[0] = PAGE_SIZE;
		break;
	case CALL_UNMAP:
		values[0] = (uint64_t)do_call(CALL_MAP, PAGE_SIZE, 0);
		memory_write(values[0], "", 1);
		break;
	case CALL_SEND:
		values[0] = me->number;
		for (int i = 0; i < MAILBOX; i++)
			do_call(CALL_SEND, me->number, 0);
		break;
	default:
		break;
	}
}

/* In place of ring 3. What the program spawns ends at once. */
static void run_program(void)
{
	const struct process *me = sched_this()->process;
	uint64_t values[2];

	cpu_interrupts_on();
	if (me->number == victim) {
		prepare_values(me, values);
		semaphore_down(&go);
		scenario_counts = true;
		do_call(explored_call, values[0], values[1]);
	}
	do_call(CALL_EXIT, 0, 0);
}

/* ---- Who kills it -------------------------------------------------------- */

static void prepare(uint64_t number)
{
	const char *name = archive_program(0);

	if (!name)
		panic("nothing can be killed: %s", archive_why_not());
	explored_call = number;
	scenario_counts = false;
	scenario_use_sinks(false);
	stepped_program = run_program;
	before = count_all();
	if (process_spawn(name, NULL, true, &victim))
		panic("%s does not start", name);
}

static void wait_for_it(void)
{
	struct call_end end;

	semaphore_up(&go);
	process_wait(victim, &end);
}

static void kill_it(void)
{
	process_kill(victim);
}

/* ---- All of them --------------------------------------------------------- */

#define PREPARE(name)                    \
	static void prepare_##name(void) \
	{                                \
		prepare(CALL_##name);    \
	}
PREPARE(EXIT)
PREPARE(WRITE)
PREPARE(READ)
PREPARE(SPAWN)
PREPARE(WAIT)
PREPARE(SLEEP)
PREPARE(YIELD)
PREPARE(MAP)
PREPARE(UNMAP)
PREPARE(TIME)
PREPARE(GETPID)
PREPARE(KILL)
PREPARE(SEND)
PREPARE(RECEIVE)

const struct scenario killed_scenarios[] = {
	{ "call-exit", "c", prepare_EXIT, wait_for_it, kill_it, check },
	{ "call-write", "c", prepare_WRITE, wait_for_it, kill_it, check },
	{ "call-read", "c", prepare_READ, wait_for_it, kill_it, check },
	{ "call-spawn", "c", prepare_SPAWN, wait_for_it, kill_it, check },
	{ "call-wait", "c", prepare_WAIT, wait_for_it, kill_it, check },
	{ "call-sleep", "c", prepare_SLEEP, wait_for_it, kill_it, check },
	{ "call-yield", "c", prepare_YIELD, wait_for_it, kill_it, check },
	{ "call-map", "c", prepare_MAP, wait_for_it, kill_it, check },
	{ "call-unmap", "c", prepare_UNMAP, wait_for_it, kill_it, check },
	{ "call-time", "c", prepare_TIME, wait_for_it, kill_it, check },
	{ "call-getpid", "c", prepare_GETPID, wait_for_it, kill_it, check },
	{ "call-kill", "c", prepare_KILL, wait_for_it, kill_it, check },
	{ "call-send", "c", prepare_SEND, wait_for_it, kill_it, check },
	{ "call-receive", "c", prepare_RECEIVE, wait_for_it, kill_it, check },
};

const size_t killed_scenario_count =
	sizeof(killed_scenarios) / sizeof(killed_scenarios[0]);
