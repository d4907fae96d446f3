/*
 * show_pages.c - all that was found, page by page.
 */
#include "diag/show.h"

void show_pages(const struct facts *facts)
{
	show_drive(&facts->drive);
	show_sector_0(&facts->drive);
	show_low_memory(&facts->memory, &facts->a20);
	show_raw_map(&facts->memory);
	show_clean_map(&facts->memory);
	show_cpu(&facts->cpu);
	show_screen(&facts->screen);
	show_machine(&facts->machine, facts->serial, facts->debugcon);
	show_code(facts);
}
