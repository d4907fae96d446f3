/* A kernel at -2 GiB. entry.asm has mapped it there and calls it. */
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

static char stack_is_high(void)
{
	char here;

	return (uintptr_t)&here >= 0xFFFFFFFF80000000;
}

void kernel_main(const struct boot_info *info)
{
	const int good = (uintptr_t)kernel_main >= 0xFFFFFFFF80000000 &&
			 stack_is_high() && info->magic == BOOT_INFO_MAGIC;

	print(good ? "Hello from the higher half.\n" : "This is not high.\n");
	out(0xF4, good ? 0x10 : 0x11); /* QEMU's status 33 or 35 */
	for (;;)
		__asm__ volatile("cli; hlt");
}
