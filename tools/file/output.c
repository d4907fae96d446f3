/*
 * output.c - write files that are complete or not there at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

/* A file under way. The paths are static because a signal may need them. */
struct output {
	char target[PATH_MAX];
	char temporary[PATH_MAX];
	int fd; /* -1 once finished */
	uint64_t size; /* written so far */
	mode_t mode;
};

static struct output outputs[OUTPUTS_MAX];
static volatile sig_atomic_t output_count;

static const int ending_signals[] = { SIGHUP, SIGINT, SIGTERM };
#define ENDING_SIGNALS (sizeof(ending_signals) / sizeof(ending_signals[0]))

static void end_by_signal(int number)
{
	for (int i = 0; i < output_count; i++)
		unlink(outputs[i].temporary);
	signal(number, SIG_DFL);
	raise(number);
}

/* Signals wait between block and restore. */
static void block_signals(sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		sigaddset(&set, ending_signals[i]);
	sigprocmask(SIG_BLOCK, &set, old);
}

static void restore_signals(const sigset_t *old)
{
	sigprocmask(SIG_SETMASK, old, NULL);
}

static void catch_signals(void)
{
	struct sigaction old;

	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		if (!sigaction(ending_signals[i], NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			signal(ending_signals[i], end_by_signal);
	/* a file size limit is then an error of write() like any other */
	signal(SIGXFSZ, SIG_IGN);
}

/* What is at `path` now may be replaced? Takes over its mode. */
static int check_target(const char *path, struct output *output,
			struct reason *reason)
{
	struct stat info;
	mode_t mask = umask(0);

	umask(mask);
	output->mode = 0666 & ~mask;
	if (stat(path, &info)) {
		if (errno == ENOENT && !lstat(path, &info))
			return refuse(reason,
				      "%s is a symbolic link to nothing: "
				      "remove it",
				      path);
		return 0; /* if it isn't just missing, creating will tell */
	}
	if (S_ISDIR(info.st_mode))
		return refuse(reason, "%s is a directory: name a file in it",
			      path);
	if (S_ISBLK(info.st_mode) || S_ISCHR(info.st_mode))
		return refuse(reason,
			      "%s is a device: write a file, then use 'make "
			      "usb DEV=%s' or 'dd if=FILE of=%s bs=4M'",
			      path, path, path);
	if (!S_ISREG(info.st_mode))
		return refuse(reason, "%s is no regular file: name another",
			      path);
	if (access(path, W_OK))
		return refuse(reason,
			      "can't write %s: %s: name another file or "
			      "'chmod u+w %s'",
			      path, strerror(errno), path);
	output->mode = info.st_mode & 0777;
	return 0;
}

/* Names the target, through symbolic links, and a temporary beside it. */
static int name_files(const char *path, struct output *output,
		      struct reason *reason)
{
	char real[PATH_MAX];
	const char *slash;
	int length;

	if (realpath(path, real))
		path = real;
	slash = strrchr(path, '/');
	length = snprintf(output->temporary, sizeof(output->temporary),
			  "%.*s.mkimage-XXXXXX",
			  slash ? (int)(slash - path + 1) : 0, path);
	if (length < 0 || (size_t)length >= sizeof(output->temporary) ||
	    strlen(path) >= sizeof(output->target))
		return refuse(reason,
			      "the name %.60s... is too long: use a "
			      "shorter one",
			      path);
	strcpy(output->target, path);
	return 0;
}

int output_start(const char *path, struct reason *reason)
{
	struct output *output = &outputs[output_count];
	sigset_t old;
	int error;

	if (output_count == OUTPUTS_MAX)
		return refuse(reason, "more than %d files at once",
			      OUTPUTS_MAX);
	memset(output, 0, sizeof(*output));
	if (check_target(path, output, reason) ||
	    name_files(path, output, reason))
		return -1;
	catch_signals();
	block_signals(&old);
	output->fd = mkstemp(output->temporary);
	error = errno;
	if (output->fd >= 0)
		output_count++;
	restore_signals(&old);
	if (output->fd < 0)
		return refuse(reason,
			      "can't create a file beside %s: %s: check that "
			      "its directory is there and writable",
			      path, strerror(error));
	return 0;
}

static struct output *current(void)
{
	return &outputs[output_count - 1];
}

static int refuse_write(const struct output *output, int error,
			struct reason *reason)
{
	const char *remedy = "try another disk";

	if (error == ENOSPC || error == EDQUOT)
		remedy = "make room on the disk";
	else if (error == EFBIG)
		remedy = "raise the limit (ulimit -f) or use another disk";
	return refuse(reason, "can't write %s, after %" PRIu64 " bytes: %s: %s",
		      output->target, output->size, strerror(error), remedy);
}

int output_write(struct bytes bytes, uint64_t size, struct reason *reason)
{
	struct output *output = current();
	uint64_t end = output->size + size;
	size_t at = 0;

	while (at < bytes.size) {
		ssize_t done =
			write(output->fd, bytes.data + at, bytes.size - at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return refuse_write(output, errno, reason);
		at += (size_t)done;
		output->size += (uint64_t)done;
	}
	if (output->size < end) {
		if (ftruncate(output->fd, (off_t)end) ||
		    lseek(output->fd, (off_t)end, SEEK_SET) < 0)
			return refuse_write(output, errno, reason);
		output->size = end;
	}
	return 0;
}

int output_finish(struct reason *reason)
{
	struct output *output = current();
	int fd = output->fd;

	/* some file systems can't sync; what counts is that the disk took it */
	if (fchmod(fd, output->mode) ||
	    (fsync(fd) && errno != EINVAL && errno != ENOTSUP))
		return refuse_write(output, errno, reason);
	output->fd = -1;
	if (close(fd))
		return refuse_write(output, errno, reason);
	return 0;
}

int output_commit(struct reason *reason)
{
	for (int i = 0; i < output_count; i++)
		if (rename(outputs[i].temporary, outputs[i].target))
			return refuse(reason, "can't rename %s to %s: %s",
				      outputs[i].temporary, outputs[i].target,
				      strerror(errno));
	output_count = 0;
	return 0;
}

void output_abort(void)
{
	for (int i = 0; i < output_count; i++) {
		if (outputs[i].fd >= 0)
			close(outputs[i].fd);
		unlink(outputs[i].temporary);
	}
	output_count = 0;
}

int output_flush(struct reason *reason)
{
	if (fflush(stdout) || ferror(stdout))
		return refuse(reason, "can't write to standard output: %s",
			      strerror(errno));
	return 0;
}
