/*
 * parts.h - between the files of this room.
 *
 * Who is whose child, and whether a program is killed or over, is guarded by
 * the scheduler's lock, as is the job in front.
 */
#ifndef KERNEL_PROCESS_PARTS_H
#define KERNEL_PROCESS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "kernel/cpu/trap.h"
#include "kernel/process/memory.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/wait.h"

#define PROCESS_NAME_MAX THREAD_NAME_MAX /* it has a thread of this name */
#define MAILBOX 8 /* values that wait to be received */
#define CALLS_KEPT 4

struct process_call {
	uint64_t number, first, second;
	int64_t result;
};

enum process_state {
	PROCESS_RUNS,
	PROCESS_ENDS, /* the reaper releases what it had */
	PROCESS_OVER, /* and somebody may ask how it ended */
};

/* SDM 1, "FXSAVE Area"; MXCSR and x87 control word as after a reset. */
#define FX_BYTES 512
#define FX_CONTROL 0
#define FX_MXCSR 24
#define X87_CONTROL_RESET 0x37F

struct process {
	_Alignas(16)
		uint8_t fx[FX_BYTES]; /* x87 and SSE while it does not run */
	uint16_t ds, es, fs, gs; /* likewise */
	struct process *next;
	struct process *reap_next;
	uint32_t number, job;
	struct process *parent; /* NULL: the prompt */
	bool wanted; /* somebody will ask how it ended */
	enum process_state state;
	bool killed;
	bool waits; /* in a queue of this room: can be woken by a kill */
	struct thread *thread; /* NULL: it has not run yet */
	struct memory memory;
	vaddr_t entry, stack;
	uint64_t words; /* to the program's main() */
	vaddr_t words_at;
	struct call_end end;
	struct wait_queue over, mail, room;
	struct {
		uint32_t from;
		uint64_t value;
	} box[MAILBOX];
	uint64_t received, sent; /* counted for ever */
	struct process_call last[CALLS_KEPT];
	uint64_t calls, faults;
	char name[PROCESS_NAME_MAX + 1];
};

/* ---- process.c ----------------------------------------------------------- */

/* The program that the calling thread runs; NULL: none. Context: any. */
struct process *process_this(void);

/* Start one. `parent` is NULL for the prompt. */
int64_t process_spawn(const char *line, struct process *parent, bool wanted,
		      uint32_t *number);

/* End the calling one. */
_Noreturn void process_end(enum call_ending how, int64_t code);

/* With the scheduler's lock held: the one of this number; NULL: none. */
struct process *process_find(uint32_t number);

/* With the lock held: wait in the queue, at most until that time by clock_ns()
 * if it is not 0; false: the program is killed. */
static inline bool process_wait_until(struct wait_queue *queue, uint64_t ns)
{
	struct process *me = sched_current()->process;

	if (me->killed)
		return false;
	me->waits = true;
	if (ns)
		wait_in_until(queue, ns);
	else
		wait_in(queue);
	me->waits = false;
	return !me->killed;
}

static inline bool process_wait_in(struct wait_queue *queue)
{
	return process_wait_until(queue, 0);
}

/* Wait for a child. 0 or a negative error. */
int64_t process_wait_for(struct process *me, uint32_t number,
			 struct call_end *end);

/* Start the thread that releases what ended programs had. Once. */
void process_start_reaper(void);

/* ---- load.c -------------------------------------------------------------- */

/* Make a program's memory from its file. 0 or a negative error. */
int64_t load(struct process *process, const char *line);

/* What was wrong with the last file that was CALL_E_NOT_RUNNABLE. */
const char *load_why_not_runnable(void);

/* ---- switch.c ------------------------------------------------------------ */

void switch_start(void);

/* From here on the calling thread runs this program: its tables, its stack for
 * ring 0. Interrupts off. */
void switch_begin(struct process *process);

/* ---- call.c -------------------------------------------------------------- */

/* A call from ring 3 (interrupt.h). */
void call_enter(struct trap_frame *frame);

/* ---- mail.c -------------------------------------------------------------- */

/* The job that gets the keys; 0: none. A program of another one that waits for
 * a key is refused. With the scheduler's lock held. */
void keys_set_front(uint32_t job);

/* Whether a program waits for a key. Context: any. */
bool keys_wanted(void);

/* Give the job in front the character that it waits for. */
void keys_give(char character);

/* Wait for a key. 1, or a negative error. */
int64_t keys_read(struct process *me, char *to);

/* Put a value into the mailbox of the program of that number; waits for room.
 * 0 or a negative error. */
int64_t mail_send(struct process *me, uint64_t number, uint64_t value);

/* Take one; waits for it. Who sent it, or a negative error. */
int64_t mail_take(struct process *me, uint64_t *value);

/* ---- report.c ------------------------------------------------------------ */

/* Print how the fault came about. */
void report_fault(struct process *me, const struct trap_frame *frame,
		  vaddr_t address, bool none_left);

#endif
