/*
 * test_panic.c - kernel/panic/panic.c: which panic writes the page, when there
 * are several, on one processor or on others. The test is the processors.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_test.h"

#define KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPUS_H
#define KERNEL_CPU_INTERRUPT_H
#define KERNEL_DEVICE_EMULATOR_H

#include "boot/x86.h"
#include "kernel/cpu/trap.h"

#define CPUS_MAX 64

struct cpu {
	const struct trap_frame *stopped;
};

static struct cpu cpus[CPUS_MAX];
static uint32_t running; /* the processor */
static jmp_buf stopped;	 /* for good */

static uint32_t cpu_number(void)
{
	return running;
}

static struct cpu *cpu_this(void)
{
	return &cpus[running];
}

_Noreturn static void cpu_stop(void)
{
	longjmp(stopped, 1);
}

static uint16_t cpu_cs(void)
{
	return 8;
}

static uint16_t cpu_ss(void)
{
	return 16;
}

void interrupt_start_again(void);
void leave_qemu(uint8_t code);

#include "kernel/panic/panic.c"

/* ---- What panic.c calls -------------------------------------------------- */

static char calls[256];
static void (*while_writing)(void);

static void called(const char *what)
{
	strcat(calls, what);
	strcat(calls, " ");
}

void interrupt_start_again(void)
{
	called("tables");
}

void leave_qemu(uint8_t code)
{
	called(code == DEBUG_EXIT_FAILURE ? "leave" : "?");
}

void page_begin(void)
{
	called("begin");
}

void writer_start(void)
{
	called("screen");
}

void page_write(const struct panic_cause *cause)
{
	void (*meanwhile)(void) = while_writing;

	called(cause->format ? cause->format : "exception");
	while_writing = NULL;
	if (meanwhile)
		meanwhile();
}

void page_write_nested(const struct panic_cause *cause)
{
	called("nested:");
	called(cause->format ? cause->format : "exception");
}

static void stop_the_others(void)
{
	called("stop");
}

/* link/kernel.ld */
panic_stop *const panic_stop_start[] = { stop_the_others };
__asm__(".globl panic_stop_end\n"
	".set panic_stop_end, panic_stop_start + 8");
const char panic_entry_start[16];
__asm__(".globl panic_entry_end\n"
	".set panic_entry_end, panic_entry_start + 16");

/* ---- Tests --------------------------------------------------------------- */

static int setup(void **state)
{
	(void)state;
	panic_state = NO_PANIC;
	leaves_qemu = 0;
	memset(cpus, 0, sizeof(cpus));
	calls[0] = '\0';
	running = 0;
	while_writing = NULL;
	return 0;
}

/* A panic on a processor, up to where that stops. */
static void panic_on(uint32_t cpu, struct trap_frame *frame,
		     const char *message)
{
	static const struct place place = { "file.c", "function", 7 };
	va_list none;

	memset(&none, 0, sizeof(none));
	running = cpu;
	if (setjmp(stopped) == 0)
		panic_enter(frame, &place, message, &none);
}

/* Returns whether the processor stopped. */
static bool trap_on(uint32_t cpu, const struct trap_frame *frame)
{
	running = cpu;
	if (setjmp(stopped) != 0)
		return true;
	panic_trap(frame);
	return false;
}

static struct trap_frame frames[3];

static void test_first(void **state)
{
	(void)state;
	panic_leave_qemu();
	panic_on(0, &frames[0], "first");
	assert_string_equal(calls, "begin stop tables screen first leave ");
	assert_null(cpus[0].stopped);
}

static void test_on_another_processor(void **state)
{
	(void)state;
	panic_on(3, &frames[0], "first");
	calls[0] = '\0';
	panic_on(1, &frames[1], "second");
	assert_string_equal(calls, "");
	assert_ptr_equal(cpus[1].stopped, &frames[1]);
	frames[2].vector = VECTOR_NMI;
	assert_true(trap_on(2, &frames[2]));
	assert_string_equal(calls, "");
	assert_ptr_equal(cpus[2].stopped, &frames[2]);
	assert_null(cpus[3].stopped);
}

static void panic_again(void)
{
	static const struct place place = { "file.c", "function", 8 };
	va_list none;

	memset(&none, 0, sizeof(none));
	panic_enter(&frames[1], &place, "again", &none);
}

static void test_nested(void **state)
{
	(void)state;
	while_writing = panic_again;
	panic_on(5, &frames[0], "first");
	assert_string_equal(calls, "begin stop tables screen first "
				   "nested: again first ");
}

/* Each section panics. */
static void panic_again_and_again(void)
{
	while_writing = panic_again_and_again;
	panic_again();
}

static void test_nested_always(void **state)
{
	char expected[sizeof(calls)] = "begin stop tables screen first ";

	(void)state;
	while_writing = panic_again_and_again;
	panic_on(5, &frames[0], "first");
	for (int i = 0; i < NESTED_MAX; i++)
		strcat(expected, "nested: again first ");
	assert_string_equal(calls, expected);
}

static void nmi_meanwhile(void)
{
	static const struct trap_frame nmi = { .vector = VECTOR_NMI };

	panic_trap(&nmi); /* returns */
	called("ignored");
}

static void test_late_nmi(void **state)
{
	(void)state;
	while_writing = nmi_meanwhile;
	panic_on(0, &frames[0], "first");
	assert_string_equal(calls, "begin stop tables screen first ignored ");
}

/* Before the panic is counted. */
static void test_nmi_at_the_entry(void **state)
{
	struct trap_frame nmi = { .vector = VECTOR_NMI,
				  .rip = (uint64_t)panic_entry_start + 3 };

	(void)state;
	assert_false(trap_on(0, &nmi));
	nmi.rip = (uint64_t)panic_entry_end;
	assert_true(trap_on(0, &nmi));
	assert_string_equal(calls, "begin stop tables screen exception ");
}

static void test_overwritten(void **state)
{
	static const uint64_t garbage[] = { 0, 0xA5A5A5A5A5A5A5A5, UINT64_MAX,
					    NO_PANIC + 65, NO_PANIC + 255 };

	for (size_t i = 0; i < sizeof(garbage) / sizeof(*garbage); i++) {
		setup(state);
		panic_state = garbage[i];
		leaves_qemu = garbage[i];
		panic_on(1, &frames[0], "first");
		assert_string_equal(calls, "begin stop tables screen first ");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first, setup),
		cmocka_unit_test_setup(test_on_another_processor, setup),
		cmocka_unit_test_setup(test_nested, setup),
		cmocka_unit_test_setup(test_nested_always, setup),
		cmocka_unit_test_setup(test_late_nmi, setup),
		cmocka_unit_test_setup(test_nmi_at_the_entry, setup),
		cmocka_unit_test_setup(test_overwritten, setup),
	};

	return cmocka_run_group_tests_name("panic", tests, NULL, NULL);
}
