/*
 * acpi_power.c - the FADT: how to switch off and reset, and a timer, with
 * \_S5 from the AML tables.
 */
#include "acpi.h"

#include "string.h"

/* Offsets (ACPI, "Fixed ACPI Description Table (FADT)"). Registers stand there
 * twice: as a port number, and since ACPI 2.0 as a generic address at X_... */
#define FADT_DSDT 40
#define FADT_SMI_COMMAND 48
#define FADT_ACPI_ENABLE 52
#define FADT_PM1A_CONTROL 64
#define FADT_PM1B_CONTROL 68
#define FADT_PM_TIMER 76
#define FADT_FLAGS 112
#define FADT_RESET 116
#define FADT_RESET_VALUE 128
#define FADT_X_DSDT 140
#define FADT_X_PM1A_CONTROL 172
#define FADT_X_PM1B_CONTROL 184
#define FADT_X_PM_TIMER 208

#define FLAGS_RESET (1 << 10)

/* ACPI, "Generic Address Structure" */
#define GENERIC_SPACE 0
#define GENERIC_ADDRESS 4
#define SPACE_MEMORY 0
#define SPACE_PORT 1

/* ACPI, "AML Grammar Definition" */
#define AML_NAME 0x08
#define AML_PACKAGE 0x12
#define AML_ZERO 0x00
#define AML_ONE 0x01
#define AML_BYTE 0x0A
#define AML_WORD 0x0B
#define AML_DWORD 0x0C
#define AML_ROOT '\\'

#define S5_CHUNK 512 /* bytes searched at a time */
#define S5_TAIL 24 /* bytes from _S5_ on that matter */

static struct acpi_register generic(const struct acpi_table *fadt,
				    size_t offset)
{
	uint64_t space = acpi_table_number(fadt, offset + GENERIC_SPACE, 1);
	uint64_t address = acpi_table_number(fadt, offset + GENERIC_ADDRESS, 8);

	if (address && space == SPACE_MEMORY)
		return (struct acpi_register){ ACPI_MEMORY, address };
	if (address && address <= UINT16_MAX && space == SPACE_PORT)
		return (struct acpi_register){ ACPI_PORT, address };
	return (struct acpi_register){ ACPI_NOWHERE, 0 };
}

/* A register that is a port in one of its two places; 0: in none. */
static uint16_t port(const struct acpi_table *fadt, size_t x_offset,
		     size_t offset)
{
	struct acpi_register extended = generic(fadt, x_offset);
	uint64_t number = acpi_table_number(fadt, offset, 4);

	if (extended.space == ACPI_PORT)
		return (uint16_t)extended.address;
	return number <= UINT16_MAX ? (uint16_t)number : 0;
}

/* ---- \_S5 ---------------------------------------------------------------- */

/* A small integer and the bytes that it takes, 0 if it is something else. */
static size_t aml_integer(const uint8_t *at, uint8_t *value)
{
	switch (at[0]) {
	case AML_ZERO:
	case AML_ONE:
		*value = at[0];
		return 1;
	case AML_BYTE:
	case AML_WORD:
	case AML_DWORD:
		*value = at[1];
		return at[0] == AML_BYTE ? 2 : at[0] == AML_WORD ? 3 : 5;
	default:
		return 0;
	}
}

/* "_S5_", a package, its length in 1 to 4 bytes, the number of its elements,
 * the elements. `at` has S5_TAIL bytes. */
static bool read_s5(const uint8_t *at, uint8_t off[2])
{
	size_t used = 5;
	size_t bytes;

	if (memcmp(at, "_S5_", 4) != 0 || at[4] != AML_PACKAGE)
		return false;
	used += 1 + (at[used] >> 6);
	if (at[used++] < 2)
		return false;
	bytes = aml_integer(at + used, &off[0]);
	return bytes && aml_integer(at + used + bytes, &off[1]);
}
_Static_assert(S5_TAIL >= 4 + 1 + 4 + 1 + 5 + 5, "a longest \\_S5");

/* Before the name stands what declares it. */
static bool is_declared(const uint8_t *at)
{
	return at[-1] == AML_NAME || (at[-1] == AML_ROOT && at[-2] == AML_NAME);
}

/* Chunks overlap, so that none cuts the object in two; behind the end of the
 * table there are zeros. */
static bool find_s5(const struct acpi_table *table, uint8_t off[2])
{
	uint8_t bytes[S5_CHUNK + S5_TAIL];

	for (size_t start = ACPI_HEADER_SIZE - 2; start < table->length;
	     start += S5_CHUNK - 2) {
		size_t count = table->length - start;

		if (count > sizeof(bytes))
			count = sizeof(bytes);
		memset(bytes, 0, sizeof(bytes));
		if (!acpi_table_read(table, start, bytes, count))
			return false;
		for (size_t i = 2; i < S5_CHUNK; i++)
			if (bytes[i] == '_' && is_declared(bytes + i) &&
			    read_s5(bytes + i, off))
				return true;
	}
	return false;
}

/* In the DSDT, or where that has none, in an SSDT. */
static bool read_off(const struct acpi_memory *memory, paddr_t rsdp,
		     const struct acpi_table *fadt, uint8_t off[2])
{
	struct acpi_table table;
	size_t next = 0;
	uint64_t dsdt = acpi_table_number(fadt, FADT_X_DSDT, 8);

	if (!dsdt)
		dsdt = acpi_table_number(fadt, FADT_DSDT, 4);
	if (acpi_table_open(memory, dsdt, "DSDT", &table) &&
	    find_s5(&table, off))
		return true;
	while ((next = acpi_table_find(memory, rsdp, "SSDT", next, &table)))
		if (find_s5(&table, off))
			return true;
	return false;
}

/* ---- The FADT ------------------------------------------------------------ */

void acpi_read_power(const struct acpi_memory *memory, paddr_t rsdp,
		     struct acpi *acpi)
{
	struct acpi_power *power = &acpi->power;
	struct acpi_table fadt;
	uint64_t flags, smi_command;

	if (!acpi_table_find(memory, rsdp, "FACP", 0, &fadt))
		return;
	power->control[0] = port(&fadt, FADT_X_PM1A_CONTROL, FADT_PM1A_CONTROL);
	power->control[1] = port(&fadt, FADT_X_PM1B_CONTROL, FADT_PM1B_CONTROL);
	smi_command = acpi_table_number(&fadt, FADT_SMI_COMMAND, 4);
	if (smi_command <= UINT16_MAX)
		power->smi_command = (uint16_t)smi_command;
	power->enable = (uint8_t)acpi_table_number(&fadt, FADT_ACPI_ENABLE, 1);
	power->can_sleep = read_off(memory, rsdp, &fadt, power->off);

	flags = acpi_table_number(&fadt, FADT_FLAGS, 4);
	if (flags & FLAGS_RESET)
		power->reset = generic(&fadt, FADT_RESET);
	power->reset_value =
		(uint8_t)acpi_table_number(&fadt, FADT_RESET_VALUE, 1);
	acpi->timers.pm_timer = port(&fadt, FADT_X_PM_TIMER, FADT_PM_TIMER);
}
