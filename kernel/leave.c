#include "kernel/leave.h"

#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/device/serial.h"
#include "x86/port.h"

/* kernel/main.c obeys it, and the panic page. */
COMMAND_LINE_WORD(exit, .help = "leave QEMU: with status 33 when ready, 35 "
				"after a panic");

void leave_qemu(uint8_t code)
{
	serial_drain();
	port_write(DEBUG_EXIT, code);
}
