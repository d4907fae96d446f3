/*
 * vga.h - the text screen: 80 x 25 cells, written from a copy in RAM.
 *
 * struct vga holds what video memory holds, so video memory is never read and
 * a cell that would not change is not written. Video memory has room for
 * eight screens: the screen scrolls by moving the CRTC's start address
 * through it, and only when the end is reached 24 rows are copied to its
 * beginning, from RAM. Two more things are put off until they show:
 *
 *	- After a line feed in the last row the cursor stands in row 25, below
 *	  the screen; it scrolls when something is written there. So the last
 *	  line is one of text, and a line that scrolls in is written once and
 *	  not cleared before.
 *	- After a character in column 79 the cursor stands in column 80; the
 *	  next character goes to the next row.
 *
 * \n starts a new row, \r goes to column 0, \b one column back, \t to the
 * next multiple of 8, over blanks. 20h..7Eh print themselves, all other bytes
 * a small square (FEh).
 *
 * Context: any, but one call at a time: the console's lock is held.
 */
#ifndef KERNEL_DEVICE_VGA_H
#define KERNEL_DEVICE_VGA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "boot/x86.h"
#include "x86/port.h"

#define VGA_COLUMNS 80
#define VGA_ROWS 25
#define VGA_SCREEN (VGA_COLUMNS * VGA_ROWS)
#define VGA_CELLS 16384 /* in video memory, 32 KiB */

enum vga_color {
	VGA_BLACK,
	VGA_BLUE,
	VGA_GREEN,
	VGA_CYAN,
	VGA_RED,
	VGA_MAGENTA,
	VGA_BROWN,
	VGA_LIGHT_GRAY,
	VGA_DARK_GRAY,
	VGA_LIGHT_BLUE,
	VGA_LIGHT_GREEN,
	VGA_LIGHT_CYAN,
	VGA_LIGHT_RED,
	VGA_LIGHT_MAGENTA,
	VGA_YELLOW,
	VGA_WHITE,
};

/* An attribute byte; all 16 backgrounds, as blinking is off (HW-31). */
#define VGA_ATTRIBUTE(foreground, background) \
	((uint8_t)((background) << 4 | (foreground)))
#define VGA_NORMAL VGA_ATTRIBUTE(VGA_LIGHT_GRAY, VGA_BLACK)

struct vga {
	volatile uint16_t *video; /* cells: attribute << 8 | character */
	uint16_t crtc;		/* index port */
	uint16_t attribute;	/* of what is written next, << 8 */
	uint16_t blank;		/* of rows that scroll in, << 8 */
	uint32_t start;		/* cell shown top left, whole rows */
	uint32_t row;		/* cursor: 0..VGA_ROWS */
	uint32_t column;	/* cursor: 0..VGA_COLUMNS */
	uint32_t stale;		/* from here on the last row holds old text */
	uint32_t shown_start;	/* as in the CRTC's registers */
	uint32_t shown_cursor;
	/* What video memory holds; 0, which is never written: not known. */
	_Alignas(uint64_t) uint16_t shadow[VGA_CELLS];
};

/**
 * vga_start - take over the screen and clear it
 * @text_base:	0xB8000, 0xB0000 (monochrome) or 0, as the loader found it
 *
 * Returns false, with nothing written, if there is no text screen (HW-30).
 */
bool vga_start(struct vga *vga, paddr_t text_base);

/* One burst: when it returns, screen and cursor show all of it. */
void vga_write(struct vga *vga, const char *text, size_t length);

/* Colours of what is written from now on; on a monochrome screen bright, or
 * reverse when the background is not black. */
void vga_set_attribute(struct vga *vga, uint8_t attribute);

/* Blank the screen in the current colours, which rows that scroll in will have
 * too; cursor to the top left. */
void vga_clear(struct vga *vga);

/* Place the cursor, at most in row VGA_ROWS - 1, column VGA_COLUMNS - 1. */
void vga_move(struct vga *vga, uint32_t row, uint32_t column);

/* Show what is `rows` further up (below 0: down), as far as video memory still
 * has what scrolled away: up to 179 rows, none when it has just been gone
 * through. Whatever is written next is shown again. */
void vga_look_back(struct vga *vga, int32_t rows);

/* Show all 16 background colours, without blinking. Relies on no variable. */
void vga_blink_off(void);

/* To be called once the start address has changed: Bochs 2.7 draws only cells
 * that were written, wherever they were shown before. A write to a register
 * that concerns all colours makes it draw all. Relies on no
 * variable. */
void vga_redraw(void);

/*
 * ---- Registers --------------------------------------------------------------
 *
 * Those that vga.c and the panic page use (IBM VGA manual). The ports in
 * lib/boot/x86.h are those that the loader uses too.
 */

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
