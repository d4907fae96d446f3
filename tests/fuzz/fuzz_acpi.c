/*
 * fuzz_acpi.c - ACPI tables from hostile firmware.
 *
 * Input: a byte of options, then memory. Option bit 7: memory as it is, its
 * first byte being the root pointer's. Otherwise tables, each a byte that
 * chooses its signature, a byte of length, and its contents, for which headers
 * and sums are made. Bits 0..1: what is broken about the root pointer.
 */
#include <stdlib.h>

#include "acpi.h"
#include "fake_acpi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const signatures[] = { "APIC", "FACP", "HPET", "SSDT",
					  "DSDT" };
#define SIGNATURES (sizeof(signatures) / sizeof(*signatures))

static void make_tables(struct fake_acpi *fake, const uint8_t *data,
			size_t size)
{
	while (size >= 2 && fake->count < FAKE_TABLES) {
		const char *signature = signatures[data[0] % SIGNATURES];
		size_t length = data[1];
		uint64_t table;

		data += 2;
		size -= 2;
		length = length < size ? length : size;
		table = fake_table(fake, signature, data, length);
		/* The DSDT that a FADT names is another of the tables. */
		if (memcmp(signature, "FACP", 4) == 0 && length >= 8) {
			fake_put(fake, table + 40,
				 fake->tables[data[4] % fake->count], 4);
			fake_table_sum(fake, table);
		}
		data += length;
		size -= length;
	}
}

/* What was read must be what the header promises. */
static void check(const struct acpi *acpi)
{
	const struct acpi_interrupts *interrupts = &acpi->interrupts;

	if (interrupts->io_apic_count > ACPI_IO_APICS_MAX)
		abort();
	for (uint32_t i = 0; i < interrupts->io_apic_count; i++)
		if (interrupts->io_apics[i].address % 16)
			abort();
	if (interrupts->nmi.pin > 1 || acpi->timers.hpet % 8)
		abort();
	if (acpi->power.reset.space == ACPI_PORT &&
	    acpi->power.reset.address > UINT16_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fake_acpi fake = FAKE_ACPI;
	struct acpi acpi;

	if (!size)
		return 0;
	if (data[0] & 0x80) {
		fake.rsdp = FAKE_ADDRESS;
		memcpy(fake.bytes, data + 1,
		       size - 1 < FAKE_SIZE ? size - 1 : FAKE_SIZE);
	} else {
		make_tables(&fake, data + 1, size - 1);
		fake_root(&fake, data[0] & 2);
		fake_at(&fake, fake.rsdp)[24] ^= data[0] & 1;
	}
	acpi_read(&fake.memory, fake.rsdp, &acpi);
	check(&acpi);
	return 0;
}
