/*
 * test_c1e.c - kernel/irq/c1e.c, with its register played (HW-43).
 */
#include "cmocka_test.h"
#include "fake_msr.h"
#include "kernel/irq/controllers.h"

#define REGISTER 0xC0010055
#define OTHER_BITS 0x4000815

/* CPUID 1, EAX */
#define K8 0x40F33
#define K10 0x100F42
#define GRIFFIN 0x200F31 /* family 11h */
#define BULLDOZER 0x600F12 /* family 15h */
#define PENTIUM_4 0xF41
#define CORE_2 0x106F0

static void expect(const char *name, uint32_t signature, uint64_t before,
		   uint64_t after, unsigned int writes)
{
	msr_count = 0;
	msr_put(REGISTER, before);
	c1e_switch_off(name, signature);
	assert_int_equal(msr_get(REGISTER), after);
	assert_int_equal(msr_writes(REGISTER), writes);
}

static void test_switched_off(void **state)
{
	(void)state;
	expect("AuthenticAMD", K8, 0x8000000 | OTHER_BITS, OTHER_BITS, 1);
	expect("AuthenticAMD", K10, 0x10000000 | OTHER_BITS, OTHER_BITS, 1);
	expect("AuthenticAMD", K10, 0x18000000, 0, 1);
}

static void test_left_alone(void **state)
{
	(void)state;
	expect("AuthenticAMD", K10, OTHER_BITS, OTHER_BITS, 0);
	expect("AuthenticAMD", GRIFFIN, 0x18000000, 0x18000000, 0);
	expect("AuthenticAMD", BULLDOZER, 0x18000000, 0x18000000, 0);
	expect("AuthenticAMD", CORE_2, 0x18000000, 0x18000000, 0);
	expect("GenuineIntel", PENTIUM_4, 0x18000000, 0x18000000, 0);
}

static void test_no_register(void **state)
{
	(void)state;
	msr_count = 0;
	c1e_switch_off("AuthenticAMD", K10);
	assert_int_equal(msr_refused_writes(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_no_register),
	};

	return cmocka_run_group_tests_name("c1e", tests, NULL, NULL);
}
