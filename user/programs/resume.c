/*
 * resume.c - does it go on where it was? Behind a call; at an instruction whose
 * page was absent, which is executed once; and wherever it was interrupted.
 */
#include "user/call.h"
#include "user/print.h"

#define PAGE_BYTES 4096
#define LOOPS 3000000 /* long enough to be interrupted */

int main(void);

/* Instructions of different lengths behind a call: 1 + 2 + 4 + 8, each once. */
static uint64_t sum_behind_call(void)
{
	uint64_t sum = 0;

	__asm__ volatile("int %2\n\t"
			 "incb %b0\n\t"
			 "addb $2, %b0\n\t"
			 "addl $4, %k0\n\t"
			 "addq $8, %0"
			 : "+b"(sum)
			 : "a"(CALL_YIELD), "i"(CALL_VECTOR)
			 : "memory", "cc");
	return sum;
}

/* The same about an instruction that adds to a page that is absent. */
static uint64_t sum_about_fault(void)
{
	int64_t page = call_map(PAGE_BYTES);
	uint64_t sum = 0;

	__asm__ volatile("incb %b0\n\t"
			 "addb $2, (%1)\n\t"
			 "addl $4, %k0\n\t"
			 "addq $8, %0"
			 : "+b"(sum)
			 : "r"(page)
			 : "memory", "cc");
	sum += *(volatile uint8_t *)page;
	call_unmap(page);
	return sum;
}

/* Two that are counted in turn are as many at the end. */
static int counts_alike(void)
{
	uint64_t first = 0, second = 0, loops = LOOPS;

	__asm__ volatile("1: incq %0\n\t"
			 "addq $1, %1\n\t"
			 "decq %2\n\t"
			 "jnz 1b"
			 : "+r"(first), "+r"(second), "+r"(loops)
			 :
			 : "cc");
	return first == LOOPS && second == LOOPS;
}

int main(void)
{
	if (sum_behind_call() != 15)
		print("it went on elsewhere behind a call\n");
	else if (sum_about_fault() != 15)
		print("it went on elsewhere after a page fault\n");
	else if (!counts_alike())
		print("it went on elsewhere after an interrupt\n");
	else
		return 0;
	return 1;
}
