/*
 * options.c - mkimage's command line.
 */
#include <stdlib.h>
#include <string.h>

#include "options.h"

static const char help[] =
	"usage: mkimage --kernel K.elf [OPTION]... -o IMG\n"
	"       mkimage --explain IMG [--hex]\n"
	"\n"
	"Makes a raw disk image that boots K.elf on a PC's BIOS: boot sector,\n"
	"header, stage 2, diagnostics, kernel, modules. It runs in an emulator\n"
	"and, after dd, from a USB stick.\n"
	"\n"
	"  --kernel FILE        the kernel: ELF64, x86-64, not position-independent,\n"
	"                       loaded between 1 MiB and 4 GiB within 64 MiB, its\n"
	"                       entry linked where it loads; the linker's headers\n"
	"                       in front of its first section are left out\n"
	"  --module FILE        a file to load beside it, as it is; up to 7 times;\n"
	"                       each starts at the next free page behind the kernel\n"
	"  --cmdline TEXT       what the kernel is told, up to 255 characters; with\n"
	"                       the word diag, the diagnostics come before it\n"
	"  --no-diag            leave the diagnostics out\n"
	"  --geometry G         heads x sectors per track that the partition table\n"
	"                       suggests: 64x32 (default) or 255x63; with 255x63\n"
	"                       the partition ends at the last whole cylinder\n"
	"  --partition-type N   1 to 255, or 0x01 to 0xff; default 0xda\n"
	"  --bpb none|dummy     with dummy, a BIOS parameter block for a BIOS that\n"
	"                       insists on one; default none\n"
	"  --size N             pad to N bytes, or N followed by K, M or G; whole MiB\n"
	"  --parts DIR          leave the finished pieces in DIR as well, so that\n"
	"                       cat DIR/* is the image\n"
	"  -o, --output IMG     the image to write: a file, never a device\n"
	"  --help               this text\n"
	"\n"
	"  --explain IMG        say what every byte of a disk image is, of ours or\n"
	"                       any other, or what IMG is instead of a raw disk;\n"
	"                       a file or a block device, only read\n"
	"  --hex                with the bytes beside their meaning\n"
	"\n"
	"For labs and tests:\n"
	"  --bootsector FILE    use this boot sector, not the one built in\n"
	"  --stage2 FILE        use this stage 2, not the one built in, and leave the\n"
	"                       diagnostics out, which call into theirs\n"
	"  --diag FILE          use these diagnostics, of the same build as stage 2\n"
	"\n"
	"Exit status: 0 done, 1 refused or failed, 2 wrong usage. Files are written\n"
	"completely or not at all. The same input gives the same image anywhere.\n";

const char *options_help(void)
{
	return help;
}

/* An option: its name, and what to do with its value. `set` returns 0, or
 * what the value should have been. */
struct option {
	const char *name;
	const char *(*set)(struct options *options, const char *value);
};

/* For options that may be given once. */
static const char *set_once(const char **field, const char *value)
{
	if (*field)
		return "given once";
	*field = value;
	return NULL;
}

static const char *set_kernel(struct options *options, const char *value)
{
	return set_once(&options->kernel, value);
}

static const char *set_output(struct options *options, const char *value)
{
	return set_once(&options->output, value);
}

static const char *set_explain(struct options *options, const char *value)
{
	return set_once(&options->explain, value);
}

static const char *set_parts(struct options *options, const char *value)
{
	return set_once(&options->parts, value);
}

static const char *set_cmdline(struct options *options, const char *value)
{
	return set_once(&options->cmdline, value);
}

static const char *set_bootsector(struct options *options, const char *value)
{
	return set_once(&options->bootsector, value);
}

static const char *set_stage2(struct options *options, const char *value)
{
	return set_once(&options->stage2, value);
}

static const char *set_diag(struct options *options, const char *value)
{
	return set_once(&options->diag, value);
}

_Static_assert(MODULES_MAX == 7, "the help and set_module() say 7");

static const char *set_module(struct options *options, const char *value)
{
	if (options->module_count == MODULES_MAX)
		return "given 7 times at most";
	options->modules[options->module_count++] = value;
	return NULL;
}

static const char *set_geometry(struct options *options, const char *value)
{
	if (!strcmp(value, "64x32"))
		options->geometry = (struct geometry){ 64, 32 };
	else if (!strcmp(value, "255x63"))
		options->geometry = (struct geometry){ 255, 63 };
	else
		return "64x32 or 255x63";
	return NULL;
}

static const char *set_bpb(struct options *options, const char *value)
{
	if (strcmp(value, "none") && strcmp(value, "dummy"))
		return "none or dummy";
	options->dummy_bpb = !strcmp(value, "dummy");
	return NULL;
}

