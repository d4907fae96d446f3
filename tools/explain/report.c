/*
 * report.c - collect the regions of an image, then print them in order.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define BYTES_PER_LINE 8
#define LINES_MAX 4

struct region *report_region(struct report *report, uint64_t start,
			     uint64_t end, const char *format, ...)
{
	static struct region nowhere;
	struct region *region = &nowhere;
	va_list arguments;

	if (end > report->disk->size)
		end = report->disk->size;
	if (start < end && report->count < REGIONS_MAX)
		region = &report->regions[report->count++];
	else if (start < end)
		report->dropped++;
	memset(region, 0, sizeof(*region));
	region->start = start;
	region->end = end;
	region->order = report->count;
	va_start(arguments, format);
	vsnprintf(region->what, sizeof(region->what), format, arguments);
	va_end(arguments);
	return region;
}

/* At most one line's bytes. Returns the width of what was printed. */
static int print_bytes(struct report *report, uint64_t offset, uint64_t size)
{
	uint8_t bytes[BYTES_PER_LINE];

	if (size > BYTES_PER_LINE)
		size = BYTES_PER_LINE;
	if (disk_read(report->disk, offset, bytes, (size_t)size))
		return fprintf(report->out, "unreadable");
	for (uint64_t i = 0; i < size; i++)
		fprintf(report->out, "%s%02x", i ? " " : "", bytes[i]);
	return size ? (int)size * 3 - 1 : 0;
}

/* The bytes that did not fit beside the meaning. */
static void print_more_bytes(struct report *report, uint64_t offset,
			     uint64_t size)
{
	for (unsigned int line = 1; line < LINES_MAX && size; line++) {
		uint64_t part = size < BYTES_PER_LINE ? size : BYTES_PER_LINE;

		fprintf(report->out, "    %08" PRIx64 "  ", offset);
		print_bytes(report, offset, part);
		fputc('\n', report->out);
		offset += part;
		size -= part;
	}
	if (size)
		fprintf(report->out, "    ...       %" PRIu64 " bytes more\n",
			size);
}

void report_field(struct report *report, uint64_t offset, uint64_t size,
		  const char *format, ...)
{
	va_list arguments;

	fprintf(report->out, "    %08" PRIx64 "  ", offset);
	if (report->hex)
		fprintf(report->out, "%*s",
			3 * BYTES_PER_LINE + 1 -
				print_bytes(report, offset, size),
			"");
	else
		fprintf(report->out, "%7" PRIu64 "  ", size);
	va_start(arguments, format);
	vfprintf(report->out, format, arguments);
	va_end(arguments);
	fputc('\n', report->out);
	if (report->hex && size > BYTES_PER_LINE)
		print_more_bytes(report, offset + BYTES_PER_LINE,
				 size - BYTES_PER_LINE);
}

void report_wrong(struct report *report, const char *format, ...)
{
	va_list arguments;

	report->wrong++;
	fprintf(report->out, "    WRONG: ");
	va_start(arguments, format);
	vfprintf(report->out, format, arguments);
	va_end(arguments);
	fputc('\n', report->out);
}

/* By place; an outer region before what lies in it. */
static int compare_regions(const void *a, const void *b)
{
	const struct region *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->end != right->end)
		return left->end > right->end ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

static void print_heading(struct report *report, uint64_t start, uint64_t end,
			  const char *what)
{
	fprintf(report->out,
		"\n%08" PRIx64 "..%08" PRIx64 "  %s, %" PRIu64 " bytes\n",
		start, end - 1, what, end - start);
}

/* Bytes that no region explains. */
static void print_gap(struct report *report, uint64_t start, uint64_t end)
{
	uint64_t used = disk_first_used(report->disk, start, end);

	if (used == end) {
		print_heading(report, start, end, "zeros");
		return;
	}
	print_heading(report, start, end, "unexplained");
	report_field(report, used, end - used < 32 ? end - used : 32,
		     "the first that is not zero");
}

/* `covered`: how far the regions before it went. */
static void print_region(struct report *report, const struct region *region,
			 uint64_t covered)
{
	print_heading(report, region->start, region->end, region->what);
	if (region->start < covered)
		fprintf(report->out, "    %s one above\n",
			region->end <= covered ? "part of" : "overlaps");
	if (region->source)
		fprintf(report->out, "    made by %s\n", region->source);
	if (region->details)
		region->details(report, region);
	else if (report->hex)
		report_field(report, region->start, region->end - region->start,
			     "contents");
}

void report_print(struct report *report)
{
	uint64_t covered = 0;

	qsort(report->regions, report->count, sizeof(report->regions[0]),
	      compare_regions);
	for (unsigned int i = 0; i < report->count; i++) {
		const struct region *region = &report->regions[i];

		if (region->start > covered)
			print_gap(report, covered, region->start);
		print_region(report, region, covered);
		if (region->end > covered)
			covered = region->end;
	}
	if (covered < report->disk->size)
		print_gap(report, covered, report->disk->size);
	if (report->dropped)
		fprintf(report->out, "\n%u regions more\n", report->dropped);
}
