/*
 * drive.c - what sysfs knows about a disk, and what is kept on it.
 */
#define _GNU_SOURCE /* basename() of GNU */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "drive.h"
#include "sysfs.h"
#include "usage.h"

#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

#define SYSFS_SECTOR 512 /* of `size`, whatever the disk's own sectors are */

/* A partition's directory lies inside its disk's. */
static void read_parent(const char *root, struct drive *drive)
{
	char path[PATH_MAX], real[PATH_MAX];
	char *slash;

	sysfs_path(path, root, drive->name, "");
	if (!sysfs_is_partition(root, drive->name) || !realpath(path, real))
		return;
	slash = strrchr(real, '/');
	*slash = '\0';
	slash = strrchr(real, '/');
	snprintf(drive->parent, sizeof(drive->parent), "%.63s", slash + 1);
}

static void read_model(const char *root, struct drive *drive)
{
	char *model = drive->model;
	size_t size = sizeof(drive->model);

	/* SCSI and USB, then SD cards */
	sysfs_line(root, drive->name, "device/model", model, size);
	if (!*model)
		sysfs_line(root, drive->name, "device/name", model, size);
	if (!*model)
		snprintf(model, size, "%s", drive->name);
}

/* Cards in a slot of the machine's own are not marked as removable. */
static bool is_removable(const char *root, const char *name)
{
	char type[16];

	sysfs_line(root, name, "device/type", type, sizeof(type));
	return sysfs_number(root, name, "removable") == 1 ||
	       !strcmp(type, "SD");
}

static void read_usage(const char *root, struct drive *drive)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *directory;

	if (usage_of(root, drive->name, drive->used_for,
		     sizeof(drive->used_for)))
		return;
	sysfs_path(path, root, drive->name, "");
	directory = opendir(path);
	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (!strncmp(entry->d_name, drive->name, strlen(drive->name)) &&
		    usage_of(root, entry->d_name, drive->used_for,
			     sizeof(drive->used_for)))
			break;
	closedir(directory);
}

bool drive_sysfs_present(const char *root)
{
	char path[PATH_MAX];

	sysfs_path(path, root, "", "");
	return !access(path, R_OK);
}

/* Below another root there are no device numbers: the file in its dev/ that
 * is the same one. */
static int find_played(const char *root, const struct stat *status,
		       char name[DRIVE_NAME_MAX])
{
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat other;
	int found = -1;
	DIR *directory;

	sysfs_path(path, root, "", "");
	directory = opendir(path);
	while (directory && found && (entry = readdir(directory))) {
		snprintf(path, sizeof(path), "%s/dev/%s", root, entry->d_name);
		if (entry->d_name[0] == '.' || stat(path, &other) ||
		    other.st_dev != status->st_dev ||
		    other.st_ino != status->st_ino)
			continue;
		snprintf(name, DRIVE_NAME_MAX, "%.*s", DRIVE_NAME_MAX - 1,
			 entry->d_name);
		found = 0;
	}
	if (directory)
		closedir(directory);
	return found;
}

int drive_find(const char *root, const struct stat *status,
	       char name[DRIVE_NAME_MAX])
{
	char path[PATH_MAX], real[PATH_MAX];

	if (*root)
		return find_played(root, status, name);
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u",
		 major(status->st_rdev), minor(status->st_rdev));
	if (!realpath(path, real) || strlen(basename(real)) >= DRIVE_NAME_MAX)
		return -1;
	strcpy(name, basename(real));
	return 0;
}

int drive_read(const char *root, const char *name, struct drive *drive)
{
	char path[PATH_MAX];

	memset(drive, 0, sizeof(*drive));
	if (strlen(name) >= sizeof(drive->name))
		return -1;
	strcpy(drive->name, name);
	sysfs_path(path, root, name, "size");
	if (access(path, R_OK))
		return -1;
	drive->bytes = sysfs_number(root, name, "size") * SYSFS_SECTOR;
	drive->sector_bytes =
		(unsigned int)sysfs_number(root, name,
					   "queue/logical_block_size");
	drive->removable = is_removable(root, name);
	drive->read_only = sysfs_number(root, name, "ro") != 0;
	read_parent(root, drive);
	read_model(root, drive);
	read_usage(root, drive);
	return 0;
}

void drive_ask(int file, struct drive *drive)
{
#ifdef BLKGETSIZE64
	uint64_t bytes;
	int read_only, sector_bytes;

	if (!ioctl(file, BLKGETSIZE64, &bytes))
		drive->bytes = bytes;
	if (!ioctl(file, BLKROGET, &read_only))
		drive->read_only = read_only;
	if (!ioctl(file, BLKSSZGET, &sector_bytes))
		drive->sector_bytes = (unsigned int)sector_bytes;
#else
	(void)file;
	(void)drive;
#endif
}

void drive_list(const char *root,
		void (*each)(const struct drive *drive, void *context),
		void *context)
{
	char path[PATH_MAX];
	struct dirent **entries;
	struct drive drive;
	int count;

	sysfs_path(path, root, "", "");
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' && !sysfs_is_partition(root, name) &&
		    !drive_read(root, name, &drive) && drive.bytes)
			each(&drive, context);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}
