/*
 * measure.c - what the kernel's services cost, in TSC ticks: a call that does
 * nothing, a page that comes by a fault, a program from its start to its end.
 * For make bench; a tick is an instruction there.
 */
#include "user/call.h"
#include "user/print.h"
#include "x86/tsc.h"

#define CALLS 1000
#define PAGES 256
#define PAGE_BYTES 4096
#define PROGRAMS 20

int main(void);

static uint64_t time_calls(void)
{
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++)
		call_getpid();
	return (tsc_read() - start) / CALLS;
}

static uint64_t time_pages(void)
{
	int64_t at = call_map(PAGES * PAGE_BYTES);
	uint64_t start = tsc_read();

	for (int i = 0; i < PAGES; i++)
		((volatile char *)at)[i * PAGE_BYTES] = 1;
	start = tsc_read() - start;
	call_unmap(at);
	return start / PAGES;
}

static uint64_t time_programs(void)
{
	struct call_end end;
	uint64_t start;

	call_wait(call_spawn("hello"), &end);
	start = tsc_read();
	for (int i = 0; i < PROGRAMS; i++)
		call_wait(call_spawn("hello"), &end);
	return (tsc_read() - start) / PROGRAMS;
}

int main(void)
{
	print("bench: call %lu\n", time_calls());
	print("bench: fault %lu\n", time_pages());
	print("bench: program %lu\n", time_programs());
	return 0;
}
