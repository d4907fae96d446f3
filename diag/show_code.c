/*
 * show_code.c - the last page: the facts that matter most, in one line.
 */
#include "memmap.h"

#include "diag/page.h"
#include "diag/show.h"

static uint32_t usable_mib(const struct memory_facts *memory)
{
	return (uint32_t)(memmap_total(memory->clean, memory->clean_count,
				       MEM_USABLE) >>
			  20);
}

struct code code_of(const struct facts *facts)
{
	const struct drive_facts *drive = &facts->drive;
	const struct screen_facts *screen = &facts->screen;

	return (struct code){
		.build = facts->build,
		.bios_drive = drive->bios_drive,
		.drive = drive->drive,
		.edd_version = drive->edd_version,
		.edd_support = drive->edd_support & 7,
		.edd_read = drive->edd_read_status,
		.chs_read = drive->chs_read_status,
		.parameters = drive->parameters_status,
		.sector_bytes = drive->parameters.sector_bytes,
		.cylinders = drive->cylinders,
		.heads = drive->heads,
		.track_sectors = drive->track_sectors,
		.bpb_changed = bpb_changed(drive),
		.low_k = facts->memory.low_k,
		.ebda_segment = facts->memory.ebda_segment,
		.map_source = facts->memory.source,
		.listed = (uint32_t)facts->memory.raw_count +
			  facts->memory.truncated,
		.usable_mib = usable_mib(&facts->memory),
		.a20_open = facts->a20.was_open,
		.a20_method = facts->a20.method,
		.cpuid = facts->cpu.has_cpuid,
		.signature = facts->cpu.signature,
		.lacks = cpu_lacks(&facts->cpu),
		.offers = cpu_offers(&facts->cpu),
		.video_mode = screen->mode,
		.columns = screen->columns,
		.rows = screen->rows,
		.adapter = screen->active,
		.kbc_status = facts->machine.kbc_status,
		.serial = facts->serial,
		.debugcon = facts->debugcon,
	};
}

void show_code(const struct facts *facts)
{
	struct code code = code_of(facts);
	char text[CODE_TEXT_MAX];

	code_write(&code, text);
	page_begin("for a bug report");
	page_text("This line holds what matters most. Send it with your "
		  "report, copied or");
	page_text("photographed; build/diag-decode puts it back into words.");
	page_gap();
	page_text("%s", text);
	page_gap();
	page_text("Nothing was written to any disk.");
	page_end_last();
}
