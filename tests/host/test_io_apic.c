/*
 * test_io_apic.c - kernel/irq/io_apic.c beside I/O APICs that do what their
 * data sheet says, with the version register that the test gives them.
 */
#include <string.h>

#include "cmocka_test.h"
#include "fake_mmio.h"
#include "kernel/irq/controllers.h"
#include "kernel/memory/pages.h"

#define SELECT 0x00
#define WINDOW 0x10
#define REDIRECTION 0x10
#define REGISTERS 0x100

#define SMI 0x200
#define MASKED 0x10000
#define VERSION(inputs) (((inputs)-1) << 16 | 0x11)
#define ID 0x0F000000

static struct chip {
	uint32_t registers[REGISTERS];
	uint8_t select;
	volatile uint8_t window[0x20]; /* an address, no more */
} chips[2];

static const struct acpi_interrupts one = {
	.io_apic_count = 1,
	.io_apics = { { 0xFEC00000, 0 } },
};

volatile void *pages_map_device(const char *name, uint64_t physical,
				uint64_t bytes)
{
	(void)name;
	assert_true(bytes == sizeof(chips[0].window));
	return physical == 0xFEC00000 ? chips[0].window :
	       physical == 0xFEC10000 ? chips[1].window :
					NULL;
}

static struct chip *chip_of(const volatile uint8_t *at)
{
	return at - chips[0].window < 0x20 ? &chips[0] : &chips[1];
}

uint32_t mmio_read32(const volatile uint8_t *at)
{
	struct chip *chip = chip_of(at);

	assert_true(at == chip->window + WINDOW);
	return chip->registers[chip->select];
}

/* Of the number 8 bits are looked at. */
void mmio_write32(volatile uint8_t *at, uint32_t value)
{
	struct chip *chip = chip_of(at);

	if (at == chip->window + SELECT) {
		chip->select = (uint8_t)value;
	} else {
		assert_true(at == chip->window + WINDOW);
		chip->registers[chip->select] = value;
	}
}

static uint32_t entry(const struct chip *chip, unsigned int input)
{
	return chip->registers[REDIRECTION + 2 * input];
}

static void make(struct chip *chip, unsigned int inputs)
{
	memset(chip, 0, sizeof(*chip));
	chip->registers[0] = ID;
	chip->registers[1] = VERSION(inputs);
}

static int setup(void **state)
{
	(void)state;
	make(&chips[0], 24);
	make(&chips[1], 16);
	return 0;
}

static void test_all_are_masked(void **state)
{
	(void)state;
	chips[0].registers[REDIRECTION + 2 * 5] = SMI;
	assert_int_equal(io_apic_start(&one), 24);
	for (unsigned int i = 0; i < 24; i++)
		assert_int_equal(entry(&chips[0], i), i == 5 ? SMI : MASKED);
	assert_int_equal(entry(&chips[0], 24), 0);
}

static void test_two(void **state)
{
	static const struct acpi_interrupts two = {
		.io_apic_count = 2,
		.io_apics = { { 0xFEC00000, 0 }, { 0xFEC10000, 24 } },
	};
	const struct acpi_isa_irq line = { 30, true, true };

	(void)state;
	assert_int_equal(io_apic_start(&two), 40);
	assert_true(io_apic_route(&line, 0x31, 7));
	assert_int_equal(entry(&chips[1], 6), MASKED | 0xA031);
	assert_int_equal(chips[1].registers[REDIRECTION + 13], 0x07000000);
	io_apic_enable(30);
	assert_int_equal(entry(&chips[1], 6), 0xA031);
	io_apic_disable(30);
	assert_int_equal(entry(&chips[1], 6), MASKED | 0xA031);
	assert_false(
		io_apic_route(&(struct acpi_isa_irq){ .global = 40 }, 1, 0));
}

static void test_absent(void **state)
{
	(void)state;
	chips[0].registers[1] = 0xFFFFFFFF;
	assert_int_equal(io_apic_start(&one), 0);
}

/* Its registers end before so many inputs do (HW-46). */
static void test_more_inputs_than_registers(void **state)
{
	static const unsigned int told[] = { 120, 121, 240, 256 };

	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		make(&chips[0], told[i]);
		assert_int_equal(io_apic_start(&one), 120);
		assert_int_equal(chips[0].registers[0], ID);
		assert_int_equal(chips[0].registers[1], VERSION(told[i]));
		assert_int_equal(entry(&chips[0], 0), MASKED);
		assert_int_equal(entry(&chips[0], 119), MASKED);
	}
	assert_false(
		io_apic_route(&(struct acpi_isa_irq){ .global = 120 }, 1, 0));
	assert_int_equal(chips[0].registers[0], ID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_all_are_masked, setup),
		cmocka_unit_test_setup(test_two, setup),
		cmocka_unit_test_setup(test_absent, setup),
		cmocka_unit_test_setup(test_more_inputs_than_registers, setup),
	};

	return cmocka_run_group_tests_name("io apic", tests, NULL, NULL);
}
