#include "kernel/device/debugcon.h"

#include "boot/x86.h"
#include "x86/port.h"

bool debugcon_present(void)
{
	return port_read(DEBUGCON) == DEBUGCON;
}

void debugcon_write(const char *text, size_t length)
{
	port_write_all(DEBUGCON, text, length);
}
