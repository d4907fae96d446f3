/*
 * steps.h - counts instructions by single-stepping: no clock, and nothing else
 * that runs here, has a part in it. Only on x86.
 */
#ifndef TESTS_STEPS_H
#define TESTS_STEPS_H

#include <signal.h>
#include <stdint.h>

static volatile uint64_t steps;

#ifdef __x86_64__
#include <x86intrin.h>

#define TRAP_FLAG 0x100 /* RFLAGS.TF: a #DB after each instruction (SDM 3B) */

static void on_step(int number)
{
	(void)number;
	steps++;
}

/* Whether this processor can; to be called once, before the others. */
static int can_step(void)
{
	struct sigaction action = { .sa_handler = on_step };

	return sigaction(SIGTRAP, &action, NULL) == 0;
}

static void start_steps(void)
{
	steps = 0;
	__writeeflags(__readeflags() | TRAP_FLAG);
}

static void stop_steps(void)
{
	__writeeflags(__readeflags() & ~(uint64_t)TRAP_FLAG);
}
#else
static int can_step(void)
{
	return 0;
}

static void start_steps(void)
{
}

static void stop_steps(void)
{
}
#endif

#endif
