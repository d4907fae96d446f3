/*
 * ping.c - sends numbers to pong, and gets each back plus 1, as often as its
 * word says.
 */
#include "user/call.h"
#include "user/print.h"
#include "words.h"

#define ROUNDS 1000

int main(int count, char **words);

int main(int count, char **words)
{
	uint64_t rounds = ROUNDS, value = 0;
	int64_t pong;
	struct call_end end;

	if (count > 1 && number_parse(words[1], NULL, &rounds)) {
		print("usage: ping [ROUNDS]\n");
		return 1;
	}
	pong = call_spawn("pong");
	if (pong < 0) {
		print("ping: %s\n", call_error_text(pong));
		return 1;
	}
	while (value < rounds)
		if (call_send(pong, value) || call_receive(&value) != pong)
			return 1;
	call_kill(pong);
	call_wait(pong, &end);
	print("%lu answers from pong\n", value);
	return 0;
}
