#include "kernel/device/vga.h"

#include "boot/layout.h"
#include "string.h"

/* Windows and curses do not wrap at the end of video memory as the adapter
 * does, so the screen always lies in one piece. */
#define START_MAX (VGA_CELLS - VGA_SCREEN)
#define UNPRINTABLE 0xFE
#define TAB 8
#define CURSOR_FIRST_LINE 14 /* of 16: an underscore */
#define CURSOR_LAST_LINE 15
#define PER_GROUP 4 /* cells in 64 bits */

_Static_assert(VGA_COLUMNS % PER_GROUP == 0, "rows are whole groups");

/* ---- Cells -------------------------------------------------------------- */

static inline void vga_put_cell(struct vga *vga, uint32_t cell, uint16_t value)
{
	if (vga->shadow[cell] == value)
		return;
	vga->shadow[cell] = value;
	vga->video[cell] = value;
}

/* The same for four cells at once; `cell` is a multiple of four. */
static inline void vga_put_group(struct vga *vga, uint32_t cell,
				 uint64_t values)
{
	uint64_t *shadow = (uint64_t *)(void *)&vga->shadow[cell];

	if (*shadow == values)
		return;
	*shadow = values;
	*(volatile uint64_t *)(volatile void *)&vga->video[cell] = values;
}

static inline uint64_t four_times(uint16_t value)
{
	return value * UINT64_C(0x0001000100010001);
}

static void vga_blank(struct vga *vga, uint32_t from, uint32_t end)
{
	uint16_t value = vga->blank | ' ';

	while (from < end && from % PER_GROUP)
		vga_put_cell(vga, from++, value);
	for (; from < end; from += PER_GROUP)
		vga_put_group(vga, from, four_times(value));
}

/* ---- Rows --------------------------------------------------------------- */

static inline uint32_t vga_cell_at(const struct vga *vga, uint32_t row)
{
	return vga->start + row * VGA_COLUMNS;
}

/* The cursor is about to leave what it wrote: that is not stale any more. */
static inline void vga_note_written(struct vga *vga)
{
	if (vga->stale < vga->column)
		vga->stale = vga->column;
}

/* Blank what the last row still holds of older text. */
static void vga_settle(struct vga *vga)
{
	uint32_t row = vga_cell_at(vga, VGA_ROWS - 1);

	vga_note_written(vga);
	vga_blank(vga, row + vga->stale, row + VGA_COLUMNS);
	vga->stale = VGA_COLUMNS;
}

/* The ranges do not overlap. */
static void vga_copy_cells(volatile uint16_t *to, const uint16_t *from,
			   uint64_t count)
{
	uint64_t groups = count / PER_GROUP;

	__asm__ volatile("rep movsq"
			 : "+D"(to), "+S"(from), "+c"(groups)
			 :
			 : "memory");
}

/* Start again at the beginning of video memory, one row further up. All at once
 * and not cell by cell, as interrupts are off (console.h). */
static void vga_copy_back(struct vga *vga)
{
	const uint16_t *rows = &vga->shadow[vga_cell_at(vga, 1)];

	vga->start = 0;
	vga_copy_cells(vga->shadow, rows, VGA_SCREEN - VGA_COLUMNS);
	vga_copy_cells(vga->video, rows, VGA_SCREEN - VGA_COLUMNS);
}

static void vga_scroll(struct vga *vga)
{
	vga_settle(vga);
	if (vga->start + VGA_COLUMNS <= START_MAX)
		vga->start += VGA_COLUMNS;
	else
		vga_copy_back(vga);
	vga->row = VGA_ROWS - 1;
	vga->stale = 0;
}

static void vga_new_row(struct vga *vga)
{
	if (vga->row == VGA_ROWS)
		vga_scroll(vga);
	vga_note_written(vga);
	vga->row++;
	vga->column = 0;
}

/* ---- Text --------------------------------------------------------------- */

