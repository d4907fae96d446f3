/* A kernel in C++ with constructors: who calls them, if there is no libc? */
#include "bootinfo.h"

namespace {

void out(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

class Serial {
public:
	Serial()
	{
		*this << "Hello from C++. A constructor ran before main. ";
	}
	Serial &operator<<(const char *text)
	{
		for (; *text; text++)
			out(0x3F8, static_cast<uint8_t>(*text));
		return *this;
	}
};

Serial serial;

/* A constructor with an argument that only run time knows. */
struct Answer {
	explicit Answer(int value) : value(value) {}
	int value;
};

int twice(volatile int number)
{
	return 2 * number;
}

Answer answer(twice(21));

using constructor = void (*)();

} // namespace

/* Bounds of the table of constructors: kernel.ld. */
extern "C" constructor init_array_start[], init_array_end[];

extern "C" [[noreturn]] void _start(const boot_info *info)
{
	for (constructor *call = init_array_start; call != init_array_end; call++)
		(*call)();
	bool good = answer.value == 42 && info->magic == BOOT_INFO_MAGIC;
	serial << (good ? "The answer is 42.\n" : "They did not all run.\n");
	out(0xF4, good ? 0x10 : 0x11); /* QEMU's status 33 or 35 */
	for (;;)
		asm volatile("cli; hlt");
}
