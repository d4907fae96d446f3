/*
 * acpi_table.h - ACPI's tables: found, checked, read field by field.
 *
 * Firmware lies (HW-35): signatures, lengths and checksums are checked, nothing
 * is read outside what a table says it is, and every loop is bounded. Physical
 * memory is reached through a function, so that tests can play it.
 *
 * "ACPI n.n" is a section of the ACPI specification, version 6.4.
 * Context: any that the function which reads memory allows.
 */
#ifndef LIB_ACPI_TABLE_H
#define LIB_ACPI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define ACPI_HEADER_SIZE 36	  /* ACPI, "System Description Table Header" */
#define ACPI_TABLE_MAX 0x400000 /* bytes; a longer one is not believed */
#define ACPI_ROOT_MAX 256	 /* entries of the root table looked at */

struct acpi_memory {
	/* Copies physical memory; false if any of it cannot be read. */
	bool (*read)(const struct acpi_memory *memory, paddr_t address,
		     void *to, size_t bytes);
};

struct acpi_table {
	const struct acpi_memory *memory;
	paddr_t address;
	uint32_t length; /* bytes, header included */
};

/* Check what is said to be a table: signature (4 characters), length, sum. */
bool acpi_table_open(const struct acpi_memory *memory, paddr_t address,
		     const char *signature, struct acpi_table *table);

/**
 * acpi_table_find - the next table of a kind
 * @rsdp:	address of the root pointer (ACPI, "Root System Description
 *		Pointer (RSDP)"); 0: there is none
 * @signature:	4 characters
 * @from:	entry of the root table to look at first: 0, or what was
 *		returned before
 *
 * Goes by the XSDT, or by the RSDT where there is no good XSDT. Tables that
 * are broken are passed over. Returns the entry behind the one found, 0 if
 * there is none.
 */
size_t acpi_table_find(const struct acpi_memory *memory, paddr_t rsdp,
		       const char *signature, size_t from,
		       struct acpi_table *table);

/* Copy a part of a table; false, and nothing copied, if any of it lies
 * outside or cannot be read. */
bool acpi_table_read(const struct acpi_table *table, size_t offset, void *to,
		     size_t bytes);

/* A field of 1 to 8 bytes, little-endian. One that lies outside is 0: what
 * later versions of ACPI added reads as absent in the tables of older ones. */
uint64_t acpi_table_number(const struct acpi_table *table, size_t offset,
			   size_t bytes);

#endif
