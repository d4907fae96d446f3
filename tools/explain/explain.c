/*
 * explain.c - say what every byte of a disk image is.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "formats.h"
#include "tools/file/output.h"
#include "tools/image/recognise.h"
#include "tools/image/rules.h"

#define RULE_INDENT 15
#define LINE_WIDTH 79

/* Recognised by their own mark first; a partition table may be anywhere. */
static explain_format *const formats[] = {
	explain_own, explain_iso, explain_gpt, explain_fat, explain_mbr,
};

/* What is no format at all. */
static void explain_nothing(struct report *report, char title[TITLE_MAX])
{
	uint64_t size = report->disk->size;

	if (size < SECTOR_SIZE)
		snprintf(title, TITLE_MAX, "Less than a sector: no disk");
	else if (disk_first_used(report->disk, 0, size) == size)
		snprintf(title, TITLE_MAX, "Nothing but zeros");
	else
		snprintf(title, TITLE_MAX,
			 "No boot sector: LBA 0 does not end with 55 AA");
}

static void explain_regions(struct report *report, char title[TITLE_MAX])
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i](report, title))
			return;
	explain_nothing(report, title);
}

/* Prints `text`, whose first line starts at column `indent`, in lines. */
static void print_wrapped(FILE *out, const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > indent && column + 1 + length > LINE_WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		}
		if (column > indent)
			fputc(' ', out);
		fprintf(out, "%.*s", length, text);
		column += length + 1;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_rules(const struct disk *disk, FILE *out)
{
	static const char *const verdicts[] = { "obeyed", "noted", "BROKEN" };
	struct rule rules[RULES];
	uint8_t sector[SECTOR_SIZE];

	if (disk_read(disk, 0, sector, sizeof(sector)))
		return;
	rules_check(sector, disk->size, rules);
	fprintf(out, "\nWhat real BIOSes ask for (docs/hardware.md):\n");
	for (int i = 0; i < RULES; i++) {
		fprintf(out, "  HW-%d %-6s  ", i + 1,
			verdicts[rules[i].verdict]);
		print_wrapped(out, rules[i].text, RULE_INDENT);
	}
}

/* What only holds a disk, or none: what BIOSes ask of a disk is not asked of
 * it. Returns 0 if it is none of these. */
static int explain_file(const struct recognised *found, FILE *out)
{
	switch (found->kind) {
	case KIND_CONTAINER:
	case KIND_PACKED:
	case KIND_PROGRAM:
	case KIND_DOCUMENT:
	case KIND_EMPTY:
		break;
	default:
		return 0;
	}
	fprintf(out, "%c%s\n\nThis is no raw disk, and a BIOS can't read it:\n",
		toupper((unsigned char)found->what[0]), found->what + 1);
	print_wrapped(out, found->remedy, 0);
	return 1;
}

static void print_judgement(const struct disk *disk, enum kind kind, FILE *out)
{
	if (kind == KIND_CD)
		fprintf(out,
			"\nA BIOS boots a CD by El Torito. What it asks of "
			"disks is not asked of this.\n");
	else
		print_rules(disk, out);
}

unsigned int explain_disk(const struct disk *disk, const char *name, int hex,
			  FILE *out)
{
	struct recognised found = recognise(disk);
	struct report *report;
	char title[TITLE_MAX] = "";
	unsigned int wrong;

	fprintf(out, "%s: %" PRIu64 " bytes\n", name, disk->size);
	if (explain_file(&found, out))
		return 0;
	report = calloc(1, sizeof(*report));
	if (!report)
		return 1;
	report->disk = disk;
	report->out = out;
	report->hex = hex;
	explain_regions(report, title);
	fprintf(out, "%s\n", title);
	report_print(report);
	print_judgement(disk, found.kind, out);
	wrong = report->wrong;
	if (wrong)
		fprintf(out, "\n%u wrong: write the image again\n", wrong);
	free(report);
	return wrong;
}

int explain_path(const char *path, int hex, struct reason *reason)
{
	struct disk disk;

	if (disk_open(path, &disk, reason))
		return -1;
	explain_disk(&disk, path, hex, stdout);
	disk_close(&disk);
	return output_flush(reason);
}
