/*
 * test_mkimage_options.c - the command line, and every wrong one.
 */
#include <string.h>

#include "cmocka_test.h"
#include "tools/mkimage/options.h"

#define ARGUMENTS_MAX 28

static struct options options;
static struct reason reason;

/* Parses words separated by single spaces. */
static int parse(const char *line)
{
	static char words[512];
	char *argv[ARGUMENTS_MAX + 1] = { words };
	int argc = 1;

	assert_true(strlen(line) + 9 < sizeof(words));
	strcpy(words, "mkimage ");
	strcat(words, line);
	for (char *at = words; *at; at++) {
		if (*at != ' ')
			continue;
		*at = '\0';
		if (at[1]) {
			assert_true(argc < ARGUMENTS_MAX);
			argv[argc++] = at + 1;
		}
	}
	reason.text[0] = '\0';
	return options_parse(argc, argv, &options, &reason);
}

static void test_defaults(void **state)
{
	(void)state;
	assert_int_equal(parse("--kernel k.elf -o x.img"), 0);
	assert_string_equal(options.kernel, "k.elf");
	assert_string_equal(options.output, "x.img");
	assert_string_equal(options.cmdline, "");
	assert_null(options.parts);
	assert_null(options.bootsector);
	assert_null(options.stage2);
	assert_null(options.diag);
	assert_int_equal(options.no_diag, 0);
	assert_int_equal(options.module_count, 0);
	assert_int_equal(options.geometry.heads, 64);
	assert_int_equal(options.geometry.track, 32);
	assert_int_equal(options.partition_type, 0xda);
	assert_int_equal(options.dummy_bpb, 0);
	assert_int_equal(options.size, 0);
	assert_int_equal(options.help, 0);
}

static void test_every_option(void **state)
{
	(void)state;
	assert_int_equal(parse("--kernel=k --module a --module=b --cmdline "
			       "exit=1 --geometry 255x63 --partition-type 0x0C "
			       "--bpb dummy --size 16M --parts p --bootsector "
			       "b --stage2 s --diag d --output x"),
			 0);
	assert_string_equal(options.kernel, "k");
	assert_int_equal(options.module_count, 2);
	assert_string_equal(options.modules[0], "a");
	assert_string_equal(options.modules[1], "b");
	assert_string_equal(options.cmdline, "exit=1");
	assert_int_equal(options.geometry.heads, 255);
	assert_int_equal(options.geometry.track, 63);
	assert_int_equal(options.partition_type, 0x0c);
	assert_int_equal(options.dummy_bpb, 1);
	assert_int_equal(options.size, 16 << 20);
	assert_string_equal(options.parts, "p");
	assert_string_equal(options.bootsector, "b");
	assert_string_equal(options.stage2, "s");
	assert_string_equal(options.diag, "d");
	assert_int_equal(parse("--kernel k -o x --no-diag"), 0);
	assert_int_equal(options.no_diag, 1);
	assert_string_equal(options.output, "x");
}

static void test_diag_or_none(void **state)
{
	(void)state;
	assert_int_equal(parse("--kernel k -o x --no-diag --diag d"), -1);
	assert_string_equal(reason.text, "--diag and --no-diag: leave one out");
}

static void test_output_names(void **state)
{
	(void)state;
	assert_int_equal(parse("--kernel k --output x"), 0);
	assert_string_equal(options.output, "x");
	assert_int_equal(parse("--kernel k -ox"), 0);
	assert_string_equal(options.output, "x");
}

