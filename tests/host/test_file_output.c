/*
 * test_file_output.c - files appear complete or not at all.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "scratch.h"
#include "tools/file/output.h"

static struct reason reason;

static struct bytes text(const char *string)
{
	return (struct bytes){ (const uint8_t *)string, strlen(string) };
}

/* Starts, writes and finishes a file; it then waits for the commit. */
static void write_file(const char *path, const char *contents)
{
	assert_int_equal(output_start(path, &reason), 0);
	assert_int_equal(output_write(text(contents), strlen(contents),
				      &reason),
			 0);
	assert_int_equal(output_finish(&reason), 0);
}

static void check_start_refused(const char *path, const char *words)
{
	int before = scratch_count();

	assert_int_equal(output_start(path, &reason), -1);
	assert_string_equal(reason.text, words);
	output_abort();
	assert_int_equal(scratch_count(), before);
}

static void test_commit(void **state)
{
	(void)state;
	scratch_write("old", "before");
	write_file("old", "after");
	write_file("new", "x");
	scratch_check("old", "before");
	assert_int_equal(access("new", F_OK), -1);
	assert_int_equal(output_commit(&reason), 0);
	scratch_check("old", "after");
	scratch_check("new", "x");
	assert_int_equal(scratch_count(), 2);
}

static void test_abort(void **state)
{
	(void)state;
	scratch_write("old", "before");
	write_file("old", "after");
	assert_int_equal(output_start("new", &reason), 0);
	assert_int_equal(output_write(text("half"), 1000, &reason), 0);
	output_abort();
	scratch_check("old", "before");
	assert_int_equal(scratch_count(), 1);
}

static void test_zeros_follow(void **state)
{
	char found[6];
	FILE *file;

	(void)state;
	assert_int_equal(output_start("f", &reason), 0);
	assert_int_equal(output_write(text("a"), 3, &reason), 0);
	assert_int_equal(output_write(text("b"), 3, &reason), 0);
	assert_int_equal(output_finish(&reason), 0);
	assert_int_equal(output_commit(&reason), 0);
	file = fopen("f", "r");
	assert_non_null(file);
	assert_int_equal(fread(found, 1, sizeof(found), file), 6);
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
	assert_memory_equal(found, "a\0\0b\0\0", 6);
}

static mode_t mode_of(const char *path)
{
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	return info.st_mode & 0777;
}

/* A new file obeys the umask, an old one keeps its mode. */
static void test_mode(void **state)
{
	mode_t mask = umask(027);

	(void)state;
	scratch_write("old", "");
	assert_int_equal(chmod("old", 0755), 0);
	write_file("old", "x");
	write_file("new", "x");
	assert_int_equal(output_commit(&reason), 0);
	assert_int_equal(mode_of("old"), 0755);
	assert_int_equal(mode_of("new"), 0640);
	umask(mask);
}

static void test_through_symbolic_link(void **state)
{
	struct stat info;

	(void)state;
	scratch_write("file", "before");
	assert_int_equal(symlink("file", "link"), 0);
	write_file("link", "after");
	assert_int_equal(output_commit(&reason), 0);
	scratch_check("file", "after");
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
}

static void test_refused_targets(void **state)
{
	char longest[PATH_MAX + 10];

	(void)state;
	check_start_refused(".", ". is a directory: name a file in it");
	check_start_refused("/dev/null",
			    "/dev/null is a device: write a file, then use "
			    "'make usb DEV=/dev/null' or 'dd if=FILE "
			    "of=/dev/null bs=4M'");
	assert_int_equal(symlink("nowhere", "link"), 0);
	check_start_refused("link", "link is a symbolic link to nothing: "
				    "remove it");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	check_start_refused("pipe", "pipe is no regular file: name another");
	check_start_refused("none/x",
			    "can't create a file beside none/x: No such file "
			    "or directory: check that its directory is there "
			    "and writable");
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	check_start_refused(longest,
			    "the name aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			    "aaaaaaaaaaaaaaaaaaa... is too long: use a shorter "
			    "one");
}

static void test_write_protected(void **state)
{
	(void)state;
	if (!geteuid())
		skip(); /* root may write everything */
	scratch_write("f", "");
	assert_int_equal(chmod("f", 0444), 0);
	check_start_refused("f", "can't write f: Permission denied: name "
				 "another file or 'chmod u+w f'");
}

/* Runs `child` in a process of its own. Returns what waitpid() tells. */
static int in_child(void (*child)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		child();
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void write_then_die(void)
{
	if (output_start("a", &reason) || output_write(text("x"), 1, &reason) ||
	    output_finish(&reason) || output_start("b", &reason) ||
	    output_write(text("x"), 1, &reason))
		_exit(1);
	if (scratch_count() != 2)
		_exit(2);
	raise(SIGTERM);
}

static void test_signal(void **state)
{
	int status = in_child(write_then_die);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_int_equal(scratch_count(), 0);
}

/* nohup must stay what it is. */
static void ignore_then_write(void)
{
	signal(SIGHUP, SIG_IGN);
	if (output_start("a", &reason))
		_exit(1);
	raise(SIGHUP);
	if (output_finish(&reason) || output_commit(&reason))
		_exit(2);
	_exit(0);
}

static void test_ignored_signal(void **state)
{
	(void)state;
	assert_int_equal(in_child(ignore_then_write), 0);
	assert_int_equal(scratch_count(), 1);
}

static void write_beyond_limit(void)
{
	static const uint8_t block[8192];
	const struct rlimit limit = { 4096, 4096 };

	if (setrlimit(RLIMIT_FSIZE, &limit) || output_start("a", &reason))
		_exit(1);
	if (!output_write((struct bytes){ block, sizeof(block) }, sizeof(block),
			  &reason))
		_exit(2);
	output_abort();
	if (strcmp(reason.text, "can't write a, after 4096 bytes: File too "
				"large: raise the limit (ulimit -f) or use "
				"another disk"))
		_exit(3);
	_exit(0);
}

static void zeros_beyond_limit(void)
{
	const struct rlimit limit = { 4096, 4096 };

	if (setrlimit(RLIMIT_FSIZE, &limit) || output_start("a", &reason))
		_exit(1);
	if (!output_write((struct bytes){ NULL, 0 }, 8192, &reason))
		_exit(2);
	output_abort();
	_exit(!strstr(reason.text, "File too large") ? 3 : 0);
}

static void test_file_size_limit(void **state)
{
	(void)state;
	assert_int_equal(in_child(write_beyond_limit), 0);
	assert_int_equal(scratch_count(), 0);
	assert_int_equal(in_child(zeros_beyond_limit), 0);
	assert_int_equal(scratch_count(), 0);
}

static void test_failing_rename(void **state)
{
	(void)state;
	write_file("a", "x");
	assert_int_equal(mkdir("a", 0777), 0);
	assert_int_equal(output_commit(&reason), -1);
	assert_non_null(strstr(reason.text, "can't rename "));
	assert_non_null(strstr(reason.text, " to a: Is a directory"));
	output_abort();
	assert_int_equal(scratch_count(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(test_commit),
		SCRATCH_TEST(test_abort),
		SCRATCH_TEST(test_zeros_follow),
		SCRATCH_TEST(test_mode),
		SCRATCH_TEST(test_through_symbolic_link),
		SCRATCH_TEST(test_refused_targets),
		SCRATCH_TEST(test_write_protected),
		SCRATCH_TEST(test_signal),
		SCRATCH_TEST(test_ignored_signal),
		SCRATCH_TEST(test_file_size_limit),
		SCRATCH_TEST(test_failing_rename),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
