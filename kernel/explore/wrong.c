/*
 * wrong.c - code with a mistake, to see how one is found: explore=wrong-... on
 * the command line.
 */
#include "kernel/explore/scenario.h"
#include "kernel/sync/spinlock.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/wait.h"

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
	/* Read, add, write, without a lock. */
	{ "wrong-count", "cti", scenario_clear_sum, scenario_add_to_sum,
	  scenario_add_to_sum, scenario_check_sum },
	{ "wrong-wait", "cti", take_letter_away, wait_for_letter, bring_letter,
	  scenario_check_nothing },
	{ "wrong-order", "c", NULL, first_then_second, second_then_first,
	  scenario_check_nothing },
};

const size_t wrong_scenario_count =
	sizeof(wrong_scenarios) / sizeof(wrong_scenarios[0]);
