/*
 * fault_lock.c - mistakes with locks: what the plain kernel notices of them,
 * and what only the sanitized one (make SANITIZE=1).
 */
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/fault/kinds.h"
#include "kernel/sanitize/locks.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/semaphore.h"
#include "kernel/sync/spinlock.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"

static struct spinlock left = SPINLOCK("left");
SPINLOCK_LISTED(left);
static struct spinlock right = SPINLOCK("right");
SPINLOCK_LISTED(right);

/* ---- Two orders ---------------------------------------------------------- */

static void left_then_right(void)
{
	SPINLOCK_HOLD(&left);
	SPINLOCK_HOLD(&right);
}

static void right_then_left(void)
{
	SPINLOCK_HOLD(&right);
	SPINLOCK_HOLD(&left);
}

/* Two processors that do one each, at once, wait for each other for ever. */
static void lock_deadlock(void)
{
	left_then_right();
	right_then_left();
}

static struct mutex fork_a = MUTEX("fork a"), fork_b = MUTEX("fork b"),
		    fork_c = MUTEX("fork c");

static void eat(struct mutex *one, struct mutex *other)
{
	mutex_lock(one);
	mutex_lock(other);
	mutex_unlock(other);
	mutex_unlock(one);
}

/* Dijkstra's philosophers: each order alone is harmless. */
static void lock_philosophers(void)
{
	eat(&fork_a, &fork_b);
	eat(&fork_b, &fork_c);
	eat(&fork_c, &fork_a);
}

static struct mutex spoon = MUTEX("spoon"), bowl = MUTEX("bowl");
MUTEX_LISTED(spoon);
MUTEX_LISTED(bowl);

struct meal {
	struct mutex *first, *then;
	struct semaphore *mine, *other; /* a first one is taken */
};

static int64_t begin_meal(void *argument)
{
	const struct meal *meal = argument;

	mutex_lock(meal->first);
	semaphore_up(meal->mine);
	semaphore_down(meal->other);
	mutex_lock(meal->then);
	return 0;
}

/* They wait for ever, and nobody else is harmed: the commands threads and locks
 * show how. */
static void lock_mutex_deadlock(void)
{
	static struct semaphore has_spoon = SEMAPHORE("the spoon is taken", 0),
				has_bowl = SEMAPHORE("the bowl is taken", 0);
	static struct meal a = { &spoon, &bowl, &has_spoon, &has_bowl },
			   b = { &bowl, &spoon, &has_bowl, &has_spoon };

	if (mutex_owner(&spoon) || !thread_create("eats", begin_meal, &a) ||
	    !thread_create("eats, too", begin_meal, &b))
		return;
	while (!(atomic_load(&spoon.owner) & MUTEX_WAITED &&
		 atomic_load(&bowl.owner) & MUTEX_WAITED))
		thread_yield();
}

/* ---- Held where none may be ---------------------------------------------- */

static void lock_sleep(void)
{
	SPINLOCK_HOLD(&left);

	thread_sleep_ns(NS_PER_MS);
}

/* No thread is given away: the mutex is free. */
static void lock_mutex(void)
{
	SPINLOCK_HOLD(&left);

	mutex_lock(&fork_a);
	mutex_unlock(&fork_a);
}

static int64_t end_with_spinlock(void *argument)
{
	(void)argument;
	spinlock_take(&left, HERE);
	return 0;
}

static int64_t end_with_mutex(void *argument)
{
	(void)argument;
	mutex_lock(&fork_b);
	return 0;
}

/* Its owner is gone. */
static void lock_thread_mutex_close(void)
{
	fork_b = (struct mutex)MUTEX("fork b");
}

static void run_thread(int64_t (*function)(void *))
{
	struct thread *thread = thread_create("forgets", function, NULL);

	if (thread)
		thread_join(thread);
}

static void lock_thread(void)
{
	run_thread(end_with_spinlock);
}

static void lock_thread_mutex(void)
{
	run_thread(end_with_mutex);
}

/* ---- Interrupts ---------------------------------------------------------- */

static void call_handler(void (*handler)(struct trap_frame *frame))
{
	interrupt_handle(VECTOR_FREE, handler);
	__asm__ volatile("int %0" : : "i"(VECTOR_FREE));
	interrupt_handle(VECTOR_FREE, NULL);
}

static struct spinlock_held forgotten;

static void handler_forgets(struct trap_frame *frame)
{
	(void)frame;
	forgotten = spinlock_take(&left, HERE);
}

static void lock_handler(void)
{
	call_handler(handler_forgets);
	spinlock_release(&forgotten);
}

static void handler_takes(struct trap_frame *frame)
{
	SPINLOCK_HOLD(&right);
	(void)frame;
}

/* One that a handler takes: it would wait for ever if it came in between. */
static void lock_open(void)
{
	call_handler(handler_takes);
	SPINLOCK_HOLD(&right);
	cpu_interrupts_on();
}

/* One that none takes: a thread that wants it may still wait for long. */
static void lock_open_alone(void)
{
	SPINLOCK_HOLD(&left);
	cpu_interrupts_on();
}

/* ---- More than the checks have room for ---------------------------------- */

#define NAMES (LOCKS_CLASSES_MAX + 1)

static struct spinlock locks[NAMES];

static void take_all(size_t count)
{
	locks[count - 1] = (struct spinlock)SPINLOCK("one of many");
	SPINLOCK_HOLD(&locks[count - 1]);
	if (count > 1)
		take_all(count - 1);
}

static void lock_many(void)
{
	take_all(LOCKS_HELD_MAX + 1);
}

/* Each has a name of its own, which is where a text begins. */
static void lock_names(void)
{
	static const char names[] = "one of many names, each of its own";

	_Static_assert(sizeof(names) > NAMES, "a name for each");
	for (size_t i = 0; i < NAMES; i++) {
		locks[i] = (struct spinlock)SPINLOCK(names + i);
		SPINLOCK_HOLD(&locks[i]);
	}
}

const struct fault lock_faults[] = {
	{ "deadlock", "two locks that are taken in both orders", lock_deadlock,
	  NULL },
	{ "philosophers", "three mutexes, taken in turn around a table",
	  lock_philosophers, NULL },
	{ "mutex-deadlock", "two threads that wait for each other's mutex",
	  lock_mutex_deadlock, NULL },
	{ "lock-sleep", "a thread that sleeps with a spinlock held", lock_sleep,
	  NULL },
	{ "lock-mutex", "a free mutex locked with a spinlock held", lock_mutex,
	  NULL },
	{ "lock-thread", "a thread that ends with a spinlock held", lock_thread,
	  NULL },
	{ "lock-thread-mutex", "a thread that ends with a mutex locked",
	  lock_thread_mutex, lock_thread_mutex_close },
	{ "lock-handler", "an interrupt's handler that leaves a lock taken",
	  lock_handler, NULL },
	{ "lock-open", "interrupts on with a lock held that a handler takes",
	  lock_open, NULL },
	{ "lock-open-alone", "the same with a lock that no handler takes",
	  lock_open_alone, NULL },
	{ "lock-many", "more spinlocks held at once than are looked after",
	  lock_many, NULL },
	{ "lock-names", "locks of more names than are looked after", lock_names,
	  NULL },
};
const size_t lock_fault_count = sizeof(lock_faults) / sizeof(lock_faults[0]);
