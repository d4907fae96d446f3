#include "kernel/sync/spinlock.h"

#include <stddef.h>

#include "format.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"

#define RELAXED memory_order_relaxed

_Noreturn void spinlock_taken_twice(const struct spinlock *lock,
				    const struct place *place)
{
	const struct place *first = atomic_load_explicit(&lock->place, RELAXED);

	panic("lock '%s' taken twice on CPU %u: %s() at %s:%d, "
	      "then %s() at %s:%d",
	      lock->name, cpu_number(), first->function, first->file,
	      first->line, place->function, place->file, place->line);
}

_Noreturn void spinlock_not_held(const struct spinlock *lock)
{
	panic("lock '%s' released on CPU %u, which does not hold it",
	      lock->name, cpu_number());
}

void spinlock_wait(struct spinlock *lock, uint32_t ticket)
{
	atomic_fetch_add_explicit(&lock->waited, 1, RELAXED);
	while (atomic_load_explicit(&lock->serving, memory_order_acquire) !=
	       ticket) {
		/* The holder may wait for us. */
		shootdown_serve();
		cpu_pause();
	}
}

/* ---- On the panic page --------------------------------------------------- */

/* link/kernel.ld */
extern const struct spinlock *const locks_start[], *const locks_end[];
extern const char rodata_start[], rodata_end[];

static bool is_constant(const void *at)
{
	return (const char *)at >= rodata_start &&
	       (const char *)at < rodata_end;
}

/* Other values than these mean that the lock was overwritten. */
static bool spinlock_is_held(const struct spinlock *lock)
{
	uint64_t owner = atomic_load_explicit(&lock->owner, RELAXED);

	return owner >= SEL_TSS && cpu_number_of(owner) < CPUS_MAX &&
	       is_constant(lock->name) &&
	       is_constant(atomic_load_explicit(&lock->place, RELAXED));
}

const char *spinlock_describe_held(const struct spinlock *but, char *text)
{
	const struct place *place;

	for (const struct spinlock *const *lock = locks_start; lock < locks_end;
	     lock++) {
		if (*lock == but ||
		    atomic_load_explicit(&(*lock)->owner, RELAXED) !=
			    cpu_selector())
			continue;
		place = atomic_load_explicit(&(*lock)->place, RELAXED);
		ksnprintf(text, SPINLOCK_HELD_TEXT,
			  "'%s', taken in %s() at %s:%d", (*lock)->name,
			  place->function, place->file, place->line);
		return text;
	}
	return "one that is not listed";
}

PANIC_ROW(locks)
{
	const struct spinlock *const *listed = locks_start;
	const struct place *place;

	for (; listed < locks_end; listed++)
		if (spinlock_is_held(*listed) && n-- == 0)
			break;
	if (listed == locks_end)
		return false;
	place = atomic_load_explicit(&(*listed)->place, RELAXED);
	ksnprintf(text, size, "%s lock: held by CPU %u since %s:%d",
		  (*listed)->name,
		  cpu_number_of(
			  atomic_load_explicit(&(*listed)->owner, RELAXED)),
		  place->file, place->line);
	return true;
}
