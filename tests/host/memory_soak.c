/*
 * memory_soak.c - many random operations on frames, heap and ranges, each
 * beside a model of it (memory_model.h).
 *
 *	memory_soak [COUNT [JOBS [SEED]]]
 *
 * COUNT operations each on frames, on the heap, and on ranges; JOBS processes
 * share the work. The result is one line for each, "ok ..." or "not ok ...",
 * and the exit status.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory_model.h"

#define JOBS_MAX 256

static const struct {
	const char *name;
	int (*run)(uint64_t seed, uint64_t count);
} models[] = {
	{ "frames", model_frames },
	{ "heap", model_heap },
	{ "ranges", model_ranges },
};

static uint64_t count = 1000000, seed = 1;
static unsigned int jobs = 1;

/* Each job's seed is its own; the first's is the one given. */
static void start(int (*run)(uint64_t, uint64_t), unsigned int job)
{
	uint64_t share = count / jobs + (job < count % jobs);
	pid_t child = fork();

	if (child == 0)
		_exit(!run(seed + job * UINT64_C(0x123456789), share));
	if (child < 0) {
		perror("memory_soak: fork");
		exit(1);
	}
}

static int all_succeeded(void)
{
	int succeeded = 1;

	for (unsigned int job = 0; job < jobs; job++) {
		int status;

		if (wait(&status) < 0 || status != 0)
			succeeded = 0;
	}
	return succeeded;
}

int main(int argc, char **argv)
{
	int failures = 0;

	if (argc > 1)
		count = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		jobs = (unsigned int)atoi(argv[2]);
	if (argc > 3)
		seed = strtoull(argv[3], NULL, 0);
	if (jobs < 1 || jobs > JOBS_MAX)
		jobs = 1;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		int succeeded;

		fflush(stdout);
		for (unsigned int job = 0; job < jobs; job++)
			start(models[i].run, job);
		succeeded = all_succeeded();
		failures += !succeeded;
		printf("%s memory_soak: %" PRIu64 " random operations on %s "
		       "equal the model's, seed %" PRIu64 "\n",
		       succeeded ? "ok" : "not ok", count, models[i].name,
		       seed);
	}
	return failures != 0;
}
