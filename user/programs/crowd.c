/*
 * crowd.c - starts so many programs as its words say and waits for all of them:
 * "crowd 200 hello" is 200 times hello, "crowd 4 primes 1000" 4 times primes
 * with its word.
 */
#include "user/call.h"
#include "user/print.h"
#include "words.h"

#define MOST 250

int main(int count, char **words);

/* The words, a blank between them; what is too long is refused by the call. */
static void join(char *line, int count, char **words)
{
	char *end = line + CALL_LINE_MAX + 1;

	for (int i = 0; i < count; i++) {
		for (const char *from = words[i]; *from && line < end;)
			*line++ = *from++;
		if (line < end)
			*line++ = i + 1 < count ? ' ' : '\0';
	}
}

int main(int count, char **words)
{
	char line[CALL_LINE_MAX + 1];
	static int64_t numbers[MOST];
	uint64_t wanted, started = 0, failed = 0;
	struct call_end end;

	if (count < 3 || number_parse(words[1], NULL, &wanted) ||
	    wanted > MOST) {
		print("usage: crowd NUMBER PROGRAM [WORD...]\n");
		return 1;
	}
	join(line, count - 2, words + 2);
	while (started < wanted) {
		numbers[started] = call_spawn(line);
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
