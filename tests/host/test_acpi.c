/*
 * test_acpi.c - what is taken from ACPI tables, good ones and others.
 */
#include <string.h>

#include "acpi.h"
#include "cmocka_test.h"
#include "fake_acpi.h"

#define ARRAY_AND_SIZE(array) array, sizeof(array)

static struct acpi acpi;

static void read_all(struct fake_acpi *fake)
{
	memset(&acpi, 0x5A, sizeof(acpi));
	acpi_read(&fake->memory, fake->rsdp, &acpi);
}

/* ---- Interrupt controllers ----------------------------------------------- */

static void expect_pc(const struct acpi_interrupts *interrupts)
{
	for (uint32_t irq = 0; irq < ACPI_ISA_IRQS; irq++) {
		assert_int_equal(interrupts->isa[irq].global, irq);
		assert_false(interrupts->isa[irq].active_low);
		assert_false(interrupts->isa[irq].level);
	}
	assert_int_equal(interrupts->nmi.pin, 1);
	assert_false(interrupts->nmi.active_low || interrupts->nmi.level);
}

static void test_nothing(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	read_all(&fake);
	assert_int_equal(acpi.interrupts.io_apic_count, 0);
	expect_pc(&acpi.interrupts);
	assert_int_equal(acpi.timers.hpet, 0);
	assert_int_equal(acpi.timers.pm_timer, 0);
	assert_false(acpi.power.can_sleep);
	assert_int_equal(acpi.power.reset.space, ACPI_NOWHERE);
}

/* clang-format off */
static const uint8_t madt[] = {
	/* local APIC, two 8259s */
	0, 0, 0xE0, 0xFE, 1, 0, 0, 0,
	/* processors: the second is not enabled, the third is listed twice */
	0, 8, 0, 0, 1, 0, 0, 0,
	0, 8, 1, 1, 0, 0, 0, 0,
	0, 8, 2, 6, 1, 0, 0, 0,
	9, 16, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,
	9, 16, 0, 0, 0x2C, 1, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0,
	/* two I/O APICs, and one where none can be */
	1, 12, 7, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0,
	1, 12, 9, 0, 8, 0, 0xC0, 0xFE, 48, 0, 0, 0,
	1, 12, 8, 0, 0, 0x10, 0xC0, 0xFE, 24, 0, 0, 0,
	/* HW-37: IRQ 0 is 2; 5 is level, high; 9 level, low; 10 as the bus */
	2, 10, 0, 0, 2, 0, 0, 0, 0, 0,
	2, 10, 0, 5, 5, 0, 0, 0, 13, 0,
	2, 10, 0, 9, 20, 0, 0, 0, 15, 0,
	2, 10, 0, 10, 10, 0, 0, 0, 0, 0,
	/* of no ISA interrupt; of another bus */
	2, 10, 0, 16, 99, 0, 0, 0, 15, 0,
	2, 10, 1, 3, 99, 0, 0, 0, 15, 0,
	/* NMI: one processor's, no such pin, all processors', another's */
	4, 6, 0, 15, 0, 0,
	4, 6, 0xFF, 15, 0, 2,
	4, 6, 0xFF, 5, 0, 1,
	4, 6, 1, 15, 0, 0,
	/* types without meaning here */
	3, 2, 0x77, 5, 1, 2, 3,
};
/* clang-format on */

