/*
 * test_vga.c - the screen writer against what the adapter really holds.
 *
 * These tests may read video memory and the CRTC; vga.c must not.
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "format.h"
#include "kernel/console/console.h"
#include "kernel/device/vga.h"
#include "kernel/test/test.h"
#include "string.h"

#define CELL(character) (VGA_NORMAL << 8 | (character))
#define LAST_START (VGA_CELLS - VGA_SCREEN)

/* A blank screen in normal colours, NULL without one. */
static struct vga *fresh_screen(void)
{
	struct vga *vga = console_screen();

	if (vga) {
		vga_set_attribute(vga, VGA_NORMAL);
		vga_clear(vga);
	}
	return vga;
}

static void put(struct vga *vga, const char *text)
{
	vga_write(vga, text, strlen(text));
}

static uint32_t crtc_pair(const struct vga *vga, uint8_t index)
{
	return (uint32_t)crtc_read(vga->crtc, index) << 8 |
	       crtc_read(vga->crtc, index + 1);
}

/* What is shown in a row, by the adapter's own registers and memory. */
static uint16_t shown(const struct vga *vga, uint32_t row, uint32_t column)
{
	uint32_t start = crtc_pair(vga, CRTC_START_HIGH);

	return vga->video[start + row * VGA_COLUMNS + column];
}

static bool row_is(const struct vga *vga, uint32_t row, const char *text)
{
	size_t length = strlen(text);

	for (uint32_t i = 0; i < VGA_COLUMNS; i++)
		if (shown(vga, row, i) !=
		    CELL(i < length ? (uint8_t)text[i] : ' '))
			return false;
	return true;
}

static bool shadow_is_true(const struct vga *vga)
{
	for (size_t i = 0; i < VGA_CELLS; i++)
		if (vga->shadow[i] && vga->shadow[i] != vga->video[i])
			return false;
	return true;
}

static bool cursor_is(const struct vga *vga, uint32_t row, uint32_t column)
{
	return crtc_pair(vga, CRTC_CURSOR_HIGH) -
		       crtc_pair(vga, CRTC_START_HIGH) ==
	       row * VGA_COLUMNS + column;
}

TEST(vga_control_characters)
{
	struct vga *vga = fresh_screen();

	if (!vga)
		return;
	put(vga, "abc\rX\n\tY\b\bZ\x01\xE9\x7F.");
	EXPECT(row_is(vga, 0, "Xbc"));
	EXPECT(row_is(vga, 1, "       Z\xFE\xFE\xFE."));
	EXPECT(cursor_is(vga, 1, 12));
	put(vga, "\n\b");
	EXPECT(cursor_is(vga, 2, 0));
}

TEST(vga_wraps_late)
{
	struct vga *vga = fresh_screen();
	char row[VGA_COLUMNS + 1];

	if (!vga)
		return;
	memset(row, 'w', VGA_COLUMNS);
	row[VGA_COLUMNS] = '\0';
	put(vga, row);
	EXPECT(cursor_is(vga, 0, VGA_COLUMNS - 1));
	put(vga, "\nnext");
	EXPECT(row_is(vga, 0, row));
	EXPECT(row_is(vga, 1, "next"));
	put(vga, row);
	EXPECT(row_is(vga, 2, "wwww"));
}

/* Also goes over the end of video memory, several times. */
TEST(vga_scrolls)
{
	struct vga *vga = fresh_screen();
	char text[32];

	if (!vga)
		return;
	for (int i = 0; i < 600; i++) {
		ksnprintf(text, sizeof(text), "line %d\n", i);
		put(vga, text);
		text[strlen(text) - 1] = '\0';
		EXPECT(crtc_pair(vga, CRTC_START_HIGH) <= LAST_START);
		EXPECT(row_is(vga, i < VGA_ROWS ? (uint32_t)i : VGA_ROWS - 1,
			      text));
		if (i < VGA_ROWS)
			continue;
		EXPECT(cursor_is(vga, VGA_ROWS, 0));
		ksnprintf(text, sizeof(text), "line %d", i - VGA_ROWS + 1);
		EXPECT(row_is(vga, 0, text));
	}
	EXPECT(shadow_is_true(vga));
}

/* A row that scrolls in is blanked where nothing is written. */
TEST(vga_clears_lazily)
{
	struct vga *vga = fresh_screen();
	char row[VGA_COLUMNS + 1];

	if (!vga)
		return;
	memset(row, 'x', VGA_COLUMNS - 1);
	row[VGA_COLUMNS - 1] = '\n';
	row[VGA_COLUMNS] = '\0';
	for (int i = 0; i < 250; i++)
		put(vga, row);
	put(vga, "a\n\nbcd\re\n");
	EXPECT(row_is(vga, VGA_ROWS - 3, "a"));
	EXPECT(row_is(vga, VGA_ROWS - 2, ""));
	EXPECT(row_is(vga, VGA_ROWS - 1, "ecd"));
}

/* Cells changed behind the writer's back stay: it neither reads them nor
 * writes what it believes to be there already, and it copies from RAM. */
TEST(vga_writes_only_changes)
{
	struct vga *vga = fresh_screen();

	if (!vga)
		return;
	put(vga, "unchanged");
	vga->video[0] = CELL('?');
	vga_move(vga, 0, 0);
	put(vga, "unchange!");
	EXPECT(shown(vga, 0, 0) == CELL('?'));
	EXPECT(shown(vga, 0, 8) == CELL('!'));
	while (vga->start + VGA_COLUMNS <= LAST_START)
		put(vga, "\nrow");
	vga->video[vga->start + VGA_COLUMNS] = CELL('?');
	EXPECT(row_is(vga, 1, "?ow"));
	put(vga, "\nrow");
	EXPECT(vga->start == 0);
	EXPECT(row_is(vga, 0, "row"));
}

