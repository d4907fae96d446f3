/*
 * options.c - mkimage's command line.
 */
#include <getopt.h>
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
	"                       loaded between 1 MiB and 4 GiB, its entry linked\n"
	"                       where it loads; the linker's headers in front of\n"
	"                       its first section, and gaps of more than 1 MiB,\n"
	"                       are left out\n"
	"  --module FILE        a file to load beside it, as it is; up to 7 times;\n"
	"                       each starts at the next free page behind the kernel\n"
	"  --cmdline TEXT       what the kernel is told, up to 255 characters; with\n"
	"                       the word diag, the diagnostics come before it\n"
	"  --no-diag            leave the diagnostics out\n"
	"  --no-uefi-page       leave out what a PC says that starts the image by\n"
	"                       UEFI: a volume of 256 KiB, in a second partition\n"
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

/* For options that may be given once. */
static const char *set_once(const char **field, const char *value)
{
	if (*field)
		return "given once";
	*field = value;
	return NULL;
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

static const struct option known[] = {
	{ "kernel", required_argument, NULL, 'k' },
	{ "module", required_argument, NULL, 'm' },
	{ "cmdline", required_argument, NULL, 'c' },
	{ "geometry", required_argument, NULL, 'g' },
	{ "partition-type", required_argument, NULL, 't' },
	{ "bpb", required_argument, NULL, 'b' },
	{ "size", required_argument, NULL, 's' },
	{ "parts", required_argument, NULL, 'p' },
	{ "bootsector", required_argument, NULL, '0' },
	{ "stage2", required_argument, NULL, '2' },
	{ "diag", required_argument, NULL, 'd' },
	{ "no-diag", no_argument, NULL, 'n' },
	{ "no-uefi-page", no_argument, NULL, 'u' },
	{ "explain", required_argument, NULL, 'e' },
	{ "hex", no_argument, NULL, 'x' },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* Takes an option of `known`, or -o. Returns NULL, or what `value` should have
 * been. */
static const char *option_set(struct options *options, int option,
			      const char *value)
{
	switch (option) {
	case 'k':
		return set_once(&options->kernel, value);
	case 'm':
		return set_module(options, value);
	case 'c':
		return set_once(&options->cmdline, value);
	case 'g':
		return set_geometry(options, value);
	case 't':
		return set_partition_type(options, value);
	case 'b':
		return set_bpb(options, value);
	case 's':
		return set_size(options, value);
	case 'p':
		return set_once(&options->parts, value);
	case '0':
		return set_once(&options->bootsector, value);
	case '2':
		return set_once(&options->stage2, value);
	case 'd':
		return set_once(&options->diag, value);
	case 'n':
		options->no_diag = 1;
		return NULL;
	case 'u':
		options->no_uefi_page = 1;
		return NULL;
	case 'e':
		return set_once(&options->explain, value);
	case 'x':
		options->hex = 1;
		return NULL;
	case 'o':
		return set_once(&options->output, value);
	default:
		options->help = 1;
		return NULL;
	}
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
	int option, index = -1;

	memset(options, 0, sizeof(*options));
	options->geometry = (struct geometry){ 64, 32 };
	options->partition_type = PARTITION_TYPE_DEFAULT;
	optind = 0; /* the page, and tests, parse more than once */
	while ((option = getopt_long(argc, argv, "o:", known, &index)) >= 0) {
		const char *expected;

		if (option == '?')
			return -1;
		expected = option_set(options, option, optarg);
		if (expected)
			return refuse(reason, "%s%s '%s': it must be %s",
				      index < 0 ? "-" : "--",
				      index < 0 ? "o" : known[index].name,
				      optarg, expected);
		index = -1; /* getopt_long() sets it only for --NAME */
	}
	if (optind < argc)
		return refuse(reason, "'%s' is no option", argv[optind]);
	return check_required(options, reason);
}
