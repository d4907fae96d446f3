#include "kernel/test/test.h"

#include <stddef.h>

#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/emulator.h"
#include "kernel/memory/check.h"
#include "kernel/panic/panic.h"
#include "string.h"

extern const struct test *const tests_start[], *const tests_end[];

const struct boot_info *test_boot_info;

static bool test_has_failed; /* the test that runs */

void test_failed(const struct place *place, const char *condition)
{
	test_has_failed = true;
	kprintf("# %s:%d: %s\n", place->file, place->line, condition);
}

static bool test_is_wanted(const struct test *test, const char *wanted)
{
	return strncmp(test->name, wanted, strlen(wanted)) == 0;
}

static const char *test_name(size_t n)
{
	return n < (size_t)(tests_end - tests_start) ? tests_start[n]->name :
						       NULL;
}

COMMAND_LINE_WORD(test, .value = "NAME", .choice = test_name, .beginning = true,
		  .help = "run the kernel's tests, then leave QEMU");

static int test_count_wanted(const char *wanted)
{
	int count = 0;

	for (const struct test *const *test = tests_start; test < tests_end;
	     test++)
		count += test_is_wanted(*test, wanted);
	return count;
}

/* Returns how many failed. */
static int test_run_wanted(const char *wanted)
{
	int number = 0, failures = 0;

	for (const struct test *const *test = tests_start; test < tests_end;
	     test++) {
		if (!test_is_wanted(*test, wanted))
			continue;
		test_has_failed = false;
		(*test)->run();
		if (check_pages())
			test_failed(HERE, "pages are safe");
		kprintf("%s %d - %s\n", test_has_failed ? "not ok" : "ok",
			++number, (*test)->name);
		failures += test_has_failed;
	}
	return failures;
}

void test_run(const struct boot_info *info)
{
	const char *wanted;
	int count, failures;

	if (!command_line_find("test", &wanted))
		return;
	wanted = wanted ? wanted : "";
	count = test_count_wanted(wanted);
	test_boot_info = info;
	/* A panic ends the run as a failure too. */
	panic_leave_qemu();
	kprintf("TAP version 13\n1..%d\n", count);
	failures = test_run_wanted(wanted);
	kprintf("# %d passed, %d failed\n", count - failures, failures);
	leave_qemu(failures || !count ? DEBUG_EXIT_FAILURE :
					DEBUG_EXIT_SUCCESS);
}
