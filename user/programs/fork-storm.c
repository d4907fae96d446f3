/*
 * fork-storm.c - starts itself again and again, as do all that it has started.
 */
#include "user/call.h"

int main(void);

int main(void)
{
	for (;;)
		if (call_spawn("fork-storm") < 0)
			call_yield();
}
