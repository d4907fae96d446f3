/*
 * fake_acpi.h - physical memory with ACPI tables in it, for tests.
 *
 *	struct fake_acpi fake = FAKE_ACPI;
 *	uint64_t madt = fake_table(&fake, "APIC", bytes, sizeof(bytes));
 *
 *	fake_root(&fake, 2);
 *	acpi_read(&fake.memory, fake.rsdp, &acpi);
 */
#ifndef TESTS_FAKE_ACPI_H
#define TESTS_FAKE_ACPI_H

#include <assert.h>
#include <string.h>

#include "acpi_table.h"

#define FAKE_ADDRESS 0xE0000 /* of the memory's first byte */
#define FAKE_SIZE 0x8000
#define FAKE_TABLES 16

struct fake_acpi {
	struct acpi_memory memory; /* first: what the library knows */
	uint64_t tables[FAKE_TABLES];
	size_t count;
	uint64_t rsdp;
	size_t used;
	uint8_t bytes[FAKE_SIZE];
};

static inline bool fake_read(const struct acpi_memory *memory, uint64_t address,
			     void *to, size_t bytes)
{
	const struct fake_acpi *fake = (const void *)memory;

	if (address < FAKE_ADDRESS || address - FAKE_ADDRESS > FAKE_SIZE ||
	    bytes > FAKE_SIZE - (address - FAKE_ADDRESS))
		return false;
	memcpy(to, fake->bytes + (address - FAKE_ADDRESS), bytes);
	return true;
}

#define FAKE_ACPI                       \
	{                               \
		.memory = { fake_read } \
	}

static inline uint8_t *fake_at(struct fake_acpi *fake, uint64_t address)
{
	return fake->bytes + (address - FAKE_ADDRESS);
}

static inline void fake_put(struct fake_acpi *fake, uint64_t address,
			    uint64_t value, size_t bytes)
{
	memcpy(fake_at(fake, address), &value, bytes);
}

/* Make `bytes` add up to 0 by the one at offset `sum`. */
static inline void fake_sum(struct fake_acpi *fake, uint64_t address,
			    size_t bytes, size_t sum)
{
	uint8_t *at = fake_at(fake, address);
	uint8_t total = 0;

	at[sum] = 0;
	for (size_t i = 0; i < bytes; i++)
		total = (uint8_t)(total + at[i]);
	at[sum] = (uint8_t)-total;
}

/* The sum of a table anew, after something in it was changed. */
static inline void fake_table_sum(struct fake_acpi *fake, uint64_t address)
{
	uint32_t length;

	memcpy(&length, fake_at(fake, address) + 4, 4);
	fake_sum(fake, address, length, 9);
}

/* A good table that no root names: header, then `bytes`. */
static inline uint64_t fake_loose_table(struct fake_acpi *fake,
					const char *signature,
					const void *bytes, size_t count)
{
	uint64_t address = FAKE_ADDRESS + fake->used;

	assert(count + 2 * ACPI_HEADER_SIZE < FAKE_SIZE - fake->used);
	fake->used += ACPI_HEADER_SIZE + count;
	memcpy(fake_at(fake, address), signature, 4);
	fake_put(fake, address + 4, ACPI_HEADER_SIZE + count, 4);
	if (count)
		memcpy(fake_at(fake, address) + ACPI_HEADER_SIZE, bytes, count);
	fake_table_sum(fake, address);
	return address;
}

/* One that the root tables will name. */
static inline uint64_t fake_table(struct fake_acpi *fake, const char *signature,
				  const void *bytes, size_t count)
{
	assert(fake->count < FAKE_TABLES);
	return fake->tables[fake->count++] =
		       fake_loose_table(fake, signature, bytes, count);
}

static inline uint64_t fake_root_table(struct fake_acpi *fake,
				       const char *signature, size_t entry)
{
	uint8_t entries[FAKE_TABLES * 8] = { 0 };

	for (size_t i = 0; i < fake->count; i++)
		memcpy(entries + i * entry, &fake->tables[i], entry);
	return fake_loose_table(fake, signature, entries, fake->count * entry);
}

/* RSDP, RSDT and, from revision 2 on, XSDT. */
static inline void fake_root(struct fake_acpi *fake, uint8_t revision)
{
	uint64_t rsdt = fake_root_table(fake, "RSDT", 4);
	uint64_t xsdt = revision < 2 ? 0 : fake_root_table(fake, "XSDT", 8);

	fake->used = (fake->used + 15) & ~15ul;
	fake->rsdp = FAKE_ADDRESS + fake->used;
	fake->used += 36;
	memcpy(fake_at(fake, fake->rsdp), "RSD PTR ", 8);
	fake_put(fake, fake->rsdp + 15, revision, 1);
	fake_put(fake, fake->rsdp + 16, rsdt, 4);
	if (revision >= 2) {
		fake_put(fake, fake->rsdp + 20, 36, 4);
		fake_put(fake, fake->rsdp + 24, xsdt, 8);
	}
	fake_sum(fake, fake->rsdp, 20, 8);
	fake_sum(fake, fake->rsdp, 36, 32);
}

#endif
