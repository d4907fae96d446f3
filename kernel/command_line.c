#include "kernel/command_line.h"

#include <stddef.h>

#include "boot/image.h"
#include "string.h"

/* Words, each with its NUL; an empty one ends the list. */
static char words[CMDLINE_MAX + 2];

void command_line_set(const char *text)
{
	char *to = words;
	bool in_word = false;

	for (size_t i = 0; i < CMDLINE_MAX && text[i]; i++) {
		bool blank = text[i] == ' ' || text[i] == '\t';

		if (!blank)
			*to++ = text[i];
		else if (in_word)
			*to++ = '\0';
		in_word = !blank;
	}
	memset(to, 0, (size_t)(words + sizeof(words) - to));
}

static const char *next_word(const char *word)
{
	return word + strlen(word) + 1;
}

bool command_line_has(const char *name)
{
	for (const char *word = words; *word; word = next_word(word))
		if (strcmp(word, name) == 0)
			return true;
	return false;
}

const char *command_line_value(const char *name)
{
	size_t length = strlen(name);

	for (const char *word = words; *word; word = next_word(word))
		if (strncmp(word, name, length) == 0 && word[length] == '=')
			return word + length + 1;
	return NULL;
}

bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list) {
		if (strncmp(list, name, length) == 0 &&
		    (list[length] == ',' || list[length] == '\0'))
			return true;
		list = strchr(list, ',');
		if (list)
			list++;
	}
	return false;
}
