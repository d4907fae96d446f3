/*
 * fake_msr.h - model-specific registers for kernel/cpu/ on the host.
 *
 *	msr_put(0x179, 6);
 *	machine_check_start(signature);
 *	assert_int_equal(msr_get(0x401), 0);
 *
 * A register exists once it was put; others refuse as a #GP would.
 */
#ifndef TESTS_FAKE_MSR_H
#define TESTS_FAKE_MSR_H

#include <assert.h>

#include "kernel/cpu/probe.h"

#define FAKE_MSRS 64

static struct fake_msr {
	uint32_t number;
	uint64_t value;
	unsigned int writes;
} msrs[FAKE_MSRS];
static size_t msr_count;
static unsigned int refused_writes;

static struct fake_msr *msr_find(uint32_t number)
{
	for (size_t i = 0; i < msr_count; i++)
		if (msrs[i].number == number)
			return &msrs[i];
	return NULL;
}

static inline void msr_put(uint32_t number, uint64_t value)
{
	assert(msr_count < FAKE_MSRS && !msr_find(number));
	msrs[msr_count++] = (struct fake_msr){ number, value, 0 };
}

static inline uint64_t msr_get(uint32_t number)
{
	return msr_find(number)->value;
}

/* How often the code under test wrote it. */
static inline unsigned int msr_writes(uint32_t number)
{
	return msr_find(number)->writes;
}

/* How often it wrote one that does not exist, since the program began. */
static inline unsigned int msr_refused_writes(void)
{
	return refused_writes;
}

bool probe_read_msr(uint32_t number, uint64_t *value)
{
	struct fake_msr *msr = msr_find(number);

	if (msr)
		*value = msr->value;
	return msr;
}

bool probe_write_msr(uint32_t number, uint64_t value)
{
	struct fake_msr *msr = msr_find(number);

	if (msr) {
		msr->value = value;
		msr->writes++;
	} else
		refused_writes++;
	return msr;
}

#endif
