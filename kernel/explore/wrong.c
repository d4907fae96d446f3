/*
 * wrong.c - code with a mistake, to see how one is found: explore=wrong-... on
 * the command line.
 */
#include "kernel/explore/scenario.h"
#include "kernel/sync/spinlock.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/wait.h"

/* ---- Read, add, write, without a lock ------------------------------------ */

static volatile uint64_t counter;

static void clear_counter(void)
{
	counter = 0;
}

static void count_unlocked(void)
{
	uint64_t before = counter;

	counter = before + 1;
}

static const char *check_counter(void)
{
	return counter == 2 ? NULL : "two have counted, and it is not 2";
}

/* ---- A wake-up that is lost ---------------------------------------------- */

static struct wait_queue letter = WAIT_QUEUE("a letter");
static volatile bool letter_came;

static void take_letter_away(void)
{
	letter_came = false;
}

/* Looked at before the lock is taken: between the two it may come. */
static void wait_for_letter(void)
{
	if (letter_came)
		return;
	SCHED_HOLD();
	wait_in(&letter);
}

static void bring_letter(void)
{
	SCHED_HOLD();

	letter_came = true;
	wait_wake_one(&letter);
}

static const char *check_nothing(void)
{
	return NULL;
}

/* ---- Two locks in two orders --------------------------------------------- */

static struct spinlock first = SPINLOCK("first");
SPINLOCK_LISTED(first);
static struct spinlock second = SPINLOCK("second");
SPINLOCK_LISTED(second);

static void first_then_second(void)
{
	SPINLOCK_HOLD(&first);
	SPINLOCK_HOLD(&second);
}

static void second_then_first(void)
{
	SPINLOCK_HOLD(&second);
	SPINLOCK_HOLD(&first);
}

/* ---- All of them --------------------------------------------------------- */

const struct scenario wrong_scenarios[] = {
	{ "wrong-count", "cti", clear_counter, count_unlocked, count_unlocked,
	  check_counter },
	{ "wrong-wait", "cti", take_letter_away, wait_for_letter, bring_letter,
	  check_nothing },
	{ "wrong-order", "c", NULL, first_then_second, second_then_first,
	  check_nothing },
};

const size_t wrong_scenario_count =
	sizeof(wrong_scenarios) / sizeof(wrong_scenarios[0]);
