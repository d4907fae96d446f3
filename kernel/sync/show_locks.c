/*
 * show_locks.c - the monitor's command locks.
 */
#include "format.h"
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/sanitize/locks.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/spinlock.h"
#include "kernel/thread/sched.h"
#include "kernel/time/clock.h"

#define RELAXED memory_order_relaxed

/* One row, as it was at some moment. */
struct lock_row {
	const char *name;
	char holder[16];
	uint32_t waiting;
	uint64_t waited;
	const struct place *taken; /* NULL: it is free, or not known */
};

/* link/kernel.ld */
extern const struct spinlock *const locks_start[], *const locks_end[];
extern const struct mutex *const mutexes_start[], *const mutexes_end[];

static void show_row(const struct lock_row *row)
{
	struct locks_longest longest;
	char text[48] = "";

	if (locks_longest(row->name, &longest))
		ksnprintf(text, sizeof(text), "%7lu us  %s:%u",
			  clock_span_ns(longest.ticks) / 1000, longest.file,
			  longest.line);
	kprintf("%-12s %-9s %7u %7lu %s\n", row->name, row->holder,
		row->waiting, row->waited, text);
	if (row->taken)
		kprintf("%-12s taken in %s() at %s:%d\n", "",
			row->taken->function, row->taken->file,
			row->taken->line);
}

static void show_spinlock(const struct spinlock *lock)
{
	struct lock_row row = { .name = lock->name, .holder = "free" };
	uint32_t tickets = atomic_load_explicit(&lock->next, RELAXED) -
			   atomic_load_explicit(&lock->serving, RELAXED);
	uint64_t owner = atomic_load_explicit(&lock->owner, RELAXED);

	row.waiting = tickets > 1 ? tickets - 1 : 0;
	row.waited = atomic_load_explicit(&lock->waited, RELAXED);
	if (owner) {
		ksnprintf(row.holder, sizeof(row.holder), "CPU %u",
			  cpu_number_of(owner));
		row.taken = atomic_load_explicit(&lock->place, RELAXED);
	}
	show_row(&row);
}

static void show_mutex(const struct mutex *mutex)
{
	struct lock_row row = { .name = mutex->queue.name, .holder = "free" };
	{
		const struct thread *owner, *thread;
		SCHED_HOLD();

		owner = mutex_owner(mutex);
		for (thread = mutex->queue.first; thread; thread = thread->next)
			row.waiting++;
		row.waited = mutex->waited;
		/* It may have ended, and be no thread any more. */
		for (thread = sched_all; thread && thread != owner;)
			thread = thread->all_next;
		if (thread)
			ksnprintf(row.holder, sizeof(row.holder), "thread %u",
				  thread->number);
		else if (owner)
			ksnprintf(row.holder, sizeof(row.holder), "gone");
	}
	show_row(&row);
}

COMMAND(locks, .group = GROUP_TASKS,
	.help = "show the locks, who holds them and how many wait",
	.more = "Of each: who holds it, how many wait for it now, and how "
		"often somebody had\nto so far. Spinlocks are held by "
		"processors, mutexes, below them, by threads.\n"
		"A kernel of make SANITIZE=1 shows for how long it was held "
		"at most, and where\nit had been taken.\n")
{
	kprintf("lock         held by   waiting  waited %s\n",
		LOCKS_TIMED ? "longest hold" : "");
	for (size_t i = 0; &locks_start[i] < locks_end; i++)
		show_spinlock(locks_start[i]);
	for (size_t i = 0; &mutexes_start[i] < mutexes_end; i++)
		show_mutex(mutexes_start[i]);
	if (!LOCKS_TIMED)
		kprintf("A kernel of make SANITIZE=1 shows the longest "
			"holds, too.\n");
}