/* Make sure that the cursor stands where a character can be put. */
static inline void vga_make_room(struct vga *vga)
{
	if (vga->column == VGA_COLUMNS)
		vga_new_row(vga);
	if (vga->row == VGA_ROWS)
		vga_scroll(vga);
}

static void vga_put_character(struct vga *vga, uint8_t character)
{
	if (character < ' ' || character > '~')
		character = UNPRINTABLE;
	vga_make_room(vga);
	vga_put_cell(vga, vga_cell_at(vga, vga->row) + vga->column,
		     vga->attribute | character);
	vga->column++;
}

static void vga_put_control(struct vga *vga, char character)
{
	switch (character) {
	case '\n':
		vga_new_row(vga);
		break;
	case '\r':
		vga_note_written(vga);
		vga->column = 0;
		break;
	case '\b':
		vga_note_written(vga);
		if (vga->column)
			vga->column--;
		break;
	case '\t':
		do
			vga_put_character(vga, ' ');
		while (vga->column % TAB);
		break;
	default:
		vga_put_character(vga, (uint8_t)character);
	}
}

/* Whether all four bytes are 20h..7Eh: the sums carry into bit 7 of each byte
 * that is not, and a byte that had bit 7 before is none either. */
static inline bool all_printable(uint32_t four)
{
	uint32_t from_7f = four + 0x01010101;
	uint32_t from_20 = four + 0x60606060;

	return !((four | from_7f | ~from_20) & 0x80808080);
}

/* Four characters to the low bytes of four cells. */
static inline uint64_t spread(uint64_t four)
{
	four = (four | four << 16) & 0x0000FFFF0000FFFF;
	return (four | four << 8) & 0x00FF00FF00FF00FF;
}

static inline uint32_t load_four(const char *text)
{
	uint32_t four;

	__builtin_memcpy(&four, text, sizeof(four));
	return four;
}

/* Whole groups of printable characters from `text` on, as many as there are
 * before `end` and in the row. The cursor stands at a group, in a row. */
static const char *vga_put_groups(struct vga *vga, const char *text,
				  const char *end)
{
	uint32_t cell = vga_cell_at(vga, vga->row) + vga->column;
	uint64_t attributes = four_times(vga->attribute);
	const char *first = text;

	if (end - text > VGA_COLUMNS - vga->column)
		end = text + VGA_COLUMNS - vga->column;
	for (; end - text >= PER_GROUP; text += PER_GROUP, cell += PER_GROUP) {
		uint32_t four = load_four(text);

		if (!all_printable(four))
			break;
		vga_put_group(vga, cell, spread(four) | attributes);
	}
	vga->column += (uint32_t)(text - first);
	return text;
}

/* Whether put_groups() would put one, once there is room. */
static inline bool vga_group_follows(const struct vga *vga, const char *text,
				     const char *end)
{
	return vga->column % PER_GROUP == 0 && end - text >= PER_GROUP &&
	       all_printable(load_four(text));
}

/* ---- The adapter --------------------------------------------------------- */

static void crtc_write_pair(struct vga *vga, uint8_t index_high, uint32_t old,
			    uint32_t value)
{
	if ((old ^ value) >> 8)
		crtc_write(vga->crtc, index_high, (uint8_t)(value >> 8));
	if ((old ^ value) & 0xFF)
		crtc_write(vga->crtc, index_high + 1, (uint8_t)value);
}

/* Read a register of the attribute controller, and write it back without some
 * of its bits. */
static void attribute_clear(uint8_t index, uint8_t bits)
{
	uint8_t value;

	port_read(VGA_STATUS_COLOR);
	port_read(VGA_STATUS_MONO);
	port_write(VGA_ATTRIBUTE_WRITE, index);
	value = port_read(VGA_ATTRIBUTE_READ);
	port_write(VGA_ATTRIBUTE_WRITE, (uint8_t)(value & ~bits));
}

