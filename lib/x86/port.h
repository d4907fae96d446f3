/*
 * port.h - I/O ports, for code of 16, 32 and 64 bits. Any context.
 */
#ifndef LIB_X86_PORT_H
#define LIB_X86_PORT_H

#include <stddef.h>
#include <stdint.h>

static inline void port_write(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* Two neighbouring ports at once: the low byte goes to `port`. */
static inline void port_write16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint16_t port_read16(uint16_t port)
{
	uint16_t value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint32_t port_read32(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* `count` bytes, one after the other, to the same port. */
static inline void port_write_all(uint16_t port, const char *from, size_t count)
{
	__asm__ volatile("rep outsb"
			 : "+S"(from), "+c"(count)
			 : "d"(port)
			 : "memory");
}

#endif
