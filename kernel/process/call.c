/*
 * call.c - the calls of programs, see calls.h. What a program passes may be
 * anything.
 */
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/process/parts.h"
#include "kernel/process/process.h"
#include "kernel/sanitize/locks.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/thread/wait.h"
#include "kernel/time/clock.h"

typedef int64_t call(struct process *me, uint64_t first, uint64_t second);

/* ---- Text and keys ------------------------------------------------------- */

#define TEXT_AT_ONCE 128

/* A program can't move the cursor, nor change colours. */
static void print(char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if ((text[i] < ' ' && text[i] != '\n' && text[i] != '\t') ||
		    text[i] > '~')
			text[i] = '?';
	kprintf("%.*s", (int)bytes, text);
}

static int64_t call_write(struct process *me, uint64_t text, uint64_t bytes)
{
	char piece[TEXT_AT_ONCE];
	uint64_t done = 0;

	while (done < bytes && !me->killed) {
		uint64_t left = bytes - done;
		size_t size = left < sizeof(piece) ? left : sizeof(piece);

		if (!memory_read(piece, text + done, size))
			return done ? (int64_t)done : -CALL_E_ADDRESS;
		print(piece, size);
		done += size;
	}
	return (int64_t)done;
}

static int64_t call_read(struct process *me, uint64_t buffer, uint64_t bytes)
{
	int64_t count;
	char key;

	if (!bytes)
		return -CALL_E_SIZE;
	/* Before it waits. */
	if (!memory_write(buffer, "", 1))
		return -CALL_E_ADDRESS;
	count = keys_read(me, &key);
	if (count > 0 && !memory_write(buffer, &key, 1))
		return -CALL_E_ADDRESS;
	return count;
}

/* ---- Programs ------------------------------------------------------------ */

static int64_t call_exit(struct process *me, uint64_t code, uint64_t second)
{
	(void)me;
	(void)second;
	process_end(CALL_EXITED, (int64_t)code);
}

/* A string may end where the program's memory does. */
static int64_t read_line(char *line, vaddr_t from)
{
	for (size_t i = 0; i <= CALL_LINE_MAX; i++) {
		if (!memory_read(line + i, from + i, 1))
			return -CALL_E_ADDRESS;
		if (!line[i])
			return 0;
	}
	return -CALL_E_TOO_LONG;
}

static int64_t call_spawn(struct process *me, uint64_t from, uint64_t second)
{
	char line[CALL_LINE_MAX + 1];
	int64_t error = read_line(line, from);
	uint32_t number;

	(void)second;
	if (!error)
		error = process_spawn(line, me, true, &number);
	return error ? error : number;
}

static int64_t call_wait(struct process *me, uint64_t number, uint64_t to)
{
	struct call_end end;
	int64_t error;

	if (number > UINT32_MAX)
		return -CALL_E_NO_CHILD;
	error = process_wait_for(me, (uint32_t)number, &end);
	if (!error && to && !memory_write(to, &end, sizeof(end)))
		error = -CALL_E_ADDRESS;
	return error;
}

/* A program may end itself and its children. */
static int64_t call_kill(struct process *me, uint64_t number, uint64_t second)
{
	const struct process *other;

	(void)second;
	{
		SCHED_HOLD();
		other = number > UINT32_MAX ? NULL :
					      process_find((uint32_t)number);
		if (!other || (other != me && other->parent != me))
			return -CALL_E_NO_CHILD;
	}
	return process_kill((uint32_t)number) ? 0 : -CALL_E_NO_SUCH;
}

static int64_t call_getpid(struct process *me, uint64_t first, uint64_t second)
{
	(void)first;
	(void)second;
	return me->number;
}

/* ---- Time ---------------------------------------------------------------- */

static int64_t call_yield(struct process *me, uint64_t first, uint64_t second)
{
	(void)me;
	(void)first;
	(void)second;
	thread_yield();
	return 0;
}

#define SLEEP_MAX (1ULL << 62) /* a century and a half */

static int64_t call_sleep(struct process *me, uint64_t ns, uint64_t second)
{
	static struct wait_queue sleepers = WAIT_QUEUE("a time");
	uint64_t end = clock_ns() + (ns < SLEEP_MAX ? ns : SLEEP_MAX);
	SCHED_HOLD();

	(void)me;
	(void)second;
	return process_wait_until(&sleepers, end) ? 0 : -CALL_E_KILLED;
}

static int64_t call_time(struct process *me, uint64_t first, uint64_t second)
{
	(void)me;
	(void)first;
	(void)second;
	return (int64_t)clock_ns();
}

/* ---- Memory -------------------------------------------------------------- */

static int64_t call_map(struct process *me, uint64_t bytes, uint64_t second)
{
	(void)second;
	return memory_map(&me->memory, bytes);
}

static int64_t call_unmap(struct process *me, uint64_t address, uint64_t second)
{
	(void)second;
	return memory_unmap(&me->memory, address);
}

/* ---- Mail ---------------------------------------------------------------- */

static int64_t call_send(struct process *me, uint64_t number, uint64_t value)
{
	return mail_send(me, number, value);
}

static int64_t call_receive(struct process *me, uint64_t to, uint64_t second)
{
	uint64_t value;
	int64_t from = mail_take(me, &value);

	(void)second;
	if (from > 0 && !memory_write(to, &value, sizeof(value)))
		return -CALL_E_ADDRESS;
	return from;
}

/* ---- Which one ----------------------------------------------------------- */

static call *const calls[CALL_COUNT] = {
	[CALL_EXIT] = call_exit,     [CALL_WRITE] = call_write,
	[CALL_READ] = call_read,     [CALL_SPAWN] = call_spawn,
	[CALL_WAIT] = call_wait,     [CALL_SLEEP] = call_sleep,
	[CALL_YIELD] = call_yield,   [CALL_MAP] = call_map,
	[CALL_UNMAP] = call_unmap,   [CALL_TIME] = call_time,
	[CALL_GETPID] = call_getpid, [CALL_KILL] = call_kill,
	[CALL_SEND] = call_send,     [CALL_RECEIVE] = call_receive,
};

/* Every call comes here, so this is short. */
void call_enter(struct trap_frame *frame)
{
	struct process *me = cpu_here()->thread->process;
	struct process_call *last = &me->last[me->calls++ % CALLS_KEPT];
	uint64_t number = frame->rax;

	if (cpu_has_smap())
		cpu_user_access_end();
	cpu_interrupts_on();
	last->number = number;
	last->first = frame->rdi;
	last->second = frame->rsi;
	last->result = number < CALL_COUNT ?
			       calls[number](me, frame->rdi, frame->rsi) :
			       -CALL_E_NUMBER;
	locks_none_held("a system call");
	frame->rax = (uint64_t)last->result;
	cpu_interrupts_off();
	if (me->killed)
		process_end(CALL_KILLED, 0);
}
