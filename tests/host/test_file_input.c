/*
 * test_file_input.c - reading whole files, and telling them apart.
 */
#include "scratch.h"
#include "tools/file/input.h"

static struct input input;
static struct reason reason;

static void check_refused(const char *path, const char *words)
{
	assert_int_equal(input_read(path, &input, &reason), -1);
	assert_string_equal(reason.text, words);
	assert_null(input.path);
}

static void test_read(void **state)
{
	(void)state;
	scratch_write("f", "contents");
	assert_int_equal(input_read("f", &input, &reason), 0);
	assert_int_equal(input_bytes(&input).size, 8);
	assert_memory_equal(input_bytes(&input).data, "contents", 8);
	input_release(&input);
	scratch_write("f", "");
	assert_int_equal(input_read("f", &input, &reason), 0);
	assert_int_equal(input_bytes(&input).size, 0);
	input_release(&input);
}

static void test_refused(void **state)
{
	(void)state;
	check_refused("none", "can't open none: No such file or directory");
	check_refused(".", ". is a directory: name a file");
	check_refused("/dev/null", "/dev/null is a pipe or a device: copy it "
				   "to a file first");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	check_refused("pipe", "pipe is a pipe or a device: copy it to a file "
			      "first");
}

static void test_too_large(void **state)
{
	int fd = open("f", O_CREAT | O_WRONLY, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, ((off_t)4 << 30) + 1), 0);
	close(fd);
	check_refused("f", "f has 4294967297 bytes, nothing loads above "
			   "0x100000000 (4 GiB): make it smaller");
}

static void test_other_names(void **state)
{
	(void)state;
	scratch_write("f", "x");
	scratch_write("g", "x");
	assert_int_equal(link("f", "hard"), 0);
	assert_int_equal(symlink("f", "soft"), 0);
	assert_int_equal(input_read("f", &input, &reason), 0);
	assert_true(input_is(&input, "f"));
	assert_true(input_is(&input, "./f"));
	assert_true(input_is(&input, "hard"));
	assert_true(input_is(&input, "soft"));
	assert_false(input_is(&input, "g"));
	assert_false(input_is(&input, "none"));
	input_release(&input);
	assert_false(input_is(&input, "f"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(test_read),
		SCRATCH_TEST(test_refused),
		SCRATCH_TEST(test_too_large),
		SCRATCH_TEST(test_other_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
