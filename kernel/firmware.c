#include "kernel/kernel.h"

#include "kernel/cpu/probe.h"
#include "kernel/memory/pages.h"

static struct acpi acpi;

/* An address that no bus has may still fault once it is mapped. */
static bool firmware_read(const struct acpi_memory *memory, paddr_t address,
			  void *to, size_t bytes)
{
	(void)memory;
	return pages_map_firmware(address, bytes) &&
	       probe_read(to, address, bytes) == bytes;
}

void firmware_start(paddr_t rsdp)
{
	static const struct acpi_memory memory = { firmware_read };

	acpi_read(&memory, rsdp, &acpi);
}

const struct acpi *firmware_acpi(void)
{
	return &acpi;
}
