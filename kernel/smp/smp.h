/*
 * smp.h - the other processors: started one after the other, and sent for.
 *
 * Each walks from real mode to here by itself, beginning at the page that the
 * loader keeps free (AP_PAGE_ADDR), and then runs threads. If one is late, or
 * does not answer, the boot goes on, with a line.
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
 * a second for one that does not answer.
 */
void smp_start(const struct acpi_interrupts *acpi, paddr_t tables);

/* How many were found; were to be started; run, the first one included; did not
 * come yet; are more than can be used. How often one began once more. */
struct smp_counts {
	uint32_t found, wanted, running, failed, too_many, again;
};

/* By now: one that is late runs nevertheless. Context: any. */
struct smp_counts smp_counts(void);

/* ---- Between the files of this room -------------------------------------- */

/* From now on threads that become ready wake a processor that sleeps, pages
 * that become absent leave the TLBs of all, and a panic stops all. */
void ipi_start(void);

#endif
