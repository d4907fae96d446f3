#include "kernel/thread/wait.h"

#include "kernel/thread/sched.h"
#include "kernel/time/clock.h"

static struct thread *wake_first; /* those that a time wakes */

static void append(struct wait_queue *queue, struct thread *thread)
{
	thread->next = NULL;
	if (queue->last)
		queue->last->next = thread;
	else
		queue->first = thread;
	queue->last = thread;
}

static void remove(struct wait_queue *queue, struct thread *thread)
{
	struct thread **link = &queue->first, *before = NULL;

	for (; *link != thread; link = &before->next)
		before = *link;
	*link = thread->next;
	if (queue->last == thread)
		queue->last = before;
}

/* ---- Times --------------------------------------------------------------- */

static void wake_at(struct thread *thread, uint64_t ns)
{
	struct thread **link = &wake_first;

	while (*link && (*link)->wake_ns <= ns)
		link = &(*link)->wake_next;
	thread->wake_ns = ns;
	thread->wake_next = *link;
	*link = thread;
}

static void wake_forget(struct thread *thread)
{
	struct thread **link = &wake_first;

	if (!thread->wake_ns)
		return;
	while (*link != thread)
		link = &(*link)->wake_next;
	*link = thread->wake_next;
	thread->wake_ns = 0;
}

bool wait_has_times(void)
{
	return wake_first != NULL;
}

/* ---- Waiting ------------------------------------------------------------- */

static void wait(struct wait_queue *queue, uint64_t ns)
{
	struct cpu *cpu = cpu_here();
	struct thread *me = cpu->thread;

	sched_check_locks(cpu, "waits for ", queue->name);
	me->state = THREAD_WAITING;
	me->waits_in = queue;
	me->timed_out = false;
	append(queue, me);
	if (ns)
		wake_at(me, ns);
	sched_switch();
}

void wait_in(struct wait_queue *queue)
{
	wait(queue, 0);
}

bool wait_in_until(struct wait_queue *queue, uint64_t ns)
{
	wait(queue, ns ? ns : 1);
	return !sched_current()->timed_out;
}

/* ---- Waking -------------------------------------------------------------- */

void wait_wake(struct thread *thread)
{
	remove(thread->waits_in, thread);
	thread->waits_in = NULL;
	wake_forget(thread);
	sched_ready(thread);
}

bool wait_wake_one(struct wait_queue *queue)
{
	if (!queue->first)
		return false;
	wait_wake(queue->first);
	return true;
}

void wait_wake_all(struct wait_queue *queue)
{
	while (wait_wake_one(queue))
		;
}

void wait_wake_due(void)
{
	uint64_t now = clock_ns();

	while (wake_first && wake_first->wake_ns <= now) {
		wake_first->timed_out = true;
		wait_wake(wake_first);
	}
}
