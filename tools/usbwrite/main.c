/*
 * usbwrite - write a disk image to a USB stick, and to nothing else.
 *
 *	usbwrite IMAGE			list the sticks
 *	usbwrite IMAGE /dev/sdX		write, read back, compare
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"
#include "target.h"

#define GIB (1024ull * 1024 * 1024)
#define GIB_MAX 256 /* larger sticks are rarer than external disks */

static const char usage[] =
	"usage: usbwrite [OPTION]... IMAGE [DEVICE]\n"
	"\n"
	"Writes IMAGE to the start of the disk DEVICE, reads it back and\n"
	"compares. Without DEVICE, lists the disks that could be meant.\n"
	"\n"
	"  --verify        compare only, write nothing\n"
	"  --file          DEVICE may be a plain file\n"
	"  --force-fixed   DEVICE may be a disk that is not removable\n"
	"  --max-gib N     DEVICE may have up to N GiB (256)\n"
	"  --root DIR      for tests: look into DIR/sys and DIR/proc\n"
	"  --help\n"
	"\n"
	"Status: 0 done, 1 refused or failed, 2 wrong usage.\n";

struct options {
	struct permission allow;
	bool verify_only;
	const char *image;
	const char *device;
};

struct list {
	const struct options *options;
	uint64_t image_bytes;
	unsigned int count;
};

static void print_size(uint64_t bytes)
{
	if (bytes >= GIB)
		printf("%6.1f GiB", (double)bytes / GIB);
	else
		printf("%6.1f MiB", (double)bytes / (1024 * 1024));
}

static void print_candidate(const struct drive *drive, void *context)
{
	struct list *list = context;
	const char *why =
		target_refusal(drive, list->image_bytes, &list->options->allow);

	/* fixed disks are not offered at all */
	if (!drive->removable && !list->options->allow.fixed)
		return;
	list->count++;
	printf("  /dev/%-8s ", drive->name);
	print_size(drive->bytes);
	printf("  %s%s%s\n", drive->model, why ? ", " : "", why ? why : "");
}

static int list_candidates(const struct options *options, uint64_t bytes)
{
	struct list list = { options, bytes, 0 };

	if (!drive_sysfs_present(options->allow.root)) {
		fprintf(stderr, "usbwrite: no /sys here to find disks in; use "
				"dd, with care\n");
		return 1;
	}
	printf("Removable disks:\n");
	drive_list(options->allow.root, print_candidate, &list);
	if (!list.count)
		printf("  none; plug one in and try again\n");
	printf("To write to one: make usb DEV=/dev/...\n");
	return 0;
}

/* Progress on a terminal; nothing in logs. */
static void show(const char *what, uint64_t done, uint64_t all)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r  %llu of %llu KiB %s  %s",
			(unsigned long long)done / 1024,
			(unsigned long long)all / 1024, what,
			done == all ? "\n" : "");
}

/* The model name is printed on the stick: nobody types it by mistake. */
static int confirm(const struct target *target, const char *image)
{
	const struct drive *drive = &target->drive;
	char line[sizeof(drive->model) + 2];

	printf("All of %s will be overwritten:\n  %s, ", target->path,
	       drive->model);
	print_size(drive->bytes);
	printf("\nThis does the same as\n"
	       "  dd if=%s of=%s bs=1M conv=fsync\n"
	       "Type the model name, \"%s\", to go ahead: ",
	       image, target->path, drive->model);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (!strcmp(line, drive->model))
		return 0;
	fprintf(stderr, "usbwrite: that is not its name, nothing written\n");
	return -1;
}

static int fail(const char *path, const char *doing, uint64_t at, int error)
{
	const char *advice = error == -ENOSPC || error == -EFBIG ?
				     ": it is full, or smaller than it says" :
			     error == -EIO ? ": try another stick or port" :
			     error == -ENODEV || error == -ENXIO ?
					     ": it was pulled out" :
					     "";

	fprintf(stderr, "usbwrite: %s %s at byte %llu: %s%s\n", doing, path,
		(unsigned long long)at, strerror(-error), advice);
	return 1;
}

