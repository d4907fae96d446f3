/*
 * test_machine_check.c - kernel/cpu/machine_check.c, with registers played.
 */
#include "cmocka_test.h"
#include "fake_msr.h"
#include "kernel/cpu/machine_check.h"

/* CPUID 1, EAX: models of family 6, and one of family 15. */
#define PENRYN 0x10676
#define CORE_I7 0x106A5
#define SKYLAKE 0x506E3
#define PENTIUM_4 0x00F41

#define MCG_CAP 0x179
#define MCG_STATUS 0x17A
#define MCG_CTL 0x17B
#define CTL(bank) (0x400 + 4 * (bank))
#define STATUS(bank) (0x401 + 4 * (bank))
#define ADDR(bank) (0x402 + 4 * (bank))
#define VALID 0x8000000000000000
#define WITH_ADDRESS 0x8400000000000000
#define IN_PROGRESS 4

/* Banks as firmware leaves them (HW-42); the one behind the last belongs to
 * nobody. */
static void start(unsigned int banks, uint64_t cap)
{
	msr_count = 0;
	msr_put(MCG_CAP, cap | banks);
	msr_put(MCG_STATUS, IN_PROGRESS);
	if (cap)
		msr_put(MCG_CTL, 0);
	for (unsigned int i = 0; i <= banks; i++) {
		msr_put(CTL(i), 0x77);
		msr_put(STATUS(i), VALID | i);
		msr_put(ADDR(i), 0x1000 * i);
	}
}

static void test_start(void **state)
{
	(void)state;
	start(6, 0x100);
	machine_check_start(SKYLAKE);
	assert_int_equal(msr_get(MCG_STATUS), 0);
	assert_true(msr_get(MCG_CTL) == UINT64_MAX);
	for (unsigned int i = 0; i < 6; i++) {
		assert_true(msr_get(CTL(i)) == UINT64_MAX);
		assert_int_equal(msr_get(STATUS(i)), 0);
	}
	assert_int_equal(msr_writes(CTL(6)), 0);
	assert_int_equal(msr_writes(STATUS(6)), 0);
}

static void test_without_mcg_ctl(void **state)
{
	(void)state;
	start(2, 0);
	msr_put(MCG_CTL, 5);
	machine_check_start(SKYLAKE);
	assert_int_equal(msr_writes(MCG_CTL), 0);
	assert_true(msr_get(CTL(1)) == UINT64_MAX);
}

static void expect_bank_0(uint32_t signature, uint64_t ctl)
{
	start(2, 0);
	machine_check_start(signature);
	assert_true(msr_get(CTL(0)) == ctl);
	assert_int_equal(msr_get(STATUS(0)), 0);
	assert_true(msr_get(CTL(1)) == UINT64_MAX);
}

static void test_bank_0(void **state)
{
	(void)state;
	expect_bank_0(PENRYN, 0x77);
	expect_bank_0(CORE_I7, UINT64_MAX);
	expect_bank_0(PENTIUM_4, UINT64_MAX);
}

/* As in a virtual machine that has none of them. */
static void test_no_registers(void **state)
{
	struct machine_check found;

	(void)state;
	msr_count = 0;
	machine_check_start(SKYLAKE);
	machine_check_read(&found);
	assert_int_equal(found.global, 0);
	assert_int_equal(found.count, 0);
}

static void test_read(void **state)
{
	struct machine_check found;

	(void)state;
	start(6, 0);
	for (unsigned int i = 0; i <= 6; i++)
		msr_find(STATUS(i))->value = 7; /* not valid */
	machine_check_read(&found);
	assert_int_equal(found.global, IN_PROGRESS);
	assert_int_equal(found.count, 0);

	msr_find(STATUS(2))->value = VALID | 2;
	msr_find(STATUS(5))->value = WITH_ADDRESS | 5;
	machine_check_read(&found);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.banks[0].number, 2);
	assert_true(found.banks[0].status == (VALID | 2));
	assert_int_equal(found.banks[0].address, 0);
	assert_int_equal(found.banks[1].number, 5);
	assert_int_equal(found.banks[1].address, 0x5000);
}

static void test_more_than_are_told(void **state)
{
	struct machine_check found;

	(void)state;
	start(MACHINE_CHECK_BANKS + 2, 0);
	machine_check_read(&found);
	assert_int_equal(found.count, MACHINE_CHECK_BANKS);
	assert_int_equal(found.banks[MACHINE_CHECK_BANKS - 1].number,
			 MACHINE_CHECK_BANKS - 1);
}

/* More would be other registers, as those of VMX behind the 32nd (HW-46). */
static void test_more_than_there_can_be(void **state)
{
	struct machine_check found;

	(void)state;
	msr_count = 0;
	msr_put(MCG_CAP, 0xFF);
	msr_put(CTL(31), 0);
	msr_put(STATUS(31), 0);
	for (uint32_t msr = CTL(32); msr < CTL(36); msr++)
		msr_put(msr, VALID | msr);
	machine_check_start(SKYLAKE);
	assert_int_equal(msr_writes(CTL(31)), 1);
	for (uint32_t msr = CTL(32); msr < CTL(36); msr++)
		assert_int_equal(msr_writes(msr), 0);
	machine_check_read(&found);
	assert_int_equal(found.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_without_mcg_ctl),
		cmocka_unit_test(test_bank_0),
		cmocka_unit_test(test_no_registers),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_more_than_are_told),
		cmocka_unit_test(test_more_than_there_can_be),
	};

	return cmocka_run_group_tests_name("machine check", tests, NULL, NULL);
}
