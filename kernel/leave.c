#include "kernel/leave.h"

#include "boot/x86.h"
#include "kernel/console/serial.h"
#include "x86/port.h"

void leave_qemu(uint8_t code)
{
	serial_drain();
	port_write(DEBUG_EXIT, code);
}
