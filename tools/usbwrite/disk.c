/*
 * disk.c - read sysfs: /sys/class/block/NAME.
 */
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "usage.h"

#define SYSFS_SECTOR 512 /* of `size`, whatever the disk's own sectors are */

static void block_path(char *path, const char *root, const char *name,
		       const char *file)
{
	snprintf(path, PATH_MAX, "%s/sys/class/block/%s%s%s", root, name,
		 *file ? "/" : "", file);
}

/* First line of a file of sysfs, without the blanks around it. */
static bool read_line(const char *root, const char *name, const char *file,
		      char *line, size_t size)
{
	char path[PATH_MAX];
	size_t length, blanks;
	FILE *in;

	block_path(path, root, name, file);
	in = fopen(path, "r");
	*line = '\0';
	if (!in)
		return false;
	if (!fgets(line, (int)size, in))
		*line = '\0';
	fclose(in);
	length = strlen(line);
	while (length && isspace((unsigned char)line[length - 1]))
		line[--length] = '\0';
	blanks = strspn(line, " \t");
	memmove(line, line + blanks, length - blanks + 1);
	return true;
}

static uint64_t read_number(const char *root, const char *name,
			    const char *file)
{
	char line[32];

	read_line(root, name, file, line, sizeof(line));
	return strtoull(line, NULL, 10);
}

static bool is_partition(const char *root, const char *name)
{
	char line[32];

	return read_line(root, name, "partition", line, sizeof(line));
}

/* A partition's directory lies inside its disk's. */
static void read_parent(const char *root, struct disk *disk)
{
	char path[PATH_MAX], real[PATH_MAX];
	char *slash;

	block_path(path, root, disk->name, "");
	if (!is_partition(root, disk->name) || !realpath(path, real))
		return;
	slash = strrchr(real, '/');
	*slash = '\0';
	slash = strrchr(real, '/');
	snprintf(disk->parent, sizeof(disk->parent), "%.63s", slash + 1);
}

static void read_model(const char *root, struct disk *disk)
{
	char *model = disk->model;
	size_t size = sizeof(disk->model);

	/* SCSI and USB, then SD cards */
	read_line(root, disk->name, "device/model", model, size);
	if (!*model)
		read_line(root, disk->name, "device/name", model, size);
	if (!*model)
		snprintf(model, size, "%s", disk->name);
}

/* Cards in a slot of the machine's own are not marked as removable. */
static bool is_removable(const char *root, const char *name)
{
	char type[16];

	read_line(root, name, "device/type", type, sizeof(type));
	return read_number(root, name, "removable") == 1 || !strcmp(type, "SD");
}

static void read_usage(const char *root, struct disk *disk)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *directory;

	if (usage_of(root, disk->name, disk->used_for, sizeof(disk->used_for)))
		return;
	block_path(path, root, disk->name, "");
	directory = opendir(path);
	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (!strncmp(entry->d_name, disk->name, strlen(disk->name)) &&
		    usage_of(root, entry->d_name, disk->used_for,
			     sizeof(disk->used_for)))
			break;
	closedir(directory);
}

bool disk_sysfs_present(const char *root)
{
	char path[PATH_MAX];

	block_path(path, root, "", "");
	return !access(path, R_OK);
}

int disk_read(const char *root, const char *name, struct disk *disk)
{
	char path[PATH_MAX];

	memset(disk, 0, sizeof(*disk));
	if (strlen(name) >= sizeof(disk->name))
		return -1;
	strcpy(disk->name, name);
	block_path(path, root, name, "size");
	if (access(path, R_OK))
		return -1;
	disk->bytes = read_number(root, name, "size") * SYSFS_SECTOR;
	disk->removable = is_removable(root, name);
	disk->read_only = read_number(root, name, "ro") != 0;
	read_parent(root, disk);
	read_model(root, disk);
	read_usage(root, disk);
	return 0;
}

bool disk_has_number(const char *root, const char *name, unsigned int major,
		     unsigned int minor)
{
	char line[32], expected[32];

	read_line(root, name, "dev", line, sizeof(line));
	snprintf(expected, sizeof(expected), "%u:%u", major, minor);
	return !strcmp(line, expected);
}

void disk_list(const char *root,
	       void (*each)(const struct disk *disk, void *context),
	       void *context)
{
	char path[PATH_MAX];
	struct dirent **entries;
	struct disk disk;
	int count;

	block_path(path, root, "", "");
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' && !is_partition(root, name) &&
		    !disk_read(root, name, &disk) && disk.bytes)
			each(&disk, context);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}
