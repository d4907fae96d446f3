/*
 * kernel.c - a complete kernel that knows nothing of this project. Copy it.
 *
 *	gcc -ffreestanding -fno-pie -fno-stack-protector -mno-red-zone \
 *		-c kernel.c
 *	ld -static -T kernel.ld -o kernel.elf kernel.o
 *	build/mkimage --kernel kernel.elf -o disk.img
 *	qemu-system-x86_64 -drive format=raw,file=disk.img -serial stdio \
 *		-device isa-debug-exit,iobase=0xf4,iosize=4
 *
 * It starts in 64-bit mode with 4 GiB mapped and a stack of its own, and
 * says so on the screen and on the first serial port.
 */
static void out(unsigned short port, unsigned char value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void print(const char *text)
{
	static volatile unsigned short *cell = (unsigned short *)0xB8000;

	for (; *text; text++) {
		out(0x3F8, (unsigned char)*text);
		*cell++ = (unsigned short)(0x1F00 | *text); /* white on blue */
	}
}

void _start(void)
{
	print("Hello from a kernel of your own");
	out(0xF4, 0x10); /* leaves QEMU with status 33, if it has that port */
	for (;;)
		__asm__ volatile("cli; hlt");
}
