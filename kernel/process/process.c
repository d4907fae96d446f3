#include "kernel/process/process.h"

#include "boot/x86.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/panic/panic.h"
#include "kernel/process/parts.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/thread/wait.h"
#include "string.h"

static struct process *processes; /* in the order of their numbers */
static volatile size_t process_count;
static uint32_t last_number;

/* Those whose end is to be followed by a release. */
static struct process *dead;
static struct wait_queue reaper_queue = WAIT_QUEUE("a program's end");

struct process *process_this(void)
{
	struct thread *thread = thread_this();

	return thread ? thread->process : NULL;
}

struct process *process_find(uint32_t number)
{
	struct process *process = processes;

	while (process && process->number != number)
		process = process->next;
	return process;
}

/* ---- The list ------------------------------------------------------------ */

static int64_t enlist(struct process *process, struct process *parent)
{
	struct process **link = &processes;
	SCHED_HOLD();

	if (parent && parent->killed)
		return -CALL_E_KILLED;
	if (process_count == PROCESSES_MAX)
		return -CALL_E_TOO_MANY;
	while (*link)
		link = &(*link)->next;
	*link = process;
	process_count++;
	process->number = ++last_number;
	process->job = parent ? parent->job : process->number;
	if (!parent && process->wanted)
		keys_set_front(process->job);
	return 0;
}

/* The lock is held. */
static void delist(struct process *process)
{
	struct process **link = &processes;

	while (*link != process)
		link = &(*link)->next;
	*link = process->next;
	process_count--;
}

/* ---- The beginning ------------------------------------------------------- */

_Noreturn static int64_t process_main(void *argument)
{
	struct process *me = argument;
	struct trap_frame frame = {
		.rdi = me->words,
		.rsi = me->words_at,
		.rip = me->entry,
		.cs = SEL_USER_CODE,
		.rflags = EFLAGS_IF | FLAGS_CLEAR,
		.rsp = me->stack,
		.ss = SEL_USER_DATA,
	};

	{
		SCHED_HOLD();
		me->thread = sched_current();
		switch_begin(me);
	}
	if (me->killed)
		process_end(CALL_KILLED, 0);
	cpu_interrupts_off();
	interrupt_go_on(&frame);
}

static void forget(struct process *process)
{
	memory_end(&process->memory);
	kfree(process);
}

/* Its first thread may have ended, and all be released, when this returns. */
static int64_t begin(struct process *process, struct process *parent,
		     uint32_t *number)
{
	int64_t error = enlist(process, parent);

	if (error)
		return error;
	*number = process->number;
	if (thread_create(process->name, process_main, process))
		return 0;
	SCHED_HOLD();
	delist(process);
	if (!parent && process->wanted)
		keys_set_front(0);
	return -CALL_E_MEMORY;
}

int64_t process_spawn(const char *line, struct process *parent, bool wanted,
		      uint32_t *number)
{
	struct process *process;
	int64_t error;

	/* It costs nothing to be refused; enlist() decides. */
	if (process_count == PROCESSES_MAX)
		return -CALL_E_TOO_MANY;
	process = kcalloc(1, sizeof(*process));
	if (!process)
		return -CALL_E_MEMORY;
	process->parent = parent;
	process->wanted = wanted;
	process->over.name = "a program's end";
	process->mail.name = "mail";
	process->room.name = "room in a mailbox";
	error = load(process, line);
	if (error) {
		kfree(process);
		return error;
	}
	error = begin(process, parent, number);
	if (error)
		forget(process);
	return error;
}

/* ---- The end ------------------------------------------------------------- */

_Noreturn void process_end(enum call_ending how, int64_t code)
{
	struct process *me = process_this();

	{
		SCHED_HOLD();
		me->end = (struct call_end){ how, code };
		me->state = PROCESS_ENDS;
		me->reap_next = dead;
		dead = me;
		wait_wake_all(&me->room);
		wait_wake_one(&reaper_queue);
	}
	thread_exit(0);
}

static struct process *next_dead(void)
{
	struct process *process;
	SCHED_HOLD();

	while (!dead)
		wait_in(&reaper_queue);
	process = dead;
	dead = process->reap_next;
	return process;
}

/* Nobody asks any more how its children end. The lock is held; returns those
 * that are over, by reap_next. */
static struct process *leave_children(const struct process *parent)
{
	struct process *over = NULL, *next;

	for (struct process *child = processes; child; child = next) {
		next = child->next;
		if (child->parent != parent)
			continue;
		child->parent = NULL;
		child->wanted = false;
		if (child->state != PROCESS_OVER)
			continue;
		delist(child);
		child->reap_next = over;
		over = child;
	}
	return over;
}

