/*
 * vga_ports.h - VGA registers that the console and the panic page use.
 * IBM VGA manual; the ports in lib/boot/x86.h are those the loader uses too.
 */
#ifndef KERNEL_DEVICE_VGA_PORTS_H
#define KERNEL_DEVICE_VGA_PORTS_H

#include "boot/x86.h"
#include "x86/port.h"

#define CRTC_CURSOR_SHAPE	0x0A	/* first scan line; bit 5: no cursor */
#define CRTC_CURSOR_SHAPE_END	0x0B	/* last scan line */
#define CRTC_CURSOR_OFF		0x20

#define VGA_MISC_READ		0x3CC
#define VGA_MISC_COLOR		0x1	/* CRTC at 3D4h, else at 3B4h */

/* Attribute controller: index and data share a port; reading the status port
 * makes it expect an index. Bit 5 of the index keeps the screen on. */
#define VGA_STATUS_COLOR	0x3DA
#define VGA_STATUS_MONO		0x3BA
#define VGA_ATTRIBUTE_WRITE	0x3C0
#define VGA_ATTRIBUTE_READ	0x3C1
#define VGA_ATTRIBUTE_MODE	0x30	/* register 10h, screen on */
#define VGA_ATTRIBUTE_BLINK	0x8
#define VGA_ATTRIBUTE_PLANES	0x32	/* register 12h, screen on */

static inline void crtc_write(uint16_t crtc, uint8_t index, uint8_t value)
{
	port_write16(crtc, (uint16_t)(value << 8 | index));
}

static inline uint8_t crtc_read(uint16_t crtc, uint8_t index)
{
	port_write(crtc, index);
	return port_read((uint16_t)(crtc + 1));
}

#endif
