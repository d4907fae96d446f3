/*
 * pong.c - sends back each number that it gets, plus 1, for ever.
 */
#include "user/call.h"

int main(void);

int main(void)
{
	uint64_t value;
	int64_t from;

	while ((from = call_receive(&value)) > 0)
		call_send(from, value + 1);
	return 1;
}
