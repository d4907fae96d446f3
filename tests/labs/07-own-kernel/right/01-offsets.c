/* No struct: offsets, and a packed read of each. */
static void out(unsigned short port, unsigned char value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

void _start(const unsigned char *info)
{
	unsigned int count = *(const unsigned int *)(info + 124);

	for (const unsigned long *module = (const void *)(info + 128); count--;
	     module += 3)
		for (unsigned long at = 0; at < module[1]; at++)
			out(0x3F8, ((const unsigned char *)module[0])[at]);
	out(0xF4, 0x10);
	for (;;)
		__asm__ volatile("cli; hlt");
}
