#include "acpi.h"

#include "string.h"

/* MADT, ACPI 5.2.12 */
#define MADT_LOCAL_APIC 36
#define MADT_FLAGS 40
#define MADT_FLAGS_PICS 0x1
#define MADT_ENTRIES 44

/* Its entries: type, length, then what the type says. */
#define ENTRY_LENGTH 1
#define ENTRY_HEADER 2

#define PROCESSOR_ENABLED 0x1
#define ALL_PROCESSORS 0xFF

/* Flags of interrupts, ACPI table 5.26. What conforms to the bus is as ISA's:
 * active high, by edges. */
#define INTERRUPT_LOW(flags) (((flags)&0x3) == 0x3)
#define INTERRUPT_LEVEL(flags) (((flags)&0xC) == 0xC)

/* HPET, IA-PC HPET specification 1.0a, 3.2.4 */
#define HPET_SPACE 40
#define HPET_ADDRESS 44

/* An entry of the MADT, in the table or not beyond its own length. */
struct entry {
	const struct acpi_table *table;
	size_t at;
	size_t length;
};

static uint64_t entry_number(const struct entry *entry, size_t offset,
			     size_t bytes)
{
	return acpi_table_number(entry->table, entry->at + offset, bytes);
}

static void read_processor(struct acpi_interrupts *to,
			   const struct entry *entry)
{
	if (entry_number(entry, 4, 4) & PROCESSOR_ENABLED)
		to->processors++;
}

static void read_x2apic(struct acpi_interrupts *to, const struct entry *entry)
{
	if (entry_number(entry, 8, 4) & PROCESSOR_ENABLED)
		to->processors++;
}

static void read_io_apic(struct acpi_interrupts *to, const struct entry *entry)
{
	if (to->io_apic_count == ACPI_IO_APICS_MAX)
		return;
	to->io_apics[to->io_apic_count++] = (struct acpi_io_apic){
		.id = (uint8_t)entry_number(entry, 2, 1),
		.address = entry_number(entry, 4, 4),
		.first = (uint32_t)entry_number(entry, 8, 4),
	};
}

static void read_override(struct acpi_interrupts *to, const struct entry *entry)
{
	uint64_t bus = entry_number(entry, 2, 1);
	uint64_t irq = entry_number(entry, 3, 1);
	uint64_t flags = entry_number(entry, 8, 2);

	if (bus != 0 || irq >= ACPI_ISA_IRQS)
		return;
	to->isa[irq] = (struct acpi_isa_irq){
		.global = (uint32_t)entry_number(entry, 4, 4),
		.active_low = INTERRUPT_LOW(flags),
		.level = INTERRUPT_LEVEL(flags),
	};
}

/* One that is for all processors wins, then the first. */
static void read_nmi(struct acpi_interrupts *to, const struct entry *entry)
{
	uint64_t flags = entry_number(entry, 3, 2);
	uint8_t pin = (uint8_t)entry_number(entry, 5, 1);

	if (pin > 1 || (entry_number(entry, 2, 1) != ALL_PROCESSORS &&
			to->nmi.pin != ACPI_NO_PIN))
		return;
	to->nmi = (struct acpi_nmi){ pin, INTERRUPT_LOW(flags),
				     INTERRUPT_LEVEL(flags) };
}

static void read_address(struct acpi_interrupts *to, const struct entry *entry)
{
	to->local_apic = entry_number(entry, 4, 8);
}

static const struct {
	void (*read)(struct acpi_interrupts *to, const struct entry *entry);
	size_t length; /* at least */
} entry_types[] = {
	[0] = { read_processor, 8 }, [1] = { read_io_apic, 12 },
	[2] = { read_override, 10 }, [4] = { read_nmi, 6 },
	[5] = { read_address, 12 },  [9] = { read_x2apic, 16 },
};
#define ENTRY_TYPES (sizeof(entry_types) / sizeof(entry_types[0]))

static void read_entry(struct acpi_interrupts *to, const struct entry *entry)
{
	uint64_t type = entry_number(entry, 0, 1);

	if (type < ENTRY_TYPES && entry_types[type].read &&
	    entry->length >= entry_types[type].length)
		entry_types[type].read(to, entry);
}

void acpi_read_interrupts(const struct acpi_memory *memory, uint64_t rsdp,
			  struct acpi_interrupts *to)
{
	struct acpi_table madt;
	struct entry entry = { &madt, MADT_ENTRIES, 0 };

	for (uint32_t irq = 0; irq < ACPI_ISA_IRQS; irq++)
		to->isa[irq].global = irq;
	to->nmi.pin = ACPI_NO_PIN;
	if (!acpi_table_find(memory, rsdp, "APIC", 0, &madt))
		return;

	to->found = true;
	to->local_apic = acpi_table_number(&madt, MADT_LOCAL_APIC, 4);
	to->has_pics = acpi_table_number(&madt, MADT_FLAGS, 4) &
		       MADT_FLAGS_PICS;
	for (; entry.at < madt.length; entry.at += entry.length) {
		entry.length = entry_number(&entry, ENTRY_LENGTH, 1);
		if (entry.length < ENTRY_HEADER ||
		    entry.length > madt.length - entry.at)
			break;
		read_entry(to, &entry);
	}
}

static uint64_t read_hpet(const struct acpi_memory *memory, uint64_t rsdp)
{
	struct acpi_table hpet;

	if (!acpi_table_find(memory, rsdp, "HPET", 0, &hpet) ||
	    acpi_table_number(&hpet, HPET_SPACE, 1) != 0)
		return 0;
	return acpi_table_number(&hpet, HPET_ADDRESS, 8);
}

void acpi_read(const struct acpi_memory *memory, uint64_t rsdp,
	       struct acpi *acpi)
{
	memset(acpi, 0, sizeof(*acpi));
	acpi_read_interrupts(memory, rsdp, &acpi->interrupts);
	acpi_read_power(memory, rsdp, acpi);
	acpi->timers.hpet = read_hpet(memory, rsdp);
}
