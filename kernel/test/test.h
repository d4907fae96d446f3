/*
 * test.h - tests that run in the kernel: test or test=NAME on the command line.
 *
 *	TEST(lock_restores_interrupts)
 *	{
 *		...
 *		EXPECT(cpu_flags() & EFLAGS_IF);
 *	}
 *
 * Results are printed as TAP (testanything.org): the plan, then "ok" or
 * "not ok" for each test, with the place of what failed before it. QEMU is
 * left with status 33 if all passed, 35 otherwise.
 */
#ifndef KERNEL_TEST_TEST_H
#define KERNEL_TEST_TEST_H

#include <stdbool.h>

#include "boot/bootinfo.h"
#include "kernel/symbols.h"

struct test {
	const char *name;
	void (*run)(void);
};

/* The linker script collects pointers to all tests, in order of their names. */
#define TEST(name_)                                                       \
	static void test_##name_(void);                                   \
	static const struct test test_entry_##name_ = { #name_,           \
							test_##name_ };   \
	static const struct test *const test_pointer_##name_              \
		__attribute__((used, section(".tests." #name_))) =        \
			&test_entry_##name_;                              \
	static void test_##name_(void)

/* Ends the test that runs if it does not hold. */
#define EXPECT(condition)                               \
	do {                                            \
		if (!(condition)) {                     \
			test_failed(HERE, #condition);  \
			return;                         \
		}                                       \
	} while (0)

void test_failed(const struct place *place, const char *condition);

/* What the kernel was told, for tests that look at the hand-over. */
extern const struct boot_info *test_boot_info;

/* Run the tests that the command line names, if any; then does not return under
 * QEMU. Needs the console. */
void test_run(const struct boot_info *info);

/*
 * ---- Printing under fire (fire.c): fire=SECONDS on the command line.
 *
 * FIRE_THREADS threads print whenever they can. The timer's interrupt prints,
 * and sends all other processors an interrupt, which prints there, and an NMI;
 * the test injects NMIs as well. These are counted. Each line names its source
 * (t: a thread, c: an interrupt of that CPU) and its number there and has a
 * length that follows from that:
 *
 *	fire t03 00000042 ..........................................|
 *
 * so that a reader sees whether any line was torn or lost; the longest ones
 * are more than kprintf() hands to the console at once. With each line a thread
 * allocates a block of memory, of any size, fills it, and releases one that
 * another thread has filled, and after some it sleeps.
 *
 * The last lines say how many there were of each. QEMU is left with status 33,
 * if no block was overwritten, all are given back, and all were counted.
 *
 * COM1 itself would be the bottleneck at 115200 baud: there threads get little
 * to print. An emulator's port takes bytes at any speed.
 */

#define FIRE_SECONDS_MAX 1000000
#define FIRE_HZ 1000 /* of interrupts on one processor; of more, each: */
#define FIRE_HZ_EACH 250
#define FIRE_THREADS 8
#define FIRE_WIDTH 307 /* line number n has n % FIRE_WIDTH dots */

/* Does it, if the command line has fire=SECONDS. Needs console and timer. */
void fire_run(void);

#endif
