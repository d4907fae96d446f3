/*
 * probe.h - instructions that are expected to fault, and survive it.
 *
 * Such an instruction has an entry in a table, with the address to go on at:
 * probe_entry.asm has them all, interrupt.c looks there.
 *
 * Context: any but NMI and machine check.
 */
#ifndef KERNEL_CPU_PROBE_H
#define KERNEL_CPU_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"

/**
 * probe_read - copy what may not be there
 * @to:		receives the bytes
 * @from:	any address at all
 * @bytes:	how many
 *
 * Reads byte by byte, upwards. Returns how many bytes were copied: fewer than
 * @bytes if reading the next one faulted.
 */
size_t probe_read(void *to, vaddr_t from, size_t bytes);

/**
 * probe_read_unit - copy one unit, by one read
 * @to:		receives it
 * @from:	any address at all
 * @bytes:	its size: 1, 2, 4 or 8
 *
 * For devices, which may not be read byte by byte. Returns false if reading
 * faulted; `to` is then as before.
 */
bool probe_read_unit(void *to, vaddr_t from, size_t bytes);

/**
 * probe_write - copy to where it may not be allowed
 *
 * As probe_read(), but the destination is the one that may fault.
 */
size_t probe_write(vaddr_t to, const void *from, size_t bytes);

/* Read a model-specific register that the CPU may not have; false: it has
 * not, and `value` is as before. */
bool probe_read_msr(uint32_t msr, uint64_t *value);

/* Write one; false: the CPU does not have it, or not for this value. */
bool probe_write_msr(uint32_t msr, uint64_t value);

#endif
