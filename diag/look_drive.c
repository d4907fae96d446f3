/*
 * look_drive.c - what the boot drive's BIOS says of it, and sector 0 again.
 */
#include "diag/door.h"
#include "diag/look.h"

#define BDA_DISKS 0x475 /* byte (RBIL MEMORY 40h:75h) */
#define PACKET_SIZE 16
#define NOT_TRIED 0x01 /* INT 13h: no such function */

/* EDD disk address packet (RBIL INT 13/AH=42h). */
static struct {
	uint8_t size, reserved;
	uint16_t count;
	uint16_t offset, segment;
	uint32_t lba_low, lba_high;
} packet;

/* Aligned, for controllers that use DMA. */
static _Alignas(SECTOR_SIZE) uint8_t sector[SECTOR_SIZE];

/* One call for the drive; returns its status, never 0 when CF is set. */
static uint8_t disk(const struct drive_facts *drive,
		    struct registers *registers)
{
	uint8_t status;

	registers->edx = drive->drive;
	bios_call(INT_DISK, registers);
	if (!(registers->flags & EFLAGS_CF))
		return 0;
	status = (uint8_t)(registers->eax >> 8);
	return status ? status : NOT_TRIED;
}

static void look_at_edd(struct drive_facts *drive)
{
	struct registers check = { .eax = DISK_EDD_CHECK << 8,
				   .ebx = EDD_MAGIC };
	struct registers ask = { .eax = DISK_EDD_PARAMETERS << 8,
				 .esi = (uintptr_t)&drive->parameters };

	drive->parameters_status = NOT_TRIED;
	drive->edd_status = disk(drive, &check);
	if (!drive->edd_status && (uint16_t)check.ebx != EDD_MAGIC_BACK)
		drive->edd_status = NOT_TRIED;
	if (drive->edd_status)
		return;
	drive->edd_version = (uint8_t)(check.eax >> 8);
	drive->edd_support = (uint16_t)check.ecx;
	drive->parameters.size = EDD_PARAMETERS_ASKED;
	drive->parameters_status = disk(drive, &ask);
}

static void look_at_geometry(struct drive_facts *drive)
{
	struct registers ask = { .eax = DISK_GEOMETRY << 8 };

	drive->geometry_status = disk(drive, &ask);
	if (drive->geometry_status)
		return;
	drive->track_sectors = ask.ecx & 63;
	drive->heads = (uint16_t)((ask.edx >> 8 & 0xFF) + 1);
	drive->cylinders =
		(uint16_t)((ask.ecx >> 8 & 0xFF) + (ask.ecx << 2 & 0x300) + 1);
}

static uint8_t read_by_edd(const struct drive_facts *drive)
{
	struct registers read = { .eax = DISK_READ_EDD << 8,
				  .esi = (uintptr_t)&packet };

	packet.size = PACKET_SIZE;
	packet.count = 1;
	packet.offset = (uint16_t)(uintptr_t)sector;
	packet.segment = OUR_SEGMENT;
	return disk(drive, &read);
}

/* Cylinder 0, head 0, sector 1, whatever the geometry. */
static uint8_t read_by_chs(const struct drive_facts *drive)
{
	struct registers read = { .eax = DISK_READ_CHS << 8 | 1,
				  .ebx = (uintptr_t)sector,
				  .ecx = 1,
				  .es = OUR_SEGMENT };

	return disk(drive, &read);
}

void look_at_drive(struct drive_facts *drive)
{
	drive->disks = far_read(0, BDA_DISKS);
	look_at_edd(drive);
	look_at_geometry(drive);
	drive->chs_read_status = read_by_chs(drive);
	drive->edd_read_status = NOT_TRIED;
	if (drive->edd_support & EDD_PACKET)
		drive->edd_read_status = read_by_edd(drive);
	for (uint32_t i = 0; i < SECTOR_SIZE; i++) {
		drive->memory[i] = far_read(0, BOOT_SECTOR_ADDR + i);
		drive->disk[i] = sector[i];
	}
}
