/*
 * rules.c - does an image obey HW-1 to HW-6?
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "boot/image.h"
#include "boot/layout.h"
#include "fat.h"
#include "mbr.h"
#include "rules.h"

#define MIB (1 << 20)

static void judge(struct rule *rule, enum verdict verdict, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

static void judge(struct rule *rule, enum verdict verdict, const char *format,
		  ...)
{
	va_list arguments;

	va_start(arguments, format);
	rule->verdict = verdict;
	vsnprintf(rule->text, sizeof(rule->text), format, arguments);
	va_end(arguments);
}

static int all_zero(const uint8_t *data, size_t from, size_t to)
{
	while (from < to)
		if (data[from++])
			return 0;
	return 1;
}

/* The index of the only active entry, or -1 with the verdict. */
static int find_active(const uint8_t *sector, struct rule *rule)
{
	int active = -1;

	if (!mbr_has_table(sector)) {
		judge(rule, RULE_BROKEN,
		      "there is no partition table: a BIOS may take the stick "
		      "for a floppy, or not list it");
		return -1;
	}
	for (int i = 0; i < MBR_ENTRIES; i++) {
		if (mbr_entry(sector, (unsigned int)i).status != MBR_ACTIVE)
			continue;
		if (active >= 0) {
			judge(rule, RULE_BROKEN,
			      "entries %d and %d are both active: some BIOSes "
			      "and loaders refuse that",
			      active + 1, i + 1);
			return -1;
		}
		active = i;
	}
	if (active < 0)
		judge(rule, RULE_BROKEN,
		      "no entry is active: some BIOSes do not list the stick");
	return active;
}

static int check_active(const struct mbr_entry *entry, int number,
			uint64_t size, struct rule *rule)
{
	if (!entry->type)
		judge(rule, RULE_BROKEN,
		      "entry %d is active but of type 0, unused", number);
	else if (!entry->start)
		judge(rule, RULE_BROKEN,
		      "entry %d starts at LBA 0, where the table itself is",
		      number);
	else if (entry->end == entry->start)
		judge(rule, RULE_BROKEN, "entry %d has no sectors", number);
	else if (entry->end > size / SECTOR_SIZE)
		judge(rule, RULE_BROKEN,
		      "entry %d ends at LBA %" PRIu64 ", the image at %" PRIu64,
		      number, entry->end, size / SECTOR_SIZE);
	else
		return 0;
	return -1;
}

/* HW-1 */
static void check_table(const uint8_t *sector, uint64_t size, struct rule *rule)
{
	int active = find_active(sector, rule);
	struct mbr_entry entry;

	if (active < 0)
		return;
	entry = mbr_entry(sector, (unsigned int)active);
	if (check_active(&entry, active + 1, size, rule))
		return;
	for (int i = 0; i < MBR_ENTRIES; i++) {
		struct mbr_entry other = mbr_entry(sector, (unsigned int)i);

		if (i == active || mbr_entry_unused(sector, (unsigned int)i))
			continue;
		if (other.type == MBR_UEFI_TYPE &&
		    (other.end <= entry.start || other.start >= entry.end)) {
			judge(rule, RULE_OBEYED,
			      "entry %d is active, inside the image; entry %d "
			      "is for UEFI, apart from it",
			      active + 1, i + 1);
		} else {
			judge(rule, RULE_NOTED,
			      "entry %d alone is active; entry %d is in use, "
			      "too",
			      active + 1, i + 1);
		}
		return;
	}
	judge(rule, RULE_OBEYED,
	      "entry %d is active, inside the image, and alone", active + 1);
}