static void test_sizes(void **state)
{
	static const struct {
		const char *line;
		uint64_t size;
	} sizes[] = {
		{ "--kernel k -o x --size 1048576", 1 << 20 },
		{ "--kernel k -o x --size 2048K", 2 << 20 },
		{ "--kernel k -o x --size 1M", 1 << 20 },
		{ "--kernel k -o x --size 3G", (uint64_t)3 << 30 },
		{ "--kernel k -o x --size 0x10M", 16 << 20 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(parse(sizes[i].line), 0);
		assert_int_equal(options.size, sizes[i].size);
	}
}

#define KO "--kernel k -o x "

/* getopt_long() itself says these. */
static void test_no_such_option(void **state)
{
	static const char *const lines[] = {
		"--kernel",   KO "--cmdline",	 KO "--kernels y",
		KO "--frob=1", KO "--no-diag=1", KO "-x",
		KO "--par y", /* --parts or --partition-type? */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(parse(lines[i]), -1);
		assert_string_equal(reason.text, "");
	}
}

static void test_help(void **state)
{
	(void)state;
	assert_int_equal(parse("--help"), 0);
	assert_int_equal(options.help, 1);
}

#define SIZE_WORDS ": it must be a number of bytes, K, M or G, at least 1M"
#define MIB_WORDS \
	": it must be a whole number of MiB, which BIOSes want, as in 4M"
#define TYPE_WORDS ": it must be 1 to 255, or 0x01 to 0xff; 0 would mean unused"

static void test_wrong_usage(void **state)
{
	static const struct {
		const char *line;
		const char *words;
	} wrong[] = {
		{ "", "--kernel is missing: name an ELF file" },
		{ "-o x", "--kernel is missing: name an ELF file" },
		{ "--kernel k", "-o is missing: name the image to write" },
		{ KO "k.elf", "'k.elf' is no option" },
		{ KO "-- y", "'y' is no option" },
		{ KO "--kernel k", "--kernel 'k': it must be given once" },
		{ KO "-o y", "-o 'y': it must be given once" },
		{ KO "--cmdline a --cmdline b",
		  "--cmdline 'b': it must be given once" },
		{ KO "--module 1 --module 2 --module 3 --module 4 --module 5 "
		     "--module 6 --module 7 --module 8",
		  "--module '8': it must be given 7 times at most" },
		{ KO "--geometry 16x63",
		  "--geometry '16x63': it must be 64x32 or 255x63" },
		{ KO "--bpb fat", "--bpb 'fat': it must be none or dummy" },
		{ KO "--partition-type 0", "--partition-type '0'" TYPE_WORDS },
		{ KO "--partition-type 256",
		  "--partition-type '256'" TYPE_WORDS },
		{ KO "--partition-type da",
		  "--partition-type 'da'" TYPE_WORDS },
		{ KO "--partition-type=", "--partition-type ''" TYPE_WORDS },
		{ KO "--partition-type 0x",
		  "--partition-type '0x'" TYPE_WORDS },
		{ KO "--partition-type -1",
		  "--partition-type '-1'" TYPE_WORDS },
		{ KO "--size 0", "--size '0'" SIZE_WORDS },
		{ KO "--size -1M", "--size '-1M'" SIZE_WORDS },
		{ KO "--size M", "--size 'M'" SIZE_WORDS },
		{ KO "--size 1T", "--size '1T'" SIZE_WORDS },
		{ KO "--size 1MB", "--size '1MB'" SIZE_WORDS },
		{ KO "--size 99999999999999999999G",
		  "--size '99999999999999999999G'" SIZE_WORDS },
		{ KO "--size 1000000", "--size '1000000'" MIB_WORDS },
		{ KO "--size 1500K", "--size '1500K'" MIB_WORDS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(parse(wrong[i].line), -1);
		assert_string_equal(reason.text, wrong[i].words);
	}
}

/* Every option is in the help. */
static void test_help_text(void **state)
{
	static const char *const names[] = {
		"--kernel",	    "--module", "--cmdline", "--geometry",
		"--partition-type", "--bpb",	"--size",    "--parts",
		"--bootsector",	    "--stage2", "-o",	     "--output",
		"--help",	    "255x63",	"dummy",     "255 characters",
		"--diag",	    "--no-diag",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(strstr(options_help(), names[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_option),
		cmocka_unit_test(test_diag_or_none),
		cmocka_unit_test(test_output_names),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_no_such_option),
		cmocka_unit_test(test_wrong_usage),
		cmocka_unit_test(test_help_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
