/*
 * bench_process.c - what programs cost: user/programs/measure.c says it.
 */
#include "kernel/bench/bench.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/process/process.h"

void bench_process(void)
{
	struct call_end end;
	uint32_t number;
	int64_t error;

	cpu_interrupts_on();
	error = process_start("measure", true, &number);
	if (error)
		kprintf("bench: measure: %s\n", call_error_text(error));
	else
		process_wait(number, &end);
	cpu_interrupts_off();
}
