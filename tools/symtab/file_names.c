/*
 * file_names.c - the names of source files, each once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_names.h"

/* "directory/name", malloc'd; NULL: no memory. */
static char *join_path(const char *directory, const char *name)
{
	size_t size = strlen(directory) + 1 + strlen(name) + 1;
	char *path = malloc(size);

	if (!path)
		return NULL;
	if (!*directory || !strcmp(directory, ".") || *name == '/')
		snprintf(path, size, "%s", name);
	else
		snprintf(path, size, "%s/%s", directory, name);
	while (!strncmp(path, "./", 2))
		memmove(path, path + 2, strlen(path + 2) + 1);
	return path;
}

int file_names_add(struct file_names *names, const char *directory,
		   const char *name, unsigned int *index, struct reason *reason)
{
	char *path = join_path(directory, name), **list;

	if (!path)
		return refuse_memory(reason);
	for (*index = 0; *index < names->count; ++*index) {
		if (!strcmp(names->list[*index], path)) {
			free(path);
			return 0;
		}
	}
	list = realloc(names->list, (names->count + 1) * sizeof(*list));
	if (!list) {
		free(path);
		return refuse_memory(reason);
	}
	names->list = list;
	list[names->count++] = path;
	return 0;
}

void file_names_release(struct file_names *names)
{
	for (unsigned int i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}
