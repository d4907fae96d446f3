/*
 * crowd.c - starts so many programs as its words say and waits for all of them:
 * "crowd 200 hello" is 200 times hello.
 */
#include "user/call.h"
#include "user/print.h"
#include "words.h"

#define MOST 250

int main(int count, char **words);

int main(int count, char **words)
{
	static int64_t numbers[MOST];
	uint64_t wanted, started = 0, failed = 0;
	struct call_end end;

	if (count < 3 || number_parse(words[1], NULL, &wanted) ||
	    wanted > MOST) {
		print("usage: crowd NUMBER PROGRAM\n");
		return 1;
	}
	while (started < wanted) {
		numbers[started] = call_spawn(words[2]);
		if (numbers[started] < 0) {
			print("%s: %s\n", words[2],
			      call_error_text(numbers[started]));
			break;
		}
		started++;
	}
	for (uint64_t i = 0; i < started; i++)
		if (call_wait(numbers[i], &end) || end.how != CALL_EXITED ||
		    end.code)
			failed++;
	print("%lu ended, %lu of them badly\n", started, failed);
	return failed ? 1 : 0;
}