static void free_all(struct process *process)
{
	while (process) {
		struct process *next = process->reap_next;

		kfree(process);
		process = next;
	}
}

static void print_end(const struct process *process)
{
	if (process->end.how == CALL_EXITED)
		kprintf("[%u] %s: exit code %ld\n", process->number,
			process->name, process->end.code);
	else
		kprintf("[%u] %s: %s\n", process->number, process->name,
			process->end.how == CALL_KILLED ? "killed" :
							  "ended by a fault");
}

/* All that it had is released. */
static void bury(struct process *process)
{
	struct process *over;
	bool started_behind = !process->parent && !process->wanted &&
			      process->job == process->number;

	if (started_behind)
		print_end(process);
	{
		SCHED_HOLD();
		over = leave_children(process);
		process->state = PROCESS_OVER;
		wait_wake_all(&process->over);
		thread_wake_interrupt_waiters();
		if (!process->wanted) {
			delist(process);
			process->reap_next = over;
			over = process;
		}
	}
	free_all(over);
}

_Noreturn static int64_t reap(void *argument)
{
	(void)argument;
	for (;;) {
		struct process *process = next_dead();

		thread_join(process->thread);
		memory_end(&process->memory);
		bury(process);
	}
}

/* ---- Asking how it ended ------------------------------------------------- */

int64_t process_wait_for(struct process *me, uint32_t number,
			 struct call_end *end)
{
	struct process *child;

	{
		SCHED_HOLD();
		for (;;) {
			child = process_find(number);
			if (!child || child->parent != me || !child->wanted)
				return -CALL_E_NO_CHILD;
			if (child->state == PROCESS_OVER)
				break;
			if (!process_wait_in(&child->over))
				return -CALL_E_KILLED;
		}
		delist(child);
	}
	*end = child->end;
	kfree(child);
	return 0;
}

/* ---- The prompt ---------------------------------------------------------- */

int64_t process_start(const char *line, bool front, uint32_t *number)
{
	return process_spawn(line, NULL, front, number);
}

bool process_is_over(uint32_t number)
{
	const struct process *process;
	SCHED_HOLD();

	process = process_find(number);
	return !process || process->state == PROCESS_OVER;
}

/* The lock is held. */
static struct process *find_wanted(uint32_t number)
{
	struct process *process = process_find(number);

	if (!process || !process->wanted)
		panic("program %u is waited for, but not in front", number);
	return process;
}

void process_wait(uint32_t number, struct call_end *end)
{
	struct process *process;

	{
		SCHED_HOLD();
		process = find_wanted(number);
		while (process->state != PROCESS_OVER)
			wait_in(&process->over);
		delist(process);
		keys_set_front(0);
	}
	*end = process->end;
	kfree(process);
}

/* ---- Killing ------------------------------------------------------------- */

/* The lock is held. */
static void kill(struct process *process)
{
	process->killed = true;
	if (process->waits && process->thread->state == THREAD_WAITING)
		wait_wake(process->thread);
}

bool process_kill(uint32_t number)
{
	struct process *process;
	SCHED_HOLD();

	process = process_find(number);
	if (!process || process->state != PROCESS_RUNS)
		return false;
	kill(process);
	return true;
}

/* All at once: none of them can start another one in between. */
bool process_kill_job(uint32_t number)
{
	bool found = false;
	SCHED_HOLD();

	for (struct process *process = processes; process;
	     process = process->next) {
		if (process->job != number || process->state != PROCESS_RUNS)
			continue;
		kill(process);
		found = true;
	}
	return found;
}

/* ---- What is known ------------------------------------------------------- */

static const char *state_name(const struct process *process)
{
	if (process->state == PROCESS_OVER)
		return "over";
	if (process->state == PROCESS_ENDS || !process->thread)
		return process->thread ? "ends" : "begins";
	return thread_state_name(process->thread->state);
}

bool process_nth(size_t n, struct process_info *info)
{
	const struct process *process;
	SCHED_HOLD();

	for (process = processes; process && n; n--)
		process = process->next;
	if (!process)
		return false;
	*info = (struct process_info){
		.number = process->number,
		.job = process->job,
		.parent = process->parent ? process->parent->number : 0,
		.state = state_name(process),
		.pages = process->state == PROCESS_RUNS ?
				 memory_pages(&process->memory) :
				 0,
		.calls = process->calls,
		.faults = process->faults,
	};
	_Static_assert(sizeof(info->name) == sizeof(process->name), "a name");
	memcpy(info->name, process->name, sizeof(info->name));
	return true;
}

void process_start_reaper(void)
{
	if (!thread_create("reaper", reap, NULL))
		panic("no memory left for the thread that releases programs");
}
