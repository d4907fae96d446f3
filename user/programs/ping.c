/*
 * ping.c - sends numbers to pong, and gets each back plus 1.
 */
#include "user/call.h"
#include "user/print.h"

#define ROUNDS 1000

int main(void);

int main(void)
{
	int64_t pong = call_spawn("pong");
	uint64_t value = 0;
	struct call_end end;

	if (pong < 0) {
		print("ping: %s\n", call_error_text(pong));
		return 1;
	}
	for (int i = 0; i < ROUNDS; i++)
		if (call_send(pong, value) || call_receive(&value) != pong)
			return 1;
	call_kill(pong);
	call_wait(pong, &end);
	print("%lu answers from pong\n", value);
	return 0;
}
