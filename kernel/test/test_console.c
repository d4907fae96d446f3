#include <stddef.h>

#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/vga.h"
#include "kernel/test/test.h"
#include "string.h"

/* What the screen shows in a row, from its first column on. */
static bool row_begins(uint32_t row, const char *text)
{
	const struct vga *vga = console_screen();
	uint32_t start = vga->start + row * VGA_COLUMNS;

	for (uint32_t i = 0; text[i]; i++)
		if ((vga->video[start + i] & 0xFF) != (uint8_t)text[i])
			return false;
	return true;
}

static void edit(const char *text)
{
	console_line_begin();
	console_line_echo(text, strlen(text));
}

TEST(console_line_makes_way)
{
	console_clear();
	edit("# edited, longer");
	EXPECT(!console_line_gone());
	kprintf("# printed\n");
	EXPECT(console_line_gone());
	console_line_echo("lost", 4);
	edit("# edited");
	EXPECT(!console_line_gone());
	console_line_end();
	kprintf(", then printed\n");
	if (!console_screen())
		return;
	EXPECT(row_begins(0, "# printed                 "));
	EXPECT(row_begins(1, "# edited, then printed "));
}

TEST(console_line_begins_a_row)
{
	console_clear();
	kprintf("# half a row");
	edit("# edited");
	console_line_end();
	kprintf("\n");
	if (!console_screen())
		return;
	EXPECT(row_begins(0, "# half a row   "));
	EXPECT(row_begins(1, "# edited   "));
}
