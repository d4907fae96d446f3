#include "kernel/monitor/table.h"

#include "format.h"
#include "string.h"

extern const struct command *const commands_start[], *const commands_end[];

const struct command *table_get(size_t n)
{
	if (n >= (size_t)(commands_end - commands_start))
		return NULL;
	return commands_start[n];
}

static bool means(const char *word, const struct command *command)
{
	size_t length = strlen(command->name);

	return strncmp(word, command->name, length) == 0 &&
	       (word[length] == '\0' ||
		(command->counted && word[length] == '/'));
}

const struct command *table_find(const char *word)
{
	const struct command *command;

	for (size_t n = 0; (command = table_get(n)); n++)
		if (means(word, command))
			return command;
	return NULL;
}

void table_usage(const struct command *command, char *usage)
{
	const char *arguments = command->arguments ? command->arguments : "";
	const char *between = *arguments && *arguments != '/' ? " " : "";

	ksnprintf(usage, TABLE_USAGE_MAX, "%s%s%s", command->name, between,
		  arguments);
}
