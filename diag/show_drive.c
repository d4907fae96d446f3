/*
 * show_drive.c - the boot drive and its first sector, in words.
 */
#include "diag/page.h"
#include "diag/show.h"

#define DUMP_END 0x60	/* bytes of sector 0 shown: up to the code */
#define DUMP_WIDTH 8

/* RBIL, INT 13h status codes. */
static const char *status_words(uint8_t status)
{
	switch (status) {
	case 0x00:
		return "done";
	case 0x01:
		return "no such function";
	case 0x02:
		return "address mark not found";
	case 0x04:
		return "sector not found";
	case 0x06:
		return "medium changed";
	case 0x09:
		return "buffer crosses 64 KiB";
	case 0x10:
		return "bad CRC or ECC";
	case 0x20:
		return "controller failed";
	case 0x31:
		return "no medium";
	case 0x40:
		return "seek failed";
	case 0x80:
		return "time-out, not ready";
	case 0xAA:
		return "drive not ready";
	default:
		return "failed";
	}
}

static void show_number(const struct drive_facts *drive)
{
	if (drive->drive == drive->bios_drive)
		page_row("Drive", "%02Xh, DL as the BIOS gave it",
			 drive->drive);
	else
		page_warn("Drive",
			  "%02Xh tried, because the BIOS gave DL = %02Xh",
			  drive->drive, drive->bios_drive);
	page_row("Hard disks", "%u, as the BIOS counts", drive->disks);
}

static void show_edd(const struct drive_facts *drive)
{
	const char *version = "unknown";

	if (!drive->edd_version) {
		page_row("EDD", "not there (AH=41h: status %02Xh, %s)",
			 drive->edd_status, status_words(drive->edd_status));
		return;
	}
	if (drive->edd_version == 0x01)
		version = "1.0";
	if (drive->edd_version == 0x20)
		version = "2.0";
	if (drive->edd_version == 0x21)
		version = "1.1";
	if (drive->edd_version >= 0x30)
		version = "3.0";
	page_row("EDD", "version %s (%02Xh), support %Xh:%s%s%s", version,
		 drive->edd_version, drive->edd_support,
		 drive->edd_support & EDD_PACKET ? " packets" : " no packets",
		 drive->edd_support & 2 ? ", locking" : "",
		 drive->edd_support & 4 ? ", parameters" : "");
}

/* Letters up to the first blank. */
static void trim(char *to, const char *from, size_t size)
{
	while (size-- && *from > ' ' && *from <= '~')
		*to++ = *from++;
	*to = '\0';
}

static void show_path(const struct edd_parameters *edd)
{
	char bus[5], interface[9];

	if (edd->path_key != EDD_PATH_KEY) {
		page_row("Bus", "not told");
		return;
	}
	trim(bus, edd->bus, sizeof(edd->bus));
	trim(interface, edd->interface, sizeof(edd->interface));
	page_row("Bus", "%s, bus %02Xh slot %02Xh function %X, device %u", bus,
		 edd->bus_path[0], edd->bus_path[1], edd->bus_path[2],
		 edd->device_path[0]);
	page_row("Interface", "%s", interface);
}

static void show_parameters(const struct drive_facts *drive)
{
	const struct edd_parameters *edd = &drive->parameters;

	if (drive->parameters_status) {
		page_row("Parameters", "not told (AH=48h: status %02Xh, %s)",
			 drive->parameters_status,
			 status_words(drive->parameters_status));
		return;
	}
	if (edd->sector_bytes == SECTOR_SIZE)
		page_row("Sector size", "%u bytes", edd->sector_bytes);
	else
		page_warn("Sector size", "%u bytes, yet the loader came in %u",
			  edd->sector_bytes, SECTOR_SIZE);
	if (edd->sectors_high)
		page_row("Sectors", "%X%08Xh", edd->sectors_high,
			 edd->sectors_low);
	else
		page_row("Sectors", "%u (%u MiB)", edd->sectors_low,
			 edd->sectors_low / 2048);
	page_row("Geometry", "%u cylinders, %u heads, %u sectors, by AH=48h",
		 edd->cylinders, edd->heads, edd->track_sectors);
}