static uint8_t attribute_mode(void)
{
	port_read(VGA_STATUS_COLOR);
	port_read(VGA_STATUS_MONO);
	port_write(VGA_ATTRIBUTE_WRITE, VGA_ATTRIBUTE_MODE);
	return port_read(VGA_ATTRIBUTE_READ);
}

TEST(vga_has_16_backgrounds)
{
	struct vga *vga = fresh_screen();

	if (!vga || vga->crtc != CRTC_COLOR)
		return;
	EXPECT(!(attribute_mode() & VGA_ATTRIBUTE_BLINK));
	port_write(VGA_ATTRIBUTE_WRITE, attribute_mode() | VGA_ATTRIBUTE_BLINK);
	EXPECT(attribute_mode() & VGA_ATTRIBUTE_BLINK);
	vga_blink_off();
	EXPECT(!(attribute_mode() & VGA_ATTRIBUTE_BLINK));
	vga_set_attribute(vga, VGA_ATTRIBUTE(VGA_BLACK, VGA_YELLOW));
	put(vga, "A");
	EXPECT(shown(vga, 0, 0) == (0xE0 << 8 | 'A'));
	vga_clear(vga);
	EXPECT(shown(vga, 24, 79) == (0xE0 << 8 | ' '));
}

/* ---- Against a model ----------------------------------------------------- */

/* A terminal that always does everything at once. */
struct model {
	uint16_t cells[VGA_SCREEN];
	uint32_t row, column;
	uint16_t attribute, blank;
};

static void model_new_row(struct model *model)
{
	model->column = 0;
	model->row++;
}

/* Row VGA_ROWS is below the screen. */
static void model_scroll_in(struct model *model)
{
	if (model->row < VGA_ROWS)
		return;
	model->row = VGA_ROWS - 1;
	memmove(model->cells, model->cells + VGA_COLUMNS,
		(VGA_SCREEN - VGA_COLUMNS) * sizeof(model->cells[0]));
	for (uint32_t i = VGA_SCREEN - VGA_COLUMNS; i < VGA_SCREEN; i++)
		model->cells[i] = model->blank | ' ';
}

static void model_put(struct model *model, uint8_t character)
{
	if (character < ' ' || character > '~')
		character = 0xFE;
	if (model->column == VGA_COLUMNS)
		model_new_row(model);
	model_scroll_in(model);
	model->cells[model->row * VGA_COLUMNS + model->column++] =
		model->attribute | character;
}

static void model_write(struct model *model, const char *text, size_t length)
{
	for (; length; text++, length--) {
		if (*text == '\n') {
			model_scroll_in(model);
			model_new_row(model);
		} else if (*text == '\r') {
			model->column = 0;
		} else if (*text == '\b') {
			model->column -= model->column > 0;
		} else if (*text == '\t') {
			do
				model_put(model, ' ');
			while (model->column % 8);
		} else {
			model_put(model, (uint8_t)*text);
		}
	}
}

static void model_clear(struct model *model)
{
	for (uint32_t i = 0; i < VGA_SCREEN; i++)
		model->cells[i] = model->attribute | ' ';
	model->row = model->column = 0;
	model->blank = model->attribute;
}

static bool same(const struct model *model, const struct vga *vga)
{
	uint32_t column = model->column < VGA_COLUMNS ? model->column :
							VGA_COLUMNS - 1;

	for (uint32_t i = 0; i < VGA_SCREEN; i++)
		if (shown(vga, 0, i) != model->cells[i])
			return false;
	return cursor_is(vga, model->row, column);
}

static uint32_t random_number(uint32_t below)
{
	static uint64_t state = 1;

	/* Knuth's MMIX generator. */
	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(state >> 33) % below;
}

static size_t random_text(char *text, size_t max)
{
	static const char rare[] = "\n\n\n\n\r\b\t\x01\x7F\x80\xFF";
	size_t length = random_number((uint32_t)max) + 1;

	for (size_t i = 0; i < length; i++)
		if (random_number(20))
			text[i] = (char)(' ' + random_number(95));
		else
			text[i] = rare[random_number(sizeof(rare) - 1)];
	return length;
}

static void random_step(struct model *model, struct vga *vga)
{
	char text[300];
	size_t length = random_text(text, sizeof(text));
	uint32_t kind = random_number(40);

	if (kind == 0) {
		vga_clear(vga);
		model_clear(model);
	} else if (kind < 4) {
		model->row = random_number(VGA_ROWS);
		model->column = random_number(VGA_COLUMNS);
		vga_move(vga, model->row, model->column);
	} else if (kind < 10 && vga->crtc == CRTC_COLOR) {
		uint8_t attribute = (uint8_t)random_number(256);

		vga_set_attribute(vga, attribute);
		model->attribute = (uint16_t)(attribute << 8);
	} else {
		if (kind < 13)
			vga_look_back(vga, (int32_t)random_number(400) - 200);
		vga_write(vga, text, length);
		model_write(model, text, length);
	}
}

TEST(vga_is_as_the_model)
{
	static struct model model;
	struct vga *vga = fresh_screen();

	if (!vga)
		return;
	model.attribute = VGA_NORMAL << 8;
	model_clear(&model);
	for (int i = 0; i < 1500; i++) {
		random_step(&model, vga);
		EXPECT(same(&model, vga));
	}
	EXPECT(shadow_is_true(vga));
	vga_set_attribute(vga, VGA_NORMAL);
	vga_clear(vga);
}
