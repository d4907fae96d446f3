/*
 * main.c - the diagnostics: look at everything, then tell it page by page; and
 * step mode, if somebody asked for it.
 *
 * Stage 2 calls us before it has checked CPU, A20 or memory map, so that we
 * help when one of these fails. We need a 386, 128 KiB of memory and the BIOS,
 * and write to no disk. docs/diagnostics.md says what each line means.
 */
#include "diag/console.h"
#include "diag/far.h"
#include "diag/look.h"
#include "diag/page.h"
#include "diag/show.h"
#include "diag/step.h"

void diag_main(uint32_t drive, uint32_t bios_drive);

static struct facts facts;
static struct image_header header; /* a copy within our reach */

static void header_fetch(void)
{
	uint8_t *to = (uint8_t *)&header;

	for (uint32_t i = 0; i < HEADER_SIZE; i++)
		to[i] = far_read(0, HEADER_ADDR + i);
}

static void look(void)
{
	header_fetch();
	facts.build = (uint32_t)header.build_id;
	look_at_screen(&facts.screen); /* before console_open() changes it */
	console_open();
	facts.serial = console_has_serial();
	facts.debugcon = console_has_debugcon();
	look_at_drive(&facts.drive);
	look_at_memory(&facts.memory, &header);
	look_at_a20(&facts.a20);
	look_at_cpu(&facts.cpu);
	look_at_machine(&facts.machine);
}

/* Is the word on the kernel's command line? */
static bool command_line_has(const char *word)
{
	const char *line = header.cmdline;

	for (bool starts = true; *line; starts = *line++ == ' ') {
		size_t length = 0;

		while (starts && word[length] && line[length] == word[length])
			length++;
		if (starts && !word[length] &&
		    (!line[length] || line[length] == ' '))
			return true;
	}
	return false;
}

void diag_main(uint32_t drive, uint32_t bios_drive)
{
	facts.drive.drive = (uint8_t)drive;
	facts.drive.bios_drive = (uint8_t)bios_drive;
	look();
	/* Asked for by a key, or by the word "diag". */
	if (!command_line_has("step") || command_line_has("diag"))
		show_pages(&facts);
	if (page_end_key() == 'r')
		restart();
	console_fill(0, CONSOLE_ROWS, 0, LOOK_PLAIN);
	console_show(0, 0, "");
	console_send("\n");
	if (page_end_key() == 's' || command_line_has("step"))
		step_start();
}
