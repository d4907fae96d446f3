#include "kernel/irq/controllers.h"

#include <stddef.h>

#include "kernel/device/mmio.h"
#include "kernel/memory/pages.h"

/* In memory there are two registers: a number, and what it stands for. */
#define IO_SELECT 0x00
#define IO_WINDOW 0x10
#define IO_SIZE 0x20

#define REG_VERSION 1
#define REG_REDIRECTION 0x10 /* two for each input */
#define REG_END 0x100 /* numbers have 8 bits */

/* More would begin again at register 0 (HW-46). */
#define INPUTS_MAX ((REG_END - REG_REDIRECTION) / 2)

#define VERSION_ABSENT 0xFFFFFFFF
#define VERSION_LAST_INPUT(version) ((version) >> 16 & 0xFF)

/* Low half of a redirection; the high one has the processor in bits 24..31 */
#define ENTRY_DELIVERY 0x700
#define ENTRY_SMI 0x200
#define ENTRY_ACTIVE_LOW 0x2000
#define ENTRY_LEVEL 0x8000
#define ENTRY_MASKED 0x10000

struct controller {
	volatile uint8_t *registers;
	uint32_t first; /* global interrupt of input 0 */
	uint32_t inputs;
};

static struct controller io_apics[ACPI_IO_APICS_MAX];
static uint32_t io_apic_count;

static uint32_t io_apic_read(const struct controller *from, uint32_t reg)
{
	mmio_write32(from->registers + IO_SELECT, reg);
	return mmio_read32(from->registers + IO_WINDOW);
}

static void io_apic_write(const struct controller *to, uint32_t reg,
			  uint32_t value)
{
	mmio_write32(to->registers + IO_SELECT, reg);
	mmio_write32(to->registers + IO_WINDOW, value);
}

static uint32_t io_apic_entry(const struct controller *of, uint32_t global)
{
	return REG_REDIRECTION + 2 * (global - of->first);
}

static const struct controller *io_apic_find(uint32_t global)
{
	for (uint32_t i = 0; i < io_apic_count; i++)
		if (global >= io_apics[i].first &&
		    global - io_apics[i].first < io_apics[i].inputs)
			return &io_apics[i];
	return NULL;
}

/* Such an input stays the firmware's. */
static bool io_apic_is_smi(const struct controller *of, uint32_t entry)
{
	return (io_apic_read(of, entry) & ENTRY_DELIVERY) == ENTRY_SMI;
}

static void io_apic_mask(const struct controller *to, uint32_t global)
{
	uint32_t entry = io_apic_entry(to, global);

	if (!io_apic_is_smi(to, entry))
		io_apic_write(to, entry, ENTRY_MASKED);
}

/* Returns how many inputs it has, all masked now but those that raise SMIs. */
static uint32_t io_apic_start_one(const struct acpi_io_apic *acpi)
{
	struct controller *new = &io_apics[io_apic_count];
	uint32_t version;

	new->registers = pages_map_device("I/O APIC", acpi->address, IO_SIZE);
	if (!new->registers)
		return 0;
	version = io_apic_read(new, REG_VERSION);
	if (version == VERSION_ABSENT)
		return 0;
	new->first = acpi->first;
	new->inputs = VERSION_LAST_INPUT(version) + 1;
	if (new->inputs > INPUTS_MAX)
		new->inputs = INPUTS_MAX;
	for (uint32_t i = 0; i < new->inputs; i++)
		io_apic_mask(new, new->first + i);
	io_apic_count++;
	return new->inputs;
}

uint32_t io_apic_start(const struct acpi_interrupts *acpi)
{
	uint32_t inputs = 0;

	io_apic_count = 0;
	for (uint32_t i = 0; i < acpi->io_apic_count; i++)
		inputs += io_apic_start_one(&acpi->io_apics[i]);
	return inputs;
}

bool io_apic_route(const struct acpi_isa_irq *line, unsigned int vector,
		   uint32_t processor)
{
	const struct controller *to = io_apic_find(line->global);
	uint32_t entry;

	if (!to)
		return false;
	entry = io_apic_entry(to, line->global);
	if (io_apic_is_smi(to, entry))
		return false;
	io_apic_write(to, entry, ENTRY_MASKED);
	io_apic_write(to, entry + 1, processor << 24);
	io_apic_write(to, entry,
		      ENTRY_MASKED | vector |
			      (line->active_low ? ENTRY_ACTIVE_LOW : 0) |
			      (line->level ? ENTRY_LEVEL : 0));
	return true;
}

static void io_apic_set_mask(uint32_t global, uint32_t bit)
{
	const struct controller *to = io_apic_find(global);
	uint32_t entry;

	if (!to)
		return;
	entry = io_apic_entry(to, global);
	io_apic_write(to, entry,
		      (io_apic_read(to, entry) & ~(uint32_t)ENTRY_MASKED) |
			      bit);
}

void io_apic_enable(uint32_t global)
{
	io_apic_set_mask(global, 0);
}

void io_apic_disable(uint32_t global)
{
	io_apic_set_mask(global, ENTRY_MASKED);
}
