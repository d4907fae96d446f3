/*
 * parts.c - the finished pieces of an image, so that they are the image.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parts.h"
#include "tools/file/output.h"

static int made_directory;

/* Joins directory and name. */
static int part_path(char path[PATH_MAX], const char *directory,
		     const char *name, struct reason *reason)
{
	int length = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	if (length < 0 || length >= PATH_MAX)
		return refuse(reason,
			      "the name %.60s... is too long: use a shorter "
			      "one",
			      directory);
	return 0;
}

static int is_part_name(const char *name)
{
	for (unsigned int i = 0; image_part_name(i); i++)
		if (!strcmp(name, image_part_name(i)))
			return 1;
	return 0;
}

static int has_part(const struct image *image, const char *name)
{
	for (unsigned int i = 0; i < image->count; i++)
		if (!strcmp(name, image->parts[i].name))
			return 1;
	return 0;
}

/* Hidden files are no part of what the shell's * stands for. */
static int refuse_strangers(DIR *entries, const char *directory,
			    struct reason *reason)
{
	const struct dirent *entry;

	while ((entry = readdir(entries)))
		if (entry->d_name[0] != '.' && !is_part_name(entry->d_name))
			return refuse(reason,
				      "%s holds %s, so its files would not be "
				      "the image: name an empty directory",
				      directory, entry->d_name);
	return 0;
}

static int open_directory(const char *directory, struct reason *reason)
{
	DIR *entries;
	int result;

	if (!mkdir(directory, 0777))
		made_directory = 1;
	else if (errno != EEXIST)
		return refuse(reason, "can't make the directory %s: %s",
			      directory, strerror(errno));
	entries = opendir(directory);
	if (!entries)
		return refuse(reason, "can't read the directory %s: %s",
			      directory, strerror(errno));
	result = refuse_strangers(entries, directory, reason);
	closedir(entries);
	return result;
}

int parts_write(const char *directory, const struct image *image,
		struct reason *reason)
{
	char path[PATH_MAX];

	if (open_directory(directory, reason))
		return -1;
	for (unsigned int i = 0; i < image->count; i++) {
		const struct part *part = &image->parts[i];

		if (part_path(path, directory, part->name, reason) ||
		    output_start(path, reason) ||
		    output_write(part->bytes, part->size, reason) ||
		    output_finish(reason))
			return -1;
	}
	return 0;
}

int parts_remove_old(const char *directory, const struct image *image,
		     struct reason *reason)
{
	char path[PATH_MAX];

	for (unsigned int i = 0; image_part_name(i); i++) {
		if (has_part(image, image_part_name(i)))
			continue;
		if (part_path(path, directory, image_part_name(i), reason))
			return -1;
		if (unlink(path) && errno != ENOENT)
			return refuse(reason,
				      "can't remove %s, a part of an earlier "
				      "image: %s",
				      path, strerror(errno));
	}
	return 0;
}

int parts_directory_holds(const char *directory, const char *path)
{
	struct stat parts, other;
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path + 1) : 0;

	if (snprintf(parent, sizeof(parent), "%.*s.", length, path) >=
	    (int)sizeof(parent))
		return 0;
	return !stat(directory, &parts) && !stat(parent, &other) &&
	       parts.st_dev == other.st_dev && parts.st_ino == other.st_ino;
}

void parts_abort(const char *directory)
{
	if (made_directory)
		rmdir(directory);
	made_directory = 0;
}
