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
#include "kernel/place.h"

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

/* Does what the command line says, if anything; then does not return under
 * QEMU. Needs the console. */
void test_run(const struct boot_info *info);

#endif
