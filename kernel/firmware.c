#include "kernel/firmware.h"

#include "kernel/cpu/probe.h"
#include "kernel/memory/pages.h"

static struct acpi acpi;

/* An address that no bus has may still fault once it is mapped. */
static bool read(const struct acpi_memory *memory, uint64_t address, void *to,
		 size_t bytes)
{
	(void)memory;
	return pages_map_firmware(address, bytes) &&
	       probe_read(to, address, bytes) == bytes;
}

void firmware_start(const struct boot_info *info)
{
	static const struct acpi_memory memory = { read };

	acpi_read(&memory, info->rsdp, &acpi);
}

const struct acpi *firmware_acpi(void)
{
	return &acpi;
}
