#include "acpi_table.h"

#include "string.h"

/* ACPI, "Root System Description Pointer (RSDP)" */
#define RSDP_V1_SIZE 20
#define RSDP_SIZE 36
#define RSDP_REVISION 15
#define RSDP_RSDT 16
#define RSDP_LENGTH 20
#define RSDP_XSDT 24

#define HEADER_LENGTH 4

#define CHUNK 256 /* bytes summed at a time */

bool acpi_table_read(const struct acpi_table *table, size_t offset, void *to,
		     size_t bytes)
{
	if (offset > table->length || bytes > table->length - offset)
		return false;
	return table->memory->read(table->memory, table->address + offset, to,
				   bytes);
}

uint64_t acpi_table_number(const struct acpi_table *table, size_t offset,
			   size_t bytes)
{
	uint64_t number = 0;

	return acpi_table_read(table, offset, &number, bytes) ? number : 0;
}

/* All bytes add up to 0, modulo 256. */
static bool sum_is_right(const struct acpi_table *table)
{
	uint8_t bytes[CHUNK], sum = 0;
	size_t count;

	for (size_t at = 0; at < table->length; at += count) {
		count = table->length - at;
		if (count > CHUNK)
			count = CHUNK;
		if (!acpi_table_read(table, at, bytes, count))
			return false;
		for (size_t i = 0; i < count; i++)
			sum = (uint8_t)(sum + bytes[i]);
	}
	return sum == 0;
}

/* The range must not wrap around the end of the address space. */
static bool is_sane(const struct acpi_table *table)
{
	return table->address && table->length >= ACPI_HEADER_SIZE &&
	       table->length <= ACPI_TABLE_MAX &&
	       table->address <= UINT64_MAX - table->length;
}

bool acpi_table_open(const struct acpi_memory *memory, paddr_t address,
		     const char *signature, struct acpi_table *table)
{
	char found[4];

	*table = (struct acpi_table){ memory, address, ACPI_HEADER_SIZE };
	if (!is_sane(table) || !acpi_table_read(table, 0, found, 4) ||
	    memcmp(found, signature, 4) != 0)
		return false;
	table->length = (uint32_t)acpi_table_number(table, HEADER_LENGTH, 4);
	return is_sane(table) && sum_is_right(table);
}

/* The root pointer in the shape of a table, so that it can be read as one. */
static bool open_rsdp(const struct acpi_memory *memory, uint64_t address,
		      struct acpi_table *rsdp)
{
	char signature[8];

	*rsdp = (struct acpi_table){ memory, address, RSDP_V1_SIZE };
	if (!address || address > UINT64_MAX - RSDP_SIZE ||
	    !acpi_table_read(rsdp, 0, signature, 8) ||
	    memcmp(signature, "RSD PTR ", 8) != 0 || !sum_is_right(rsdp))
		return false;
	if (acpi_table_number(rsdp, RSDP_REVISION, 1) < 2)
		return true;

	rsdp->length = RSDP_SIZE;
	/* With a bad second part, the first is still good. */
	if (acpi_table_number(rsdp, RSDP_LENGTH, 4) != RSDP_SIZE ||
	    !sum_is_right(rsdp))
		rsdp->length = RSDP_V1_SIZE;
	return true;
}

/* Opens the root table; returns the bytes of one of its entries, 0: none. */
static size_t open_root(const struct acpi_memory *memory, uint64_t address,
			struct acpi_table *root)
{
	struct acpi_table rsdp;

	if (!open_rsdp(memory, address, &rsdp))
		return 0;
	if (acpi_table_open(memory, acpi_table_number(&rsdp, RSDP_XSDT, 8),
			    "XSDT", root))
		return 8;
	if (acpi_table_open(memory, acpi_table_number(&rsdp, RSDP_RSDT, 4),
			    "RSDT", root))
		return 4;
	return 0;
}

size_t acpi_table_find(const struct acpi_memory *memory, paddr_t rsdp,
		       const char *signature, size_t from,
		       struct acpi_table *table)
{
	struct acpi_table root;
	size_t entry = open_root(memory, rsdp, &root);
	size_t count;

	if (!entry)
		return 0;
	count = (root.length - ACPI_HEADER_SIZE) / entry;
	for (size_t i = from; i < count && i < ACPI_ROOT_MAX; i++) {
		uint64_t address =
			acpi_table_number(&root, ACPI_HEADER_SIZE + i * entry,
					  entry);

		if (acpi_table_open(memory, address, signature, table))
			return i + 1;
	}
	return 0;
}
