/*
 * format_soak.c - many random formats, ours beside the host libc's.
 *
 *	format_soak [COUNT [JOBS [SEED]]]
 *
 * JOBS processes share the work. The result is one line, "ok ..." or
 * "not ok ...", and the exit status.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format_diff.h"

#define JOBS_MAX 256

/* Each job's seed is its own; the first's is the one given. */
static pid_t start(uint64_t seed, uint64_t count)
{
	pid_t child = fork();

	if (child == 0)
		_exit(format_diff(seed, count) != 0);
	return child;
}

static int all_succeeded(unsigned int jobs)
{
	int succeeded = 1;

	while (jobs--) {
		int status;

		if (wait(&status) < 0 || status != 0)
			succeeded = 0;
	}
	return succeeded;
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : 1000000;
	unsigned int jobs = argc > 2 ? (unsigned int)atoi(argv[2]) : 1;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	int succeeded;

	if (jobs < 1 || jobs > JOBS_MAX)
		jobs = 1;
	fflush(stdout);
	for (unsigned int job = 0; job < jobs; job++) {
		uint64_t share = count / jobs + (job < count % jobs);

		if (start(seed + job * UINT64_C(0x123456789), share) < 0) {
			perror("format_soak: fork");
			return 1;
		}
	}
	succeeded = all_succeeded(jobs);
	printf("%s format_soak: %" PRIu64 " random formats equal libc's, "
	       "seed %" PRIu64 "\n",
	       succeeded ? "ok" : "not ok", count, seed);
	return !succeeded;
}
