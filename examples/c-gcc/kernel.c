/* A kernel in C, compiled by gcc: what is this machine's memory? */
#include "bootinfo.h"

static void out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void print(const char *text)
{
	for (; *text; text++)
		out(0x3F8, (uint8_t)*text); /* COM1 */
}

static void print_number(uint64_t number)
{
	char digits[21], *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	print(at);
}

/* Leaves QEMU with status 33 or 35; stops where there is no such port. */
_Noreturn static void leave(int good)
{
	out(0xF4, good ? 0x10 : 0x11);
	for (;;)
		__asm__ volatile("cli; hlt");
}

void _start(const struct boot_info *info)
{
	const struct mem_range *map;
	uint64_t usable = 0;

	/* The three things to check before any field is believed. */
	if (info->magic != BOOT_INFO_MAGIC ||
	    info->version != BOOT_INFO_VERSION || info->size < sizeof(*info)) {
		print("This is another boot protocol.\n");
		leave(0);
	}
	map = (const struct mem_range *)info->clean_map;
	for (uint32_t i = 0; i < info->clean_count; i++)
		if (map[i].type == MEM_USABLE)
			usable += map[i].length;
	print("Hello from C, compiled by gcc. MiB usable: ");
	print_number(usable >> 20);
	print("\n");
	leave(1);
}
