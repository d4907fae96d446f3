#include <stdbool.h>
#include <stddef.h>

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/sync/spinlock.h"
#include "kernel/test/test.h"

static struct spinlock lock = SPINLOCK("test");
static struct spinlock second = SPINLOCK("second");

static bool interrupts_on(void)
{
	return cpu_flags() & EFLAGS_IF;
}

static bool is_free(const struct spinlock *which)
{
	return which->owner == 0 && which->place == NULL &&
	       which->next == which->serving;
}

/* Leaves in the middle of two blocks. */
static bool off_while_held(void)
{
	SPINLOCK_HOLD(&lock);
	for (;;) {
		SPINLOCK_HOLD(&second);
		return !interrupts_on() && !is_free(&lock) && !is_free(&second);
	}
}

TEST(spinlock_restores_interrupts)
{
	bool off, on_again;

	cpu_interrupts_on();
	off = off_while_held();
	on_again = interrupts_on();
	EXPECT(off);
	EXPECT(on_again);
	cpu_interrupts_off();
	off = off_while_held();
	on_again = interrupts_on();
	cpu_interrupts_on();
	EXPECT(off);
	EXPECT(!on_again);
	EXPECT(is_free(&lock));
	EXPECT(is_free(&second));
}

TEST(spinlock_knows_its_holder)
{
	uint32_t before = lock.next;

	{
		SPINLOCK_HOLD(&lock);
		EXPECT(lock.owner == cpu_selector());
		EXPECT(cpu_this()->locks_held == 1);
		EXPECT(lock.place->line == __LINE__ - 3);
		EXPECT(lock.next == before + 1 && lock.serving == before);
	}
	EXPECT(is_free(&lock));
	EXPECT(cpu_this()->locks_held == 0);
	EXPECT(lock.next == before + 1);
}

/* Tickets are compared for equality only: they may wrap. */
TEST(spinlock_survives_ticket_wrap)
{
	lock.next = lock.serving = UINT32_MAX;
	for (int i = 0; i < 3; i++) {
		SPINLOCK_HOLD(&lock);
		EXPECT(lock.serving == (uint32_t)(i - 1));
	}
	EXPECT(is_free(&lock));
}
