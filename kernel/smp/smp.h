/*
 * smp.h - the other processors: started one after the other, and sent for.
 *
 * Each walks from real mode to here by itself, beginning at the page that the
 * loader keeps free (AP_PAGE_ADDR), and then runs threads. One that does not
 * answer is left out, with a line.
 */
#ifndef KERNEL_SMP_SMP_H
#define KERNEL_SMP_SMP_H

#include <stdint.h>

#include "acpi.h"
#include "address.h"

/**
 * smp_start - start all that the MADT lists, CPUS_MAX at most
 * @acpi:	which these are
 * @tables:	page tables of the loader, below 4 GiB
 *
 * Does nothing with smp=off on the command line, or where interrupts do not
 * come by local APICs. Needs threads_start_ticks(). Takes some 10 ms for each,
 * 200 ms for one that does not answer.
 */
void smp_start(const struct acpi_interrupts *acpi, paddr_t tables);

/* How many run, this one included; how many were found; how many of these did
 * not answer, or are too many. Context: any. */
struct smp_counts {
	uint32_t running, found, failed, too_many;
};

const struct smp_counts *smp_counts(void);

/* ---- Between the files of this room -------------------------------------- */

/* From now on threads that become ready wake a processor that sleeps, pages
 * that become absent leave the TLBs of all, and a panic stops all. */
void ipi_start(void);

#endif
