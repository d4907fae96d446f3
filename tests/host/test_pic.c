/*
 * test_pic.c - kernel/irq/pic.c beside two 8259s that do what their data
 * sheet says and not more: initialising ends nothing that is in service, and
 * until then no mask can be read (HW-44).
 */
#include <stddef.h>
#include <string.h>

#include "cmocka_test.h"
#include "fake_port.h"
#include "kernel/irq/controllers.h"

#define VECTOR 0x20
#define ICW1_BIT 0x10
#define OCW3_BIT 0x08

static struct chip {
	unsigned int expected; /* which ICW comes next; 0: OCW1 */
	uint8_t icw[5];
	uint8_t mask, in_service;
	bool shows_in_service; /* or what is requested */
	bool sticks;	       /* in service for ever */
} chips[2];
static bool absent;
static uint8_t bus; /* what was last on it */

static struct chip *chip_of(uint16_t port)
{
	return port == 0x20 || port == 0x21 ? &chips[0] :
	       port == 0xA0 || port == 0xA1 ? &chips[1] :
					      NULL;
}

static void end(struct chip *chip, uint8_t value)
{
	unsigned int level = value & 7;

	assert_true(value >> 5 == 1 || value >> 5 == 3);
	if (value >> 5 == 1)
		for (level = 0; level < 7; level++)
			if (chip->in_service >> level & 1)
				break;
	if (!chip->sticks)
		chip->in_service &= (uint8_t) ~(1u << level);
}

static void command(struct chip *chip, uint8_t value)
{
	if (value & ICW1_BIT) {
		chip->icw[1] = value;
		chip->expected = 2;
		chip->mask = 0;
		chip->shows_in_service = false;
	} else if (value & OCW3_BIT) {
		chip->shows_in_service = (value & 3) == 3;
	} else {
		end(chip, value);
	}
}

static void data(struct chip *chip, uint8_t value)
{
	if (!chip->expected) {
		chip->mask = value;
		return;
	}
	chip->icw[chip->expected++] = value;
	if (chip->expected == 5)
		chip->expected = 0;
}

void port_write(uint16_t port, uint8_t value)
{
	struct chip *chip = chip_of(port);

	bus = value;
	if (!chip || absent)
		return;
	if (port & 1)
		data(chip, value);
	else
		command(chip, value);
}

uint8_t port_read(uint16_t port)
{
	struct chip *chip = chip_of(port);

	if (!chip || absent)
		return bus;
	if (!(port & 1))
		return chip->shows_in_service ? chip->in_service : 0;
	return chip->expected ? 0xFF : chip->mask;
}

/* As after power-on: each waits for an ICW2 that nobody sent. */
static int setup(void **state)
{
	(void)state;
	memset(chips, 0, sizeof(chips));
	chips[0].expected = chips[1].expected = 2;
	absent = false;
	return 0;
}

static void expect_masks(uint8_t first, uint8_t second)
{
	assert_int_equal(chips[0].mask, first);
	assert_int_equal(chips[1].mask, second);
}

static void test_start(void **state)
{
	static const uint8_t first[] = { 0x11, 0x20, 0x04, 0x01 };
	static const uint8_t second[] = { 0x11, 0x28, 0x02, 0x01 };

	(void)state;
	assert_true(pic_start(VECTOR));
	assert_memory_equal(chips[0].icw + 1, first, 4);
	assert_memory_equal(chips[1].icw + 1, second, 4);
	expect_masks(0xFF, 0xFF);
}

static void test_in_service_at_start(void **state)
{
	(void)state;
	chips[0].in_service = 0x05;
	chips[1].in_service = 0xFF;
	assert_true(pic_start(VECTOR));
	assert_int_equal(chips[0].in_service, 0);
	assert_int_equal(chips[1].in_service, 0);
}

static void test_in_service_for_ever(void **state)
{
	(void)state;
	chips[0].in_service = 1;
	chips[0].sticks = true;
	assert_true(pic_start(VECTOR));
}

/* A bus without them gives back what was last on it. */
static void test_absent(void **state)
{
	(void)state;
	absent = true;
	assert_false(pic_start(VECTOR));
}

static void test_masks(void **state)
{
	(void)state;
	pic_start(VECTOR);
	pic_enable(1);
	expect_masks(0xFD, 0xFF);
	pic_enable(12);
	expect_masks(0xF9, 0xEF);
	pic_disable(1);
	pic_disable(12);
	expect_masks(0xFB, 0xFF);
}

static void test_end(void **state)
{
	(void)state;
	pic_start(VECTOR);
	chips[0].in_service = 0x0C;
	chips[1].in_service = 0x11;
	pic_end(3);
	assert_int_equal(chips[0].in_service, 0x04);
	pic_end(12);
	assert_int_equal(chips[0].in_service, 0);
	assert_int_equal(chips[1].in_service, 0x01);
}

static void test_spurious(void **state)
{
	(void)state;
	pic_start(VECTOR);
	chips[0].in_service = 0x01; /* another, which goes on */
	assert_true(pic_is_spurious(7));
	assert_int_equal(chips[0].in_service, 0x01);
	chips[0].in_service = 0x80;
	assert_false(pic_is_spurious(7));
	assert_false(pic_is_spurious(1));

	/* The first took the second's for one of its own. */
	chips[0].in_service = 0x04;
	assert_true(pic_is_spurious(15));
	assert_int_equal(chips[0].in_service, 0);
	chips[0].in_service = 0x04;
	chips[1].in_service = 0x80;
	assert_false(pic_is_spurious(15));
	assert_int_equal(chips[0].in_service, 0x04);
	assert_int_equal(chips[1].in_service, 0x80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_start, setup),
		cmocka_unit_test_setup(test_in_service_at_start, setup),
		cmocka_unit_test_setup(test_in_service_for_ever, setup),
		cmocka_unit_test_setup(test_absent, setup),
		cmocka_unit_test_setup(test_masks, setup),
		cmocka_unit_test_setup(test_end, setup),
		cmocka_unit_test_setup(test_spurious, setup),
	};

	return cmocka_run_group_tests_name("pic", tests, NULL, NULL);
}
