/*
 * acpi.h - what the kernel takes from ACPI's tables: interrupt controllers,
 * timers, and the way to switch the machine off.
 *
 * There is no AML interpreter. The one thing needed from AML, the object \_S5,
 * is looked for as the bytes that every compiler makes of it.
 *
 * For "ACPI n.n" and what is believed see acpi_table.h.
 */
#ifndef LIB_ACPI_H
#define LIB_ACPI_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi_table.h"

#define ACPI_IO_APICS_MAX 16 /* more are ignored */
#define ACPI_ISA_IRQS 16
#define ACPI_PROCESSORS_MAX 64 /* more are counted */

struct acpi_io_apic { /* ACPI, "I/O APIC Structure" */
	paddr_t address; /* a multiple of 16 */
	uint32_t first; /* global interrupt of its pin 0 */
};

/* Where the line of an ISA interrupt arrives (ACPI, "Interrupt Source Override
 * Structure"). */
struct acpi_isa_irq {
	uint32_t global; /* global interrupt number */
	bool active_low;
	bool level; /* triggered; otherwise by edges */
};

/* Which pin of the local APICs is wired to NMI (ACPI, "Local APIC NMI
 * Structure"). */
struct acpi_nmi {
	uint8_t pin; /* LINT 0 or 1 */
	bool active_low;
	bool level;
};

/* ACPI, "Multiple APIC Description Table (MADT)" */
struct acpi_interrupts {
	uint32_t io_apic_count;
	struct acpi_io_apic io_apics[ACPI_IO_APICS_MAX];
	struct acpi_isa_irq isa[ACPI_ISA_IRQS];
	struct acpi_nmi nmi;
	/* The ids of the local APICs of those that can be used (ACPI,
	 * "Processor Local APIC Structure", "... x2APIC Structure"). */
	uint32_t processor_count;
	uint32_t processors[ACPI_PROCESSORS_MAX];
	uint32_t processors_more; /* that had no room */
};

struct acpi_timers {
	paddr_t hpet; /* address of its registers, on 8 bytes; 0: none */
	uint16_t pm_timer; /* port, 0: none (ACPI, "Power Management Timer") */
};

/* A register that may be a port or in memory (ACPI, "Generic Address
 * Structure"). */
struct acpi_register {
	enum acpi_space { ACPI_NOWHERE, ACPI_MEMORY, ACPI_PORT } space;
	uint64_t address;
};

/* ACPI, "Fixed ACPI Description Table (FADT)" */
struct acpi_power {
	uint16_t control[2]; /* ports PM1a_CNT and PM1b_CNT, 0: none */
	uint16_t smi_command; /* port, 0: the machine is always in ACPI mode */
	uint8_t enable; /* what to write there for ACPI mode */
	bool can_sleep; /* \_S5 was found: */
	uint8_t off[2]; /* its SLP_TYPa and SLP_TYPb */
	struct acpi_register reset;
	uint8_t reset_value;
};

struct acpi {
	struct acpi_interrupts interrupts;
	struct acpi_timers timers;
	struct acpi_power power;
};

/**
 * acpi_read - take from the tables what is needed
 * @rsdp:	address of the root pointer; 0: there is none
 * @acpi:	receives it; what no good table says is absent or as on a PC
 *		without ACPI: ISA interrupt n is global interrupt n, active
 *		high, edge-triggered; NMI is wired to pin 1 (MultiProcessor
 *		Specification 1.4, chapter 5)
 */
void acpi_read(const struct acpi_memory *memory, paddr_t rsdp,
	       struct acpi *acpi);

/* The parts of acpi_read(); `acpi` starts as zeros. */
void acpi_read_interrupts(const struct acpi_memory *memory, paddr_t rsdp,
			  struct acpi_interrupts *interrupts);
void acpi_read_power(const struct acpi_memory *memory, paddr_t rsdp,
		     struct acpi *acpi);

/* ACPI, "PM1 Control Registers" */
#define ACPI_SCI_ENABLED 0x1 /* ACPI mode */
#define ACPI_SLEEP_TYPE_SHIFT 10
#define ACPI_SLEEP_TYPE_MASK (0x7 << ACPI_SLEEP_TYPE_SHIFT)
#define ACPI_SLEEP_ENABLE 0x2000

#define ACPI_PM_TIMER_HZ 3579545 /* ACPI, "Power Management Timer" */

#endif