/* Which usual geometry gives the LBA for the tuple? */
static const char *guess_geometry(struct mbr_tuple tuple, uint64_t lba)
{
	static const struct {
		struct geometry geometry;
		const char *name;
	} usual[] = {
		{ { 255, 63 }, "255x63" }, { { 64, 32 }, "64x32" },
		{ { 16, 63 }, "16x63" },   { { 32, 63 }, "32x63" },
		{ { 64, 63 }, "64x63" },   { { 128, 63 }, "128x63" },
		{ { 240, 63 }, "240x63" },
	};

	for (unsigned int i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (mbr_lba(tuple, usual[i].geometry) == lba)
			return usual[i].name;
	return NULL;
}

/* What a BIOS does: the last tuple's head and sector are the geometry's. */
static void check_tuples(const struct mbr_entry *entry, struct rule *rule)
{
	struct geometry geometry = { entry->last.head + 1, entry->last.sector };
	uint64_t last = entry->end - 1;
	const char *guess = guess_geometry(entry->last, last);

	if (mbr_lba(entry->last, geometry) != last)
		judge(rule, RULE_BROKEN,
		      "the last tuple %u/%u/%u is %s%s: a BIOS that takes its "
		      "head and sector for the geometry counts %u heads, %u "
		      "sectors",
		      entry->last.cylinder, entry->last.head,
		      entry->last.sector,
		      guess ? "no cylinder's end, though right by " :
			      "wrong by any usual geometry",
		      guess ? guess : "", geometry.heads, geometry.track);
	else if (mbr_lba(entry->first, geometry) != entry->start)
		judge(rule, RULE_BROKEN,
		      "the first tuple %u/%u/%u is LBA %" PRIu64
		      " by %ux%u, the partition starts at %" PRIu64,
		      entry->first.cylinder, entry->first.head,
		      entry->first.sector, mbr_lba(entry->first, geometry),
		      geometry.heads, geometry.track, entry->start);
	else
		judge(rule, RULE_OBEYED,
		      "the tuples say %u heads, %u sectors and agree with the "
		      "LBAs",
		      geometry.heads, geometry.track);
}

/* The smallest usual geometry, 16x63, names this many sectors. */
#define SATURATED_MIN (1024 * 16 * 63)

/* The entry from which a BIOS takes the geometry: the active one, else the
 * first in use; of type 0 if there is none. */
static struct mbr_entry telling_entry(const uint8_t *sector)
{
	struct mbr_entry found = { 0 };

	if (!mbr_has_table(sector))
		return found;
	for (unsigned int i = 0; i < MBR_ENTRIES; i++) {
		struct mbr_entry entry = mbr_entry(sector, i);

		if (entry.type && entry.status == MBR_ACTIVE)
			return entry;
		if (!found.type)
			found = entry;
	}
	return found;
}

/* HW-2 */
static void check_geometry(const uint8_t *sector, struct rule *rule)
{
	struct mbr_entry entry = telling_entry(sector);

	if (!entry.type || entry.end == entry.start)
		judge(rule, RULE_BROKEN,
		      "no entry tells a geometry: the BIOS makes one up");
	else if (!entry.last.sector || !entry.first.sector)
		judge(rule, RULE_BROKEN,
		      "a tuple names sector 0, sectors count from 1");
	else if (!mbr_saturated(entry.last))
		check_tuples(&entry, rule);
	else if (entry.end - 1 < SATURATED_MIN)
		judge(rule, RULE_BROKEN,
		      "the last tuple says beyond cylinder 1023, but the "
		      "partition ends at LBA %" PRIu64,
		      entry.end - 1);
	else
		judge(rule, RULE_OBEYED,
		      "the partition ends beyond cylinder 1023 and says so, "
		      "FE FF FF");
}

/* HW-3 */
static void check_start(const uint8_t *sector, struct rule *rule)
{
	unsigned int target = 2u + sector[1];

	if (sector[0] != 0xeb || sector[2] != 0x90 || sector[1] > INT8_MAX)
		judge(rule, RULE_BROKEN,
		      "it starts with %02X %02X %02X, not EB xx 90: a BIOS "
		      "that writes a BPB writes over what is there",
		      sector[0], sector[1], sector[2]);
	else if (fat_has_bpb(sector))
		judge(rule, RULE_OBEYED, "EB %02X 90 jumps over a BPB",
		      sector[1]);
	else if (target < BS_CODE)
		judge(rule, RULE_BROKEN,
		      "EB %02X 90 jumps to 0x%02x, but a BIOS may write a BPB "
		      "into 0x%02x..0x%02x",
		      sector[1], target, BS_FREE, BS_CODE - 1);
	else if (!all_zero(sector, BS_FREE, BS_CODE))
		judge(rule, RULE_NOTED,
		      "EB %02X 90 jumps to 0x%02x, but something is in "
		      "0x%02x..0x%02x",
		      sector[1], target, BS_FREE, BS_CODE - 1);
	else
		judge(rule, RULE_OBEYED,
		      "EB %02X 90 jumps to 0x%02x, 0x%02x..0x%02x are free",
		      sector[1], target, BS_FREE, BS_CODE - 1);
}

/* HW-4 */
static void check_bpb(const uint8_t *sector, struct rule *rule)
{
	if (!fat_has_bpb(sector))
		judge(rule, RULE_OBEYED, "no BPB: nothing looks like a floppy");
	else if (mbr_has_table(sector) &&
		 !all_zero(sector, BS_PARTITIONS, BS_MAGIC))
		judge(rule, RULE_NOTED,
		      "a BPB beside the partition table, for a BIOS that "
		      "insists on one");
	else
		judge(rule, RULE_BROKEN,
		      "a BPB and no partition table: a BIOS may take the stick "
		      "for a floppy, or hide it");
}

/* HW-5 */
static void check_signature(const uint8_t *sector, struct rule *rule)
{
	uint32_t signature = get_le32(sector + BS_SIGNATURE);
	unsigned int mark = get_le16(sector + BS_SIGNATURE + 4);

	/* 5A5A: a copy-protected disk, by Microsoft's definition */
	if ((!mbr_has_table(sector) &&
	     !all_zero(sector, BS_SIGNATURE, BS_MAGIC)) ||
	    (mark && mark != 0x5a5a))
		judge(rule, RULE_BROKEN,
		      "code or text seems to go on across 0x%x..0x%x, where "
		      "Windows writes",
		      BS_SIGNATURE, BS_PARTITIONS - 1);
	else if (!signature)
		judge(rule, RULE_NOTED,
		      "no disk signature: Windows will write one at 0x%x",
		      BS_SIGNATURE);
	else
		judge(rule, RULE_OBEYED, "disk signature %08" PRIX32 " at 0x%x",
		      signature, BS_SIGNATURE);
}

/* HW-6 */
static void check_size(uint64_t size, struct rule *rule)
{
	if (size && size % MIB == 0)
		judge(rule, RULE_OBEYED, "%" PRIu64 " MiB", size / MIB);
	else
		judge(rule, RULE_BROKEN,
		      "%" PRIu64 " bytes are no whole number of MiB", size);
}

void rules_check(const uint8_t *sector, uint64_t size, struct rule rules[RULES])
{
	check_table(sector, size, &rules[0]);
	check_geometry(sector, &rules[1]);
	check_start(sector, &rules[2]);
	check_bpb(sector, &rules[3]);
	check_signature(sector, &rules[4]);
	check_size(size, &rules[5]);
}