static void test_madt(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;
	const struct acpi_interrupts *found = &acpi.interrupts;

	(void)state;
	fake_table(&fake, "APIC", ARRAY_AND_SIZE(madt));
	fake_root(&fake, 2);
	read_all(&fake);
	assert_int_equal(found->io_apic_count, 2);
	assert_int_equal(found->io_apics[1].address, 0xFEC01000);
	assert_int_equal(found->io_apics[1].first, 24);
	assert_int_equal(found->isa[0].global, 2);
	assert_int_equal(found->isa[1].global, 1);
	assert_int_equal(found->isa[3].global, 3);
	assert_true(found->isa[5].level && !found->isa[5].active_low);
	assert_true(found->isa[9].level && found->isa[9].active_low);
	assert_int_equal(found->isa[9].global, 20);
	assert_false(found->isa[10].level || found->isa[10].active_low);
	assert_int_equal(found->nmi.pin, 1);
	assert_false(found->nmi.active_low || found->nmi.level);
	assert_int_equal(found->processor_count, 3);
	assert_int_equal(found->processors[1], 6);
	assert_int_equal(found->processors[2], 300);
	assert_int_equal(found->processors_more, 0);
}

/* Of entries too short for their type, nothing is taken; one that is empty
 * or reaches beyond the table is the last. */
static void test_madt_bad_entries(void **state)
{
	/* clang-format off */
	static const uint8_t entries[] = {
		0, 0, 0xE0, 0xFE, 0, 0, 0, 0,
		1, 11, 7, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0,
		2, 9, 0, 0, 2, 0, 0, 0, 0,
		4, 5, 0xFF, 0, 0,
		1, 12, 7, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0,
		0, 0, 9, 9,
		1, 12, 7, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0,
	};
	/* clang-format on */
	struct fake_acpi fake = FAKE_ACPI;
	uint64_t table = fake_table(&fake, "APIC", ARRAY_AND_SIZE(entries));

	(void)state;
	fake_root(&fake, 2);
	read_all(&fake);
	assert_int_equal(acpi.interrupts.io_apic_count, 1);
	expect_pc(&acpi.interrupts);

	/* the empty entry now ends behind the table */
	fake_at(&fake, table)[ACPI_HEADER_SIZE + 8 + 11 + 9 + 5 + 12 + 1] = 17;
	fake_table_sum(&fake, table);
	read_all(&fake);
	assert_int_equal(acpi.interrupts.io_apic_count, 1);
}

static void test_madt_without_entries(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	fake_table(&fake, "APIC", "\0\0\xE0\xFE", 4);
	fake_root(&fake, 0);
	read_all(&fake);
	expect_pc(&acpi.interrupts);
}

static void test_too_many_io_apics(void **state)
{
	uint8_t bytes[8 + 12 * (ACPI_IO_APICS_MAX + 3)] = { 0 };
	const struct acpi_io_apic *last =
		&acpi.interrupts.io_apics[ACPI_IO_APICS_MAX - 1];
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	for (uint8_t i = 0; i < ACPI_IO_APICS_MAX + 3; i++)
		memcpy(bytes + 8 + 12 * i,
		       (uint8_t[]){ 1, 12, i, 0, 0, 0, 0, 0, i }, 9);
	fake_table(&fake, "APIC", ARRAY_AND_SIZE(bytes));
	fake_root(&fake, 2);
	read_all(&fake);
	assert_int_equal(acpi.interrupts.io_apic_count, ACPI_IO_APICS_MAX);
	assert_int_equal(last->first, ACPI_IO_APICS_MAX - 1);
}

/* ---- Timers and power ---------------------------------------------------- */

static void test_hpet(void **state)
{
	uint8_t bytes[20] = { [8] = 0, 0, 0xD0, 0xFE };
	struct fake_acpi fake = FAKE_ACPI;
	uint64_t table = fake_table(&fake, "HPET", ARRAY_AND_SIZE(bytes));

	(void)state;
	fake_root(&fake, 2);
	read_all(&fake);
	assert_int_equal(acpi.timers.hpet, 0xFED00000);
	fake_put(&fake, table + 44, 0xFED00004, 8); /* not aligned */
	fake_table_sum(&fake, table);
	read_all(&fake);
	assert_int_equal(acpi.timers.hpet, 0);
	fake_put(&fake, table + 44, 0xFED00000, 8);
	fake_put(&fake, table + 40, 1, 1); /* said to be a port */
	fake_table_sum(&fake, table);
	read_all(&fake);
	assert_int_equal(acpi.timers.hpet, 0);
}

