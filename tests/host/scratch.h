/*
 * scratch.h - a directory of its own for each test, empty before and gone
 * after. Tests run inside it.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_test.h"

static char scratch_path[] = "/tmp/firstlight-test-XXXXXX";
static char scratch_home[PATH_MAX];

static inline int scratch_set_up(void **state)
{
	(void)state;
	strcpy(scratch_path, "/tmp/firstlight-test-XXXXXX");
	if (!getcwd(scratch_home, sizeof(scratch_home)) ||
	    !mkdtemp(scratch_path) || chdir(scratch_path))
		return -1;
	return 0;
}

/* Removes the names in the directory, which must not hold directories with
 * contents. */
static inline int scratch_tear_down(void **state)
{
	DIR *directory = opendir(".");
	const struct dirent *entry;

	(void)state;
	if (!directory)
		return -1;
	while ((entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			remove(entry->d_name);
	closedir(directory);
	return chdir(scratch_home) || rmdir(scratch_path);
}

/* How many names are in the directory, hidden ones included. */
static inline int scratch_count(void)
{
	DIR *directory = opendir(".");
	int count = -2; /* . and .. */

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static inline void scratch_write(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The file holds `text` and nothing else. */
static inline void scratch_check(const char *name, const char *text)
{
	char found[256];
	FILE *file = fopen(name, "r");
	size_t length;

	assert_non_null(file);
	length = fread(found, 1, sizeof(found) - 1, file);
	fclose(file);
	found[length] = '\0';
	assert_string_equal(found, text);
}

#define SCRATCH_TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

#endif