static void show_geometry(const struct drive_facts *drive)
{
	if (drive->geometry_status)
		page_row("Geometry", "not told (AH=08h: status %02Xh, %s)",
			 drive->geometry_status,
			 status_words(drive->geometry_status));
	else
		page_row("Geometry",
			 "%u cylinders, %u heads, %u sectors, by AH=08h",
			 drive->cylinders, drive->heads, drive->track_sectors);
}

/* One way is enough: a warning only when the other fails, too. */
static void show_read(const char *label, uint8_t status, uint8_t other)
{
	if (!status)
		page_row(label, "read");
	else if (!other)
		page_row(label, "status %02Xh, %s", status,
			 status_words(status));
	else
		page_warn(label, "status %02Xh, %s", status,
			  status_words(status));
}

void show_drive(const struct drive_facts *drive)
{
	page_begin("the boot drive");
	show_number(drive);
	page_gap();
	show_edd(drive);
	show_parameters(drive);
	show_geometry(drive);
	if (!drive->parameters_status)
		show_path(&drive->parameters);
	page_gap();
	show_read("LBA 0 by EDD", drive->edd_read_status,
		  drive->chs_read_status);
	show_read("LBA 0 by CHS", drive->chs_read_status,
		  drive->edd_read_status);
	page_end();
}

/* ---- Sector 0 ------------------------------------------------------------ */

bool bpb_changed(const struct drive_facts *drive)
{
	for (unsigned int i = BS_FREE; i < BS_CODE; i++)
		if (drive->memory[i] != drive->disk[i])
			return true;
	return false;
}

static void add_byte(char *to, uint8_t byte)
{
	to[0] = "0123456789ABCDEF"[byte >> 4];
	to[1] = "0123456789ABCDEF"[byte & 15];
	to[2] = ' ';
	to[3] = '\0';
}

static void show_bytes(const struct drive_facts *drive, unsigned int at)
{
	char memory[3 * DUMP_WIDTH + 1], disk[3 * DUMP_WIDTH + 1];
	bool same = true;

	for (unsigned int i = 0; i < DUMP_WIDTH; i++) {
		add_byte(memory + 3 * i, drive->memory[at + i]);
		add_byte(disk + 3 * i, drive->disk[at + i]);
		same = same && drive->memory[at + i] == drive->disk[at + i];
	}
	page_text("%02X   %s    %s   %s", at, memory, disk,
		  same ? "" : "<- changed");
}

static unsigned int word(const uint8_t *bytes, unsigned int at)
{
	return bytes[at] | (unsigned int)bytes[at + 1] << 8;
}

/* Microsoft FAT specification 3.1: 0Bh, 18h, 1Ah. */
static void show_bpb(const char *label, const uint8_t *bytes)
{
	unsigned int size = word(bytes, 0x0B);

	if (size < SECTOR_SIZE || size > 4096 || size & (size - 1))
		page_row(label, "no BPB");
	else
		page_row(label,
			 "a BPB: %u bytes a sector, %u heads, %u sectors, "
			 "drive %02Xh",
			 size, word(bytes, 0x1A), word(bytes, 0x18),
			 bytes[0x24]);
}

static void show_partition(const uint8_t *disk)
{
	const uint8_t *entry = disk + BS_PARTITIONS;

	page_row("Partition 1", "%s, type %02Xh, from LBA %u, %u sectors",
		 entry[0] == 0x80 ? "active" : "not active", entry[4],
		 word(entry, 8) | word(entry, 10) << 16,
		 word(entry, 12) | word(entry, 14) << 16);
}

void show_sector_0(const struct drive_facts *drive)
{
	page_begin("sector 0 in memory, and on disk");
	page_text("     in memory, at 7C00h         on disk, read again");
	for (unsigned int at = 0; at < DUMP_END; at += DUMP_WIDTH)
		show_bytes(drive, at);
	page_gap();
	if (bpb_changed(drive))
		page_warn("03h to 59h", "changed: the BIOS writes a BPB there");
	else
		page_row("03h to 59h", "as on disk: the BIOS wrote nothing");
	show_bpb("In memory", drive->memory);
	show_bpb("On disk", drive->disk);
	page_row("Signature", "%04X%04X", word(drive->disk, BS_SIGNATURE + 2),
		 word(drive->disk, BS_SIGNATURE));
	show_partition(drive->disk);
	page_end();
}
