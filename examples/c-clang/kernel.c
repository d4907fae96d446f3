/* A kernel in C, compiled by clang: what was it told on its command line? */
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

void _start(const struct boot_info *info)
{
	print("Hello from C, compiled by clang. I was told: '");
	print((const char *)info->command_line);
	print("'\n");
	out(0xF4, 0x10); /* leaves QEMU with status 33, if it has that port */
	for (;;)
		__asm__ volatile("cli; hlt");
}
