/*
 * leave.c - starts the program that its words name, and ends before that does.
 */
#include "user/call.h"
#include "user/print.h"

int main(int count, char **words);

int main(int count, char **words)
{
	int64_t number;

	if (count < 2) {
		print("usage: leave PROGRAM\n");
		return 1;
	}
	number = call_spawn(words[1]);
	if (number < 0) {
		print("%s: %s\n", words[1], call_error_text(number));
		return 1;
	}
	call_sleep(100 * 1000 * 1000); /* it waits for a key by then */
	return 0;
}