/* A FADT of 244 bytes and its DSDT; fields by their offset in the table. */
static uint64_t put_fadt(struct fake_acpi *fake, uint32_t length,
			 const uint8_t *aml, size_t aml_length)
{
	uint8_t bytes[244 - ACPI_HEADER_SIZE] = { 0 };
	uint64_t dsdt = fake_loose_table(fake, "DSDT", aml, aml_length);
	uint64_t fadt =
		fake_table(fake, "FACP", bytes, length - ACPI_HEADER_SIZE);

	fake_put(fake, fadt + 40, dsdt, 4);
	fake_put(fake, fadt + 48, 0xB2, 4);
	fake_put(fake, fadt + 52, 0xF1, 1);
	fake_put(fake, fadt + 64, 0x604, 4);
	fake_put(fake, fadt + 76, 0x608, 4);
	if (length >= 129) {
		fake_put(fake, fadt + 112, 1 << 10 | 1 << 8, 4);
		fake_put(fake, fadt + 116, 0x801, 4);
		fake_put(fake, fadt + 120, 0xCF9, 8);
		fake_put(fake, fadt + 128, 0x0F, 1);
	}
	fake_table_sum(fake, fadt);
	return fadt;
}

static const uint8_t s5[] = { 0x08, '_',  'S',	'5',  '_',  0x12, 0x0A,
			      0x04, 0x0A, 0x05, 0x0A, 0x07, 0,	  0 };

static void test_fadt(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	put_fadt(&fake, 244, s5, sizeof(s5));
	fake_root(&fake, 2);
	read_all(&fake);
	assert_int_equal(acpi.power.control[0], 0x604);
	assert_int_equal(acpi.power.control[1], 0);
	assert_int_equal(acpi.power.smi_command, 0xB2);
	assert_int_equal(acpi.power.enable, 0xF1);
	assert_int_equal(acpi.power.reset.space, ACPI_PORT);
	assert_int_equal(acpi.power.reset.address, 0xCF9);
	assert_int_equal(acpi.power.reset_value, 0x0F);
	assert_int_equal(acpi.timers.pm_timer, 0x608);
	assert_true(acpi.power.can_sleep);
	assert_int_equal(acpi.power.off[0], 5);
	assert_int_equal(acpi.power.off[1], 7);
}

/* ACPI 1.0: the table ends before there was a reset register. */
static void test_short_fadt(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	put_fadt(&fake, 116, s5, sizeof(s5));
	fake_root(&fake, 0);
	read_all(&fake);
	assert_int_equal(acpi.power.control[0], 0x604);
	assert_int_equal(acpi.power.reset.space, ACPI_NOWHERE);
	assert_true(acpi.power.can_sleep);
}

/* The generic address wins where it is a port; ports have 16 bits. */
static void test_fadt_registers(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;
	uint64_t fadt = put_fadt(&fake, 244, s5, sizeof(s5));

	(void)state;
	fake_root(&fake, 2);
	fake_put(&fake, fadt + 172, 0x1001, 4);
	fake_put(&fake, fadt + 176, 0x4004, 8);
	fake_put(&fake, fadt + 68, 0x10000, 4);
	fake_put(&fake, fadt + 208, 0x2000, 4);
	fake_put(&fake, fadt + 212, 0xFEDC0000, 8);
	fake_put(&fake, fadt + 116, 0x800, 4);
	fake_table_sum(&fake, fadt);
	read_all(&fake);
	assert_int_equal(acpi.power.control[0], 0x4004);
	assert_int_equal(acpi.power.control[1], 0);
	assert_int_equal(acpi.timers.pm_timer, 0x608);
	assert_int_equal(acpi.power.reset.space, ACPI_MEMORY);

	fake_put(&fake, fadt + 112, 0, 4); /* there is none, says the flag */
	fake_table_sum(&fake, fadt);
	read_all(&fake);
	assert_int_equal(acpi.power.reset.space, ACPI_NOWHERE);
}

