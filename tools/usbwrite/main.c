/*
 * usbwrite - write a disk image to a USB stick, and to nothing else.
 *
 *	usbwrite IMAGE			list the sticks
 *	usbwrite IMAGE /dev/sdX		write, read back, compare
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"
#include "doubt.h"
#include "options.h"

#define GIB (1024ull * 1024 * 1024)

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
static void show_progress(const char *what, uint64_t done, uint64_t all)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r  %llu of %llu KiB %s  %s",
			(unsigned long long)done / 1024,
			(unsigned long long)all / 1024, what,
			done == all ? "\n" : "");
}

/* 0, if the answer is the one that is wanted. */
static int ask_person(const char *question, const char *wanted)
{
	char line[256];

	printf("%s", question);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (!strcmp(line, wanted))
		return 0;
	fprintf(stderr, "usbwrite: not what was asked for, nothing written\n");
	return -1;
}

/* The model name is printed on the stick: nobody types it by mistake. */
static int confirm(const struct target *target, const char *image)
{
	const struct drive *drive = &target->drive;
	char question[sizeof(drive->model) + 64];

	printf("All of %s will be overwritten:\n  %s, ", target->path,
	       drive->model);
	print_size(drive->bytes);
	printf("\nThis does the same as\n"
	       "  dd if=%s of=%s bs=1M conv=fsync\n",
	       image, target->path);
	snprintf(question, sizeof(question),
		 "Type the model name, \"%s\", to go ahead: ", drive->model);
	return ask_person(question, drive->model);
}

static int report_failure(const char *path, const char *doing, uint64_t at,
			  int error)
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
	int error = copy_write(image, target->file, bytes, &at, show_progress);

	return error ? report_failure(target->path, "writing", at, error) : 0;
}

static int verify_image(const struct target *target, int image, uint64_t bytes)
{
	uint64_t at;
	int error = copy_verify(image, target->file, bytes, &at, show_progress);

	if (error < 0)
		return report_failure(target->path, "reading back", at, error);
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

static int confirm_and_write(const struct options *options,
			     const struct target *target, int image,
			     uint64_t bytes)
{
	if ((!target->is_file && confirm(target, options->image)) ||
	    write_image(target, image, bytes))
		return 1;
	return verify_image(target, image, bytes);
}

/* Says what speaks against writing. Returns how much does. */
static int warn_of_doubts(const struct options *options,
			  const struct disk *image, const struct target *target)
{
	struct reason reason;
	int doubts = 0;

	if (doubt_image(image, &reason)) {
		fprintf(stderr, "usbwrite: warning: %s %s\n", options->image,
			reason.text);
		doubts++;
	}
	if (target && doubt_drive(&target->drive, &reason)) {
		fprintf(stderr, "usbwrite: warning: %s %s\n", target->path,
			reason.text);
		doubts++;
	}
	return doubts;
}

/* 0, if nothing speaks against writing, or somebody wants it all the same. */
static int overcome_doubts(const struct options *options,
			   const struct disk *image,
			   const struct target *target)
{
	if (!warn_of_doubts(options, image, target) || options->force)
		return 0;
	return ask_person("Write it all the same? Type yes: ", "yes");
}

static int run(const struct options *options, const struct disk *image)
{
	struct target target;
	int status = 1;

	if (!options->device) {
		warn_of_doubts(options, image, NULL);
		return list_candidates(options, image->size);
	}
	if (target_open(options->device, !options->verify_only, image->size,
			&options->allow, &target))
		return 1;
	if (options->verify_only)
		status = verify_image(&target, image->fd, image->size);
	else if (!overcome_doubts(options, image, &target))
		status = confirm_and_write(options, &target, image->fd,
					   image->size);
	if (close(target.file) && !status)
		return report_failure(target.path, "closing", image->size,
				      -errno);
	return status;
}

static int open_image(const char *path, struct disk *image)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (file < 0 || fstat(file, &status)) {
		fprintf(stderr, "usbwrite: %s: %s; make builds it\n", path,
			strerror(errno));
		return -1;
	}
	if (!S_ISREG(status.st_mode) || !status.st_size) {
		fprintf(stderr, "usbwrite: %s is %s: name a disk image\n", path,
			S_ISREG(status.st_mode) ? "empty" : "no plain file");
		return -1;
	}
	*image = (struct disk){ .size = (uint64_t)status.st_size, .fd = file };
	return 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct disk image;
	int status = options_parse(argc, argv, &options);

	if (status >= 0)
		return status;
	if (open_image(options.image, &image))
		return 1;
	status = run(&options, &image);
	disk_close(&image);
	return status;
}
