/*
 * line_history.c - the last lines that were entered.
 */
#include "line_history.h"

#include "string.h"

void line_history_add(struct line_history *history, const char *line)
{
	const char *newest = line_history_get(history, 1);
	size_t length = strnlen(line, LINE_MAX);
	char *to = history->lines[history->added % LINE_HISTORY];

	if (!length || (newest && strcmp(newest, line) == 0))
		return;
	memcpy(to, line, length);
	to[length] = '\0';
	history->added++;
}

const char *line_history_get(const struct line_history *history, size_t back)
{
	if (back == 0 || back > history->added || back > LINE_HISTORY)
		return NULL;
	return history->lines[(history->added - back) % LINE_HISTORY];
}
