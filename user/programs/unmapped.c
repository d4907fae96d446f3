/*
 * unmapped.c - is memory gone once it is given back? It starts itself, with a
 * word: that one gives a page back and reads it, which must be its end.
 */
#include "user/call.h"
#include "user/print.h"

#define PAGE_BYTES 4096

int main(int count, char **words);

static void read_unmapped(void)
{
	int64_t page = call_map(PAGE_BYTES), other = call_map(PAGE_BYTES);

	/* The table of the two stays, for the other one. */
	*(volatile char *)page = *(volatile char *)other = 1;
	call_unmap(page);
	(void)*(volatile char *)page;
}

int main(int count, char **words)
{
	struct call_end end;

	(void)words;
	if (count > 1) {
		read_unmapped();
		return 1;
	}
	if (call_wait(call_spawn("unmapped child"), &end) ||
	    end.how != CALL_FAULTED) {
		print("memory was read that had been given back\n");
		return 1;
	}
	return 0;
}