void vga_blink_off(void)
{
	attribute_clear(VGA_ATTRIBUTE_MODE, VGA_ATTRIBUTE_BLINK);
}

void vga_redraw(void)
{
	attribute_clear(VGA_ATTRIBUTE_PLANES, 0);
}

static void vga_show_start(struct vga *vga, uint32_t start)
{
	crtc_write_pair(vga, CRTC_START_HIGH, vga->shown_start, start);
	if (vga->shown_start != start)
		vga_redraw();
	vga->shown_start = start;
}

/* Show all that was written: start address and cursor. */
static void vga_show(struct vga *vga)
{
	uint32_t column = vga->column < VGA_COLUMNS ? vga->column :
						      VGA_COLUMNS - 1;
	uint32_t cursor = vga_cell_at(vga, vga->row) + column;

	vga_settle(vga);
	vga_show_start(vga, vga->start);
	crtc_write_pair(vga, CRTC_CURSOR_HIGH, vga->shown_cursor, cursor);
	vga->shown_cursor = cursor;
}

/* The only place where video memory is read: is it there? */
static bool vga_probe(volatile uint16_t *video)
{
	static const uint16_t patterns[] = { 0x0755, 0x07AA };
	uint16_t before = *video;
	bool found = true;

	for (unsigned int i = 0; i < 2; i++) {
		*video = patterns[i];
		found = *video == patterns[i] && found;
	}
	*video = before;
	return found;
}

bool vga_start(struct vga *vga, paddr_t text_base)
{
	volatile uint16_t *video = paddr_pointer(text_base);

	if (!text_base || !vga_probe(video))
		return false;
	memset(vga, 0, sizeof(*vga));
	vga->video = video;
	vga->crtc = text_base == VGA_MONO_ADDR ? CRTC_MONO : CRTC_COLOR;
	/* Values that no register holds: so each is written the first time. */
	vga->shown_start = UINT32_MAX;
	vga->shown_cursor = UINT32_MAX;
	vga_blink_off();
	crtc_write(vga->crtc, CRTC_CURSOR_SHAPE, CURSOR_FIRST_LINE);
	crtc_write(vga->crtc, CRTC_CURSOR_SHAPE_END, CURSOR_LAST_LINE);
	vga_set_attribute(vga, VGA_NORMAL);
	vga_clear(vga);
	return true;
}

void vga_write(struct vga *vga, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		if (vga_group_follows(vga, text, end)) {
			vga_make_room(vga);
			text = vga_put_groups(vga, text, end);
		} else {
			vga_put_control(vga, *text++);
		}
	}
	vga_show(vga);
}

void vga_set_attribute(struct vga *vga, uint8_t attribute)
{
	if (vga->crtc == CRTC_MONO && attribute >> 4)
		attribute = VGA_ATTRIBUTE(VGA_BLACK, VGA_LIGHT_GRAY);
	else if (vga->crtc == CRTC_MONO)
		attribute = VGA_LIGHT_GRAY | (attribute & 8);
	vga->attribute = (uint16_t)(attribute << 8);
}

void vga_clear(struct vga *vga)
{
	vga->stale = VGA_COLUMNS;
	vga->start = 0;
	vga->blank = vga->attribute;
	vga_blank(vga, 0, VGA_SCREEN);
	vga_move(vga, 0, 0);
}

void vga_move(struct vga *vga, uint32_t row, uint32_t column)
{
	vga_settle(vga);
	vga->row = row < VGA_ROWS ? row : VGA_ROWS - 1;
	vga->column = column < VGA_COLUMNS ? column : VGA_COLUMNS - 1;
	vga_show(vga);
}

void vga_look_back(struct vga *vga, int32_t rows)
{
	int64_t start = (int64_t)vga->shown_start - rows * VGA_COLUMNS;

	if (start > vga->start)
		start = vga->start;
	vga_show_start(vga, start > 0 ? (uint32_t)start : 0);
}
