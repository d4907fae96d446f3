/*
 * pointers.c - hands addresses that are not its own to each call that takes
 * one: all are refused, and the kernel neither reads nor writes there.
 */
#include "boot/layout.h"
#include "user/call.h"
#include "user/print.h"

int main(void);

static const uint64_t foreign[] = {
	0,
	VGA_WINDOW_ADDR, /* the screen */
	LOAD_ADDR, /* the kernel's text */
	PROGRAM_LOW - 1, /* from here on the next byte may be its own */
	PROGRAM_HIGH, /* no address from here on */
	PROGRAM_MAPS, /* its own, but it has mapped nothing */
	0x800000000000,
	0xFFFF800000000000, /* the kernel's stacks */
	UINT64_MAX,
};

/* The number of the first call that takes the address; 0: none does. */
static uint64_t who_takes(uint64_t address, int64_t self)
{
	if (call_write((const char *)address, 8) != -CALL_E_ADDRESS)
		return CALL_WRITE;
	if (call_spawn((const char *)address) != -CALL_E_ADDRESS)
		return CALL_SPAWN;
	call_send(self, 1);
	if (call_receive((uint64_t *)address) != -CALL_E_ADDRESS)
		return CALL_RECEIVE;
	/* NULL: it does not want to know how that one ended. */
	if (address && call_wait(call_spawn("registers"), (void *)address) !=
			       -CALL_E_ADDRESS)
		return CALL_WAIT;
	if (call_read((char *)address, 1) != -CALL_E_ADDRESS)
		return CALL_READ;
	return 0;
}

int main(void)
{
	int64_t self = call_getpid();

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		uint64_t number = who_takes(foreign[i], self);

		if (number) {
			print("%s took %#lx, which is not this program's\n",
			      call_name(number), foreign[i]);
			return 1;
		}
	}
	return 0;
}
