#include "acpi.h"

#include "string.h"

/* ACPI, "Multiple APIC Description Table (MADT)" */
#define MADT_ENTRIES 44

/* Its entries: type, length, then what the type says. */
#define ENTRY_LENGTH 1
#define ENTRY_HEADER 2

#define ALL_PROCESSORS 0xFF
#define PROCESSOR_ENABLED 0x1

#define PIN_NONE 0xFF /* until an entry says one */
#define PIN_USUAL 1

/* ACPI, "MPS INTI Flags". What conforms to the bus is as ISA's: active high, by
 * edges. */
#define INTERRUPT_LOW(flags) (((flags)&0x3) == 0x3)
#define INTERRUPT_LEVEL(flags) (((flags)&0xC) == 0xC)

/* HPET, IA-PC HPET specification 1.0a, 3.2.4 */
#define HPET_SPACE 40
#define HPET_ADDRESS 44

/* How the devices' registers are aligned: what a table says of another
 * address is not believed. */
#define HPET_ALIGN 8
#define IO_APIC_ALIGN 16

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

static void read_io_apic(struct acpi_interrupts *to, const struct entry *entry)
{
	uint64_t address = entry_number(entry, 4, 4);

	if (to->io_apic_count == ACPI_IO_APICS_MAX || address % IO_APIC_ALIGN)
		return;
	to->io_apics[to->io_apic_count++] = (struct acpi_io_apic){
		.address = address,
		.first = (uint32_t)entry_number(entry, 8, 4),
	};
}

static void add_processor(struct acpi_interrupts *to, uint64_t id,
			  uint64_t flags)
{
	if (!(flags & PROCESSOR_ENABLED))
		return;
	for (uint32_t i = 0; i < to->processor_count; i++)
		if (to->processors[i] == id)
			return;
	if (to->processor_count == ACPI_PROCESSORS_MAX)
		to->processors_more++;
	else
		to->processors[to->processor_count++] = (uint32_t)id;
}

static void read_processor(struct acpi_interrupts *to,
			   const struct entry *entry)
{
	add_processor(to, entry_number(entry, 3, 1), entry_number(entry, 4, 4));
}

/* With ids that the other kind has no room for, or all of them. */
static void read_x2apic(struct acpi_interrupts *to, const struct entry *entry)
{
	add_processor(to, entry_number(entry, 4, 4), entry_number(entry, 8, 4));
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
			to->nmi.pin != PIN_NONE))
		return;
	to->nmi = (struct acpi_nmi){ pin, INTERRUPT_LOW(flags),
				     INTERRUPT_LEVEL(flags) };
}

static const struct {
	void (*read)(struct acpi_interrupts *to, const struct entry *entry);
	size_t length; /* at least */
} entry_types[] = {
	[0] = { read_processor, 8 }, [1] = { read_io_apic, 12 },
	[2] = { read_override, 10 }, [4] = { read_nmi, 6 },
	[9] = { read_x2apic, 16 },
};
#define ENTRY_TYPES (sizeof(entry_types) / sizeof(entry_types[0]))

static void read_entry(struct acpi_interrupts *to, const struct entry *entry)
{
	uint64_t type = entry_number(entry, 0, 1);

	if (type < ENTRY_TYPES && entry_types[type].read &&
	    entry->length >= entry_types[type].length)
		entry_types[type].read(to, entry);
}

static void read_entries(struct acpi_interrupts *to,
			 const struct acpi_table *madt)
{
	struct entry entry = { madt, MADT_ENTRIES, 0 };

	for (; entry.at < madt->length; entry.at += entry.length) {
		entry.length = entry_number(&entry, ENTRY_LENGTH, 1);
		if (entry.length < ENTRY_HEADER ||
		    entry.length > madt->length - entry.at)
			break;
		read_entry(to, &entry);
	}
}

void acpi_read_interrupts(const struct acpi_memory *memory, paddr_t rsdp,
			  struct acpi_interrupts *to)
{
	struct acpi_table madt;

	for (uint32_t irq = 0; irq < ACPI_ISA_IRQS; irq++)
		to->isa[irq].global = irq;
	to->nmi.pin = PIN_NONE;
	if (acpi_table_find(memory, rsdp, "APIC", 0, &madt))
		read_entries(to, &madt);
	if (to->nmi.pin == PIN_NONE)
		to->nmi.pin = PIN_USUAL;
}

static uint64_t read_hpet(const struct acpi_memory *memory, paddr_t rsdp)
{
	struct acpi_table hpet;
	uint64_t address;

	if (!acpi_table_find(memory, rsdp, "HPET", 0, &hpet) ||
	    acpi_table_number(&hpet, HPET_SPACE, 1) != 0)
		return 0;
	address = acpi_table_number(&hpet, HPET_ADDRESS, 8);
	return address % HPET_ALIGN ? 0 : address;
}

void acpi_read(const struct acpi_memory *memory, paddr_t rsdp,
	       struct acpi *acpi)
{
	memset(acpi, 0, sizeof(*acpi));
	acpi_read_interrupts(memory, rsdp, &acpi->interrupts);
	acpi_read_power(memory, rsdp, acpi);
	acpi->timers.hpet = read_hpet(memory, rsdp);
}
