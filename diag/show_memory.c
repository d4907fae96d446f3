/*
 * show_memory.c - low memory, A20 and the memory maps, in words.
 */
#include "memmap.h"

#include "diag/page.h"
#include "diag/show.h"

#define NOT_TOLD 0xFF

static void show_low(const struct memory_facts *memory)
{
	uint32_t end = memory->low_end, ebda = ebda_address(memory);

	page_row("Low memory", "%u KiB, to %05Xh, by INT 12h", memory->low_k,
		 (unsigned int)memory->low_k << 10);
	if (ebda)
		page_row("EBDA", "at %05Xh, %u KiB", ebda, memory->ebda_k);
	else if (memory->ebda_segment)
		page_row("EBDA", "none: segment %04Xh is too low for one",
			 memory->ebda_segment);
	else
		page_row("EBDA", "none");
	if (end >= LOADER_DATA_END)
		page_row("Loader", "needs memory to %05Xh, %u KiB are left",
			 LOADER_DATA_END, (end - LOADER_DATA_END) >> 10);
	else
		page_warn("Loader", "needs memory to %05Xh, it ends at %05Xh",
			  LOADER_DATA_END, end);
}

static void show_sizes(const struct memory_facts *memory)
{
	const struct size_answer *e801 = &memory->e801;

	if (memory->source != MAP_E820)
		page_row("INT 15h E820h", "not there");
	else if (memory->truncated)
		page_warn("INT 15h E820h", "more than %u entries", MEM_RAW_MAX);
	else
		page_row("INT 15h E820h", "%u entries",
			 (unsigned int)memory->raw_count);
	if (e801->told)
		page_row("INT 15h E801h",
			 "AX=%04X BX=%04X CX=%04X DX=%04X (KiB, 64 KiB)",
			 e801->ax, e801->bx, e801->cx, e801->dx);
	else
		page_row("INT 15h E801h", "not there");
	if (memory->old_88.told)
		page_row("INT 15h 88h", "%u KiB from 1 MiB on",
			 memory->old_88.ax);
	else
		page_row("INT 15h 88h", "not there");
	if (!memory->source)
		page_warn("Memory map", "none: the BIOS lists no memory");
	else
		page_row("Memory map", "by INT 15h %s",
			 memory->source == MAP_E820 ? "E820h" :
			 memory->source == MAP_E801 ? "E801h" :
						      "88h");
}

static void show_a20(const struct a20_facts *a20)
{
	static const char *const methods[] = {
		[A20_WAS_OPEN] = "itself",
		[A20_BIOS] = "INT 15h AX=2401h",
		[A20_PORT_92] = "port 92h",
		[A20_KEYBOARD] = "the keyboard controller",
	};

	if (a20->was_open)
		page_row("A20", "open when stage 2 began");
	else if (a20->method)
		page_row("A20", "closed, then opened by %s",
			 methods[a20->method]);
	else
		page_warn("A20", "closed, and nothing opens it");
	if (a20->status_answer == NOT_TOLD)
		page_row("A20 status", "not told (INT 15h AX=2402h)");
	else
		page_row("A20 status", "%s, by INT 15h AX=2402h",
			 a20->status_answer ? "open" : "closed");
	if (a20->support_answer == NOT_TOLD)
		page_row("A20 support", "not told (INT 15h AX=2403h)");
	else
		page_row("A20 support",
			 "keyboard controller %s, port 92h %s, by AX=2403h",
			 a20->support_answer & 1 ? "yes" : "no",
			 a20->support_answer & 2 ? "yes" : "no");
	if (a20->port_92 == 0xFF)
		page_row("Port 92h", "FFh: not there");
	else
		page_row("Port 92h", "%02Xh: its A20 bit is %s", a20->port_92,
			 a20->port_92 & PORT_92_A20 ? "set" : "clear");
}

void show_low_memory(const struct memory_facts *memory,
		     const struct a20_facts *a20)
{
	page_begin("low memory and A20");
	show_low(memory);
	page_gap();
	show_sizes(memory);
	page_gap();
	show_a20(a20);
	page_end();
}

/* ---- Maps ---------------------------------------------------------------- */

/* A length in a unit that leaves it four or five digits: number and unit. */
struct amount {
	unsigned int number;
	const char *unit;
};

static struct amount amount_of(uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB",
					     "PiB" };
	unsigned int unit = 0;

	if (!(bytes >> 10))
		return (struct amount){ (unsigned int)bytes, "bytes" };
	bytes >>= 10;
	for (; bytes >> 13 && unit < 4; unit++)
		bytes >>= 10;
	return (struct amount){ (unsigned int)bytes, units[unit] };
}

#define HIGH(value) (unsigned int)((value) >> 32)
#define LOW(value) (unsigned int)(value)

static void show_range(unsigned int number, const struct mem_range *range,
		       const char *type, const char *note)
{
	uint64_t more = range->length ? range->length - 1 : 0;
	uint64_t last = range->base + more;
	struct amount amount = amount_of(range->length);

	if (last < range->base)
		last = UINT64_MAX; /* it wraps, and is cut off there */
	page_text("%3u  %08X%08X  %08X%08X  %5u %-5s  %s%s", number,
		  HIGH(range->base), LOW(range->base), HIGH(last), LOW(last),
		  amount.number, amount.unit, type, note);
}

#define MAP_HEADING \
	"  #  first             last               size         type"

void show_raw_map(const struct memory_facts *memory)
{
	page_begin("memory as the BIOS lists it");
	page_text(MAP_HEADING);
	for (size_t i = 0; i < memory->raw_count; i++) {
		const struct mem_range *range = &memory->raw[i];
		bool ignored = !(range->attributes & MEM_ATTR_PRESENT);

		show_range((unsigned int)i, range,
			   range->type <= MEM_BAD ?
				   memmap_type_name(range->type) :
				   "unknown",
			   ignored ? ", to be ignored" : "");
	}
	if (memory->truncated)
		page_warn("Not shown", "the rest: stage 2 ignores it, too");
	page_end();
}

void show_clean_map(const struct memory_facts *memory)
{
	struct amount usable = amount_of(
		memmap_total(memory->clean, memory->clean_count, MEM_USABLE));

	page_begin("memory as the kernel gets it");
	page_text(MAP_HEADING);
	for (size_t i = 0; i < memory->clean_count; i++)
		show_range((unsigned int)i, &memory->clean[i],
			   memmap_type_name(memory->clean[i].type), "");
	page_gap();
	page_row("Usable", "%u %s", usable.number, usable.unit);
	page_end();
}