static int write_image(const struct target *target, int image, uint64_t bytes)
{
	uint64_t at = 0;
	int error = copy_write(image, target->file, bytes, &at, show);

	return error ? fail(target->path, "writing", at, error) : 0;
}

static int verify_image(const struct target *target, int image, uint64_t bytes)
{
	uint64_t at;
	int error = copy_verify(image, target->file, bytes, &at, show);

	if (error < 0)
		return fail(target->path, "reading back", at, error);
	if (error) {
		fprintf(stderr,
			"usbwrite: %s differs from the image at byte "
			"%llu (LBA %llu): write it again; if that does not "
			"help, the stick is worn out or a fake\n",
			target->path, (unsigned long long)at,
			(unsigned long long)at / 512);
		return 1;
	}
	printf("%s holds the image, all %llu bytes compared.\n", target->path,
	       (unsigned long long)bytes);
	return 0;
}

static int ask_and_write(const struct options *options,
			 const struct target *target, int image, uint64_t bytes)
{
	if (!options->verify_only) {
		if (!target->is_file && confirm(target, options->image))
			return 1;
		if (write_image(target, image, bytes))
			return 1;
	}
	return verify_image(target, image, bytes);
}

static int run(const struct options *options, int image, uint64_t bytes)
{
	struct target target;
	int status;

	if (!options->device)
		return list_candidates(options, bytes);
	if (target_open(options->device, !options->verify_only, bytes,
			&options->allow, &target))
		return 1;
	status = ask_and_write(options, &target, image, bytes);
	if (close(target.file) && !status)
		return fail(target.path, "closing", bytes, -errno);
	return status;
}

static int open_image(const char *path, uint64_t *bytes)
{
	int image = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (image < 0 || fstat(image, &status)) {
		fprintf(stderr, "usbwrite: %s: %s; make builds it\n", path,
			strerror(errno));
		return -1;
	}
	if (!S_ISREG(status.st_mode) || !status.st_size) {
		fprintf(stderr, "usbwrite: %s is not an image\n", path);
		return -1;
	}
	*bytes = (uint64_t)status.st_size;
	return image;
}

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return 2;
}

/* A number of GiB, or 0: not one. */
static uint64_t parse_gib(const char *text)
{
	char *end;
	unsigned long long gib = strtoull(text, &end, 10);

	return *end || gib > UINT64_MAX / GIB ? 0 : gib * GIB;
}

/* 0: go on; else the status to end with, plus 1. */
static int parse(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "verify", no_argument, NULL, 'v' },
		{ "file", no_argument, NULL, 'f' },
		{ "force-fixed", no_argument, NULL, 'x' },
		{ "max-gib", required_argument, NULL, 'g' },
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? 2 : 1;
		else if (option == 'v')
			options->verify_only = true;
		else if (option == 'f')
			options->allow.file = true;
		else if (option == 'x')
			options->allow.fixed = true;
		else if (option == 'r')
			options->allow.root = optarg;
		else if (option == 'g')
			options->allow.bytes_max = parse_gib(optarg);
		if (option == '?' || !options->allow.bytes_max)
			return wrong_usage() + 1;
	}
	if (argc - optind < 1 || argc - optind > 2)
		return wrong_usage() + 1;
	options->image = argv[optind];
	options->device = argv[optind + 1];
	return 0;
}

int main(int argc, char **argv)
{
	struct options options = {
		.allow = { .root = "", .bytes_max = GIB_MAX * GIB },
	};
	int ends = parse(argc, argv, &options);
	uint64_t bytes;
	int image, status;

	if (ends)
		return ends - 1;
	image = open_image(options.image, &bytes);
	if (image < 0)
		return 1;
	status = run(&options, image, bytes);
	close(image);
	return status;
}
