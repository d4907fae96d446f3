/*
 * test_tar.c - archives as tar writes them, and damaged ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_test.h"
#include "tar.h"

#define BLOCK 512

static uint8_t archive[64 * 1024];
static size_t archive_size;

/* What the command writes to its standard output. */
static void make(const char *command)
{
	FILE *pipe = popen(command, "r");

	assert_non_null(pipe);
	archive_size = fread(archive, 1, sizeof(archive), pipe);
	assert_int_equal(pclose(pipe), 0);
	assert_in_range(archive_size, 1, sizeof(archive) - 1);
}

#define FILES                                                          \
	"d=$(mktemp -d) && cd $d && printf one > a && : > empty && "   \
	"mkdir sub && head -c 1000 /dev/zero | tr '\\0' x > sub/b && " \
	"ln -s a link && "

static void make_ustar(void)
{
	make(FILES "tar --format=ustar -cf - a empty link sub; rm -r $d");
}

static void set_checksum(uint8_t *header)
{
	unsigned int sum = 0;

	memset(header + 148, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
}

static void check_files(void)
{
	struct tar_file file;
	struct tar tar;

	tar_start(&tar, archive, archive_size);
	assert_int_equal(tar_next(&tar, &file), TAR_OK);
	assert_string_equal(file.name, "a");
	assert_int_equal(file.size, 3);
	assert_memory_equal(file.bytes, "one", 3);
	assert_int_equal(tar_next(&tar, &file), TAR_OK);
	assert_int_equal(file.size, 0);
	assert_int_equal(tar_next(&tar, &file), TAR_OK);
	assert_string_equal(file.name, "sub/b");
	assert_int_equal(file.size, 1000);
	assert_int_equal(file.bytes[999], 'x');
	assert_int_equal(tar_next(&tar, &file), TAR_END);
	assert_int_equal(tar_next(&tar, &file), TAR_END);
}

static void test_ustar(void **state)
{
	(void)state;
	make_ustar();
	check_files();
}

static void test_gnu(void **state)
{
	(void)state;
	make(FILES "tar --format=gnu -cf - ./a ./empty ./link ./sub; rm -r $d");
	check_files();
}

static void test_long_names(void **state)
{
	struct tar_file file;
	struct tar tar;
	char path[201];

	(void)state;
	make("d=$(mktemp -d) && cd $d && p=$(printf '%090d' 0)/$(printf "
	     "'%095d' 1) && mkdir -p $(dirname $p) && echo > $p && tar "
	     "--format=ustar -cf - $p; rm -r $d");
	snprintf(path, sizeof(path), "%090d/%095d", 0, 1);
	tar_start(&tar, archive, archive_size);
	assert_int_equal(tar_next(&tar, &file), TAR_OK);
	assert_string_equal(file.name, path);
}

/* Both fields full, without a NUL: the longest name there can be. */
static void test_longest_name(void **state)
{
	struct tar_file file;
	struct tar tar;

	(void)state;
	make_ustar();
	memset(archive, 'n', 100);
	memset(archive + 345, 'p', 155);
	set_checksum(archive);
	tar_start(&tar, archive, archive_size);
	assert_int_equal(tar_next(&tar, &file), TAR_OK);
	assert_int_equal(strlen(file.name), 155 + 1 + 100);
}

static void test_empty_archives(void **state)
{
	struct tar_file file;
	struct tar tar;

	(void)state;
	tar_start(&tar, NULL, 0);
	assert_int_equal(tar_next(&tar, &file), TAR_END);
	memset(archive, 0, 2 * BLOCK);
	tar_start(&tar, archive, 2 * BLOCK);
	assert_int_equal(tar_next(&tar, &file), TAR_END);
}

/* Cut after every byte: never more than there was, and a word why. */
static void test_cut_anywhere(void **state)
{
	(void)state;
	make_ustar();
	for (size_t size = 0; size < archive_size; size++) {
		uint8_t *copy = malloc(size + 1);
		struct tar_file file;
		struct tar tar;
		enum tar_error error;
		int files = 0;

		assert_non_null(copy);
		memcpy(copy, archive, size);
		tar_start(&tar, copy, size);
		while ((error = tar_next(&tar, &file)) == TAR_OK) {
			assert_true(file.bytes + file.size <= copy + size);
			files++;
		}
		assert_in_range(files, 0, 3);
		assert_true(error == TAR_END || error == TAR_CUT);
		if (size % BLOCK)
			assert_true(error == TAR_CUT || files == 3 ||
				    tar.at == size);
		free(copy);
	}
}

static enum tar_error first_error(void)
{
	struct tar_file file;
	struct tar tar;

	tar_start(&tar, archive, archive_size);
	return tar_next(&tar, &file);
}

static void test_damage(void **state)
{
	(void)state;
	make_ustar();
	archive[0] ^= 1;
	assert_int_equal(first_error(), TAR_CHECKSUM);
	archive[0] ^= 1;
	archive[257] = 'x';
	assert_int_equal(first_error(), TAR_MAGIC);
	archive[257] = 'u';
	archive[124] = 'z';
	set_checksum(archive);
	assert_int_equal(first_error(), TAR_SIZE);
	memset(archive + 124, ' ', 12);
	set_checksum(archive);
	assert_int_equal(first_error(), TAR_SIZE);
	memset(archive + 124, '7', 12);
	set_checksum(archive);
	assert_int_equal(first_error(), TAR_CUT);
	memcpy(archive + 148, "777777\0 ", 8);
	assert_int_equal(first_error(), TAR_CHECKSUM);
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < TAR_ERRORS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(tar_error_text(i),
						tar_error_text(j));
	assert_string_equal(tar_error_text(TAR_ERRORS), "an unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ustar),
		cmocka_unit_test(test_gnu),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_longest_name),
		cmocka_unit_test(test_empty_archives),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("tar", tests, NULL, NULL);
}
