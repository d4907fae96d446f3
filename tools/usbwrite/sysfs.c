/*
 * sysfs.c - files of Linux's /sys/class/block.
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs.h"

void sysfs_path(char *path, const char *root, const char *name,
		const char *file)
{
	snprintf(path, PATH_MAX, "%s/sys/class/block/%s%s%s", root, name,
		 *file ? "/" : "", file);
}

bool sysfs_line(const char *root, const char *name, const char *file,
		char *line, size_t size)
{
	char path[PATH_MAX];
	size_t length, blanks;
	FILE *in;

	sysfs_path(path, root, name, file);
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

uint64_t sysfs_number(const char *root, const char *name, const char *file)
{
	char line[32];

	sysfs_line(root, name, file, line, sizeof(line));
	return strtoull(line, NULL, 10);
}

bool sysfs_is_partition(const char *root, const char *name)
{
	char line[32];

	return sysfs_line(root, name, "partition", line, sizeof(line));
}

bool sysfs_has_number(const char *root, const char *name, unsigned int major,
		      unsigned int minor)
{
	char line[32], expected[32];

	sysfs_line(root, name, "dev", line, sizeof(line));
	snprintf(expected, sizeof(expected), "%u:%u", major, minor);
	return !strcmp(line, expected);
}
