#include "kernel/sync/spinlock.h"

#include <stddef.h>

#include "format.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"

#define RELAXED memory_order_relaxed

_Noreturn static void taken_twice(const struct spinlock *lock,
				  const struct place *place)
{
	const struct place *first = atomic_load_explicit(&lock->place, RELAXED);

	panic("lock '%s' taken twice on CPU %u: %s() at %s:%d, "
	      "then %s() at %s:%d",
	      lock->name, cpu_number(), first->function, first->file,
	      first->line, place->function, place->file, place->line);
}

struct spinlock_held spinlock_take(struct spinlock *lock,
				   const struct place *place)
{
	const struct spinlock_held held = { lock, cpu_flags() };
	uint32_t me, ticket;

	cpu_interrupts_off();
	me = cpu_number() + 1;
	/* Only this processor ever stores its own number: no race. */
	if (atomic_load_explicit(&lock->owner, RELAXED) == me)
		taken_twice(lock, place);

	ticket = atomic_fetch_add_explicit(&lock->next, 1, RELAXED);
	while (atomic_load_explicit(&lock->serving, memory_order_acquire) !=
	       ticket)
		cpu_pause();

	atomic_store_explicit(&lock->place, place, RELAXED);
	atomic_store_explicit(&lock->owner, me, RELAXED);
	return held;
}

void spinlock_release(const struct spinlock_held *held)
{
	struct spinlock *lock = held->lock;
	uint32_t ticket = atomic_load_explicit(&lock->serving, RELAXED);

	if (atomic_load_explicit(&lock->owner, RELAXED) != cpu_number() + 1)
		panic("lock '%s' released on CPU %u, which does not hold it",
		      lock->name, cpu_number());

	atomic_store_explicit(&lock->owner, 0, RELAXED);
	atomic_store_explicit(&lock->place, NULL, RELAXED);
	/* Only the holder moves `serving`, a plain store is enough. */
	atomic_store_explicit(&lock->serving, ticket + 1, memory_order_release);
	if (held->flags & EFLAGS_IF)
		cpu_interrupts_on();
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

/* Whatever else is there was written over it. */
static bool is_held(const struct spinlock *lock)
{
	uint32_t owner = atomic_load_explicit(&lock->owner, RELAXED);

	return owner && owner <= CPUS_MAX && is_constant(lock->name) &&
	       is_constant(atomic_load_explicit(&lock->place, RELAXED));
}

PANIC_ROW(locks)
{
	const struct spinlock *const *listed = locks_start;
	const struct place *place;

	for (; listed < locks_end; listed++)
		if (is_held(*listed) && n-- == 0)
			break;
	if (listed == locks_end)
		return false;
	place = atomic_load_explicit(&(*listed)->place, RELAXED);
	ksnprintf(text, size, "%s lock: held by CPU %u since %s:%d",
		  (*listed)->name,
		  atomic_load_explicit(&(*listed)->owner, RELAXED) - 1,
		  place->file, place->line);
	return true;
}