/* Reads decimal digits, or hexadecimal ones after 0x, up to `*end`. Numbers
 * beyond `max` count as none. Returns -1 if there is none. */
static int parse_number(const char *text, uint64_t max, uint64_t *number,
			const char **end)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	uint64_t base = 10, result = 0;
	const char *at = text;

	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
		base = 16;
		at += 2;
		text = at;
	}
	for (; *at; at++) {
		const char *found = strchr(digits, *at);
		uint64_t digit = found ? (uint64_t)(found - digits) % 16 : base;

		if (digit >= base)
			break;
		if (result > (max - digit) / base)
			return -1;
		result = result * base + digit;
	}
	*number = result;
	*end = at;
	return at == text ? -1 : 0;
}

static const char *set_partition_type(struct options *options,
				      const char *value)
{
	uint64_t type;
	const char *end;

	if (parse_number(value, 255, &type, &end) || *end || !type)
		return "1 to 255, or 0x01 to 0xff; 0 would mean unused";
	options->partition_type = (uint8_t)type;
	return NULL;
}

static const char *set_size(struct options *options, const char *value)
{
	static const char expected[] =
		"a number of bytes, K, M or G, at least 1M";
	static const char units[] = "KMG";
	const char *unit = units, *end;
	uint64_t size;

	if (parse_number(value, UINT64_MAX >> 31, &size, &end) || !size)
		return expected;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return expected;
		size <<= 10 * (unit - units + 1);
	}
	if (size % (1 << 20))
		return "a whole number of MiB, which BIOSes want, as in 4M";
	options->size = size;
	return NULL;
}

static const struct option option_table[] = {
	{ "--kernel", set_kernel },
	{ "--module", set_module },
	{ "--cmdline", set_cmdline },
	{ "--geometry", set_geometry },
	{ "--partition-type", set_partition_type },
	{ "--bpb", set_bpb },
	{ "--size", set_size },
	{ "--parts", set_parts },
	{ "--bootsector", set_bootsector },
	{ "--stage2", set_stage2 },
	{ "--diag", set_diag },
	{ "--explain", set_explain },
	{ "--output", set_output },
	{ "-o", set_output },
};

/* Finds the option in `--name` or `--name=value`; sets `*value` then. */
static const struct option *find_option(const char *argument,
					const char **value)
{
	size_t length = strcspn(argument, "=");

	*value = argument[length] ? argument + length + 1 : NULL;
	for (size_t i = 0; i < sizeof(option_table) / sizeof(*option_table);
	     i++)
		if (strlen(option_table[i].name) == length &&
		    !memcmp(option_table[i].name, argument, length))
			return &option_table[i];
	return NULL;
}

/* Options without a value. Returns 1 if `argument` is one. */
static int set_flag(struct options *options, const char *argument)
{
	int is_help = !strcmp(argument, "--help");
	int is_hex = !strcmp(argument, "--hex");
	int is_no_diag = !strcmp(argument, "--no-diag");

	options->help |= is_help;
	options->hex |= is_hex;
	options->no_diag |= is_no_diag;
	return is_help || is_hex || is_no_diag;
}

static int check_required(struct options *options, struct reason *reason)
{
	if (!options->cmdline)
		options->cmdline = "";
	if (options->help)
		return 0;
	if (options->explain && (options->kernel || options->output))
		return refuse(reason, "--explain only reads: leave --kernel "
				      "and -o out");
	if (options->explain)
		return 0;
	if (options->hex)
		return refuse(reason, "--hex goes with --explain IMG");
	if (options->diag && options->no_diag)
		return refuse(reason, "--diag and --no-diag: leave one out");
	if (!options->kernel)
		return refuse(reason, "--kernel is missing: name an ELF file");
	if (!options->output)
		return refuse(reason, "-o is missing: name the image to write");
	return 0;
}

int options_parse(int argc, char **argv, struct options *options,
		  struct reason *reason)
{
	memset(options, 0, sizeof(*options));
	options->geometry = (struct geometry){ 64, 32 };
	options->partition_type = PARTITION_TYPE_DEFAULT;
	for (int i = 1; i < argc; i++) {
		const char *value, *expected;
		const struct option *option = find_option(argv[i], &value);

		if (set_flag(options, argv[i]))
			continue;
		if (!option)
			return refuse(reason, "'%s' is no option", argv[i]);
		if (!value && ++i == argc)
			return refuse(reason, "%s needs a value", option->name);
		if (!value)
			value = argv[i];
		expected = option->set(options, value);
		if (expected)
			return refuse(reason, "%s '%s': it must be %s",
				      option->name, value, expected);
	}
	return check_required(options, reason);
}
