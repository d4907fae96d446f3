/*
 * usage.c - read /proc/self/mountinfo, /proc/swaps and sysfs's holders.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sysfs.h"
#include "usage.h"

/* Does the device node at `path` mean the disk `name`? */
static bool is_node_of(const char *root, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	struct stat node;

	if (strncmp(path, "/dev/", 5))
		return false;
	if (!strcmp(slash + 1, name))
		return true;
	return !*root && !stat(path, &node) && S_ISBLK(node.st_mode) &&
	       sysfs_has_number(root, name, major(node.st_rdev),
				minor(node.st_rdev));
}

/*
 * A line of mountinfo is "ID PARENT MAJOR:MINOR ROOT MOUNT-POINT ... - TYPE
 * SOURCE ..." (proc(5)). Btrfs and its like give a number that belongs to no
 * disk, but name the disk as source.
 */
static bool line_mounts(const char *root, char *line, const char *name,
			char *point, size_t size)
{
	unsigned int high, low;
	char source[PATH_MAX];
	char *rest = strstr(line, " - ");

	if (size < 256 || !rest ||
	    sscanf(line, "%*u %*u %u:%u %*s %255s", &high, &low, point) != 3)
		return false;
	if (sysfs_has_number(root, name, high, low))
		return true;
	return sscanf(rest, " - %*s %4095s", source) == 1 &&
	       is_node_of(root, source, name);
}

/* 1: mounted, 0: not, -1: can't know */
static int is_mounted(const char *root, const char *name, char *what,
		      size_t size)
{
	char path[PATH_MAX], *line = NULL;
	size_t room = 0;
	int found = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/proc/self/mountinfo", root);
	in = fopen(path, "r");
	if (!in)
		return -1;
	while (!found && getline(&line, &room, in) > 0)
		found = line_mounts(root, line, name, what, size);
	if (!found)
		*what = '\0';
	free(line);
	fclose(in);
	return found;
}

/* A line of /proc/swaps starts with the device. A system may have no swap. */
static bool is_swap(const char *root, const char *name)
{
	char path[PATH_MAX], line[PATH_MAX], source[PATH_MAX];
	bool found = false;
	FILE *in;

	snprintf(path, sizeof(path), "%s/proc/swaps", root);
	in = fopen(path, "r");
	while (in && !found && fgets(line, sizeof(line), in))
		found = sscanf(line, "%4095s", source) == 1 &&
			is_node_of(root, source, name);
	if (in)
		fclose(in);
	return found;
}

/* Device mapper and RAID list themselves as holders of what they are on. */
static bool is_held(const char *root, const char *name, char *what, size_t size)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *directory;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/holders", root,
		 name);
	directory = opendir(path);
	while (directory && !found && (entry = readdir(directory))) {
		found = entry->d_name[0] != '.';
		if (found)
			snprintf(what, size, "part of %s", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return found;
}

bool usage_of(const char *root, const char *name, char *what, size_t size)
{
	int mounted = is_mounted(root, name, what, size);

	if (mounted > 0)
		return true;
	if (mounted < 0)
		snprintf(what, size, "unknown, there is no mountinfo");
	else if (is_swap(root, name))
		snprintf(what, size, "swap");
	else
		return is_held(root, name, what, size);
	return true;
}