static void expect_s5(const uint8_t *aml, size_t length, bool found, uint8_t a,
		      uint8_t b)
{
	struct fake_acpi fake = FAKE_ACPI;

	put_fadt(&fake, 244, aml, length);
	fake_root(&fake, 2);
	read_all(&fake);
	assert_int_equal(acpi.power.can_sleep, found);
	if (found) {
		assert_int_equal(acpi.power.off[0], a);
		assert_int_equal(acpi.power.off[1], b);
	}
}
#define EXPECT_S5(found, a, b, ...)                 \
	expect_s5((const uint8_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint8_t[]){ __VA_ARGS__ }), found, a, b)

static void test_s5_forms(void **state)
{
	(void)state;
	EXPECT_S5(true, 0, 1, 8, '_', 'S', '5', '_', 0x12, 4, 2, 0, 1);
	EXPECT_S5(true, 3, 0, 8, '\\', '_', 'S', '5', '_', 0x12, 6, 2, 0x0B, 3,
		  0, 0);
	EXPECT_S5(true, 5, 5, 8, '_', 'S', '5', '_', 0x12, 0xC0, 0, 0, 0, 4,
		  0x0C, 5, 0, 0, 0, 0x0C, 5, 0, 0, 0);
	/* not declared; not a package; one element; elements that are names */
	EXPECT_S5(false, 0, 0, 9, '_', 'S', '5', '_', 0x12, 4, 2, 0, 1);
	EXPECT_S5(false, 0, 0, 8, '_', 'S', '5', '_', 0x11, 4, 2, 0, 1);
	EXPECT_S5(false, 0, 0, 8, '_', 'S', '5', '_', 0x12, 3, 1, 0, 1);
	EXPECT_S5(false, 0, 0, 8, '_', 'S', '5', '_', 0x12, 4, 2, 'A', 'B');
	EXPECT_S5(false, 0, 0, 8, '_', 'S', '4', '_', 0x12, 4, 2, 0, 1);
	EXPECT_S5(false, 0, 0, 8, '_', 'S', '5', '_');
	EXPECT_S5(false, 0, 0, 0x10);
	/* the first that is none does not hide the second that is one */
	EXPECT_S5(true, 1, 1, '_', 'S', '5', '_', 0, 8, '_', 'S', '5', '_',
		  0x12, 4, 2, 1, 1);
}

/* Wherever it lies, also across the pieces in which the table is read. */
static void test_s5_anywhere(void **state)
{
	uint8_t aml[1200];

	(void)state;
	for (size_t at = 0; at + sizeof(s5) <= sizeof(aml); at++) {
		memset(aml, '_', sizeof(aml));
		memcpy(aml + at, s5, sizeof(s5));
		expect_s5(aml, sizeof(aml), true, 5, 7);
	}
}

static void test_s5_in_ssdt(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	put_fadt(&fake, 244, (const uint8_t *)"", 1);
	fake_table(&fake, "SSDT", "nothing", 7);
	fake_table(&fake, "SSDT", ARRAY_AND_SIZE(s5));
	fake_root(&fake, 2);
	read_all(&fake);
	assert_true(acpi.power.can_sleep);
	assert_int_equal(acpi.power.off[0], 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_madt),
		cmocka_unit_test(test_madt_bad_entries),
		cmocka_unit_test(test_madt_without_entries),
		cmocka_unit_test(test_too_many_io_apics),
		cmocka_unit_test(test_hpet),
		cmocka_unit_test(test_fadt),
		cmocka_unit_test(test_short_fadt),
		cmocka_unit_test(test_fadt_registers),
		cmocka_unit_test(test_s5_forms),
		cmocka_unit_test(test_s5_anywhere),
		cmocka_unit_test(test_s5_in_ssdt),
	};

	return cmocka_run_group_tests_name("acpi", tests, NULL, NULL);
}
