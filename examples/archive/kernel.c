/* A kernel that lists the files of its module, a tar archive. */
#include "bootinfo.h"

#define BLOCK 512
#define NAME 100 /* bytes of it, at a header's beginning */
#define SIZE 124 /* of a header: 11 octal digits */
#define MAGIC 257

static void out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

/* Up to a NUL; a name of NAME bytes has none. */
static void print(const char *text, int most)
{
	while (most-- && *text)
		out(0x3F8, (uint8_t)*text++); /* COM1 */
}

static uint64_t octal(const char *digits)
{
	uint64_t value = 0;

	while (*digits >= '0' && *digits <= '7')
		value = value * 8 + (uint64_t)(*digits++ - '0');
	return value;
}

static int is_header(const char *at)
{
	return at[MAGIC] == 'u' && at[MAGIC + 1] == 's' && at[MAGIC + 2] == 't';
}

/* The loader has proven the bytes; it does not know what they mean. */
static int list(const char *at, uint64_t left)
{
	int files = 0;

	while (left >= BLOCK && is_header(at)) {
		uint64_t bytes = octal(at + SIZE);
		uint64_t step = BLOCK + (bytes + BLOCK - 1) / BLOCK * BLOCK;

		if (bytes > left - BLOCK || step > left)
			break;
		print(at, NAME);
		print("\n", 1);
		at += step; /* its bytes: at + BLOCK */
		left -= step;
		files++;
	}
	return files;
}

void _start(const struct boot_info *info)
{
	const struct boot_range *module = &info->modules[0];
	const int good = info->module_count == 1 &&
			 list((const char *)module->base, module->bytes) > 0;

	out(0xF4, good ? 0x10 : 0x11); /* QEMU's status 33 or 35 */
	for (;;)
		__asm__ volatile("cli; hlt");
}
