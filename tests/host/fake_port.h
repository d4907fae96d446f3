/*
 * fake_port.h - in front of a driver, it takes the place of x86/port.h: the
 * test is the device.
 */
#define LIB_X86_PORT_H

#include <stddef.h>
#include <stdint.h>

void port_write(uint16_t port, uint8_t value);
uint8_t port_read(uint16_t port);
void port_write_all(uint16_t port, const char *from, size_t count);
