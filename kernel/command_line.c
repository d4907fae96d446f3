#include "kernel/command_line.h"

#include "boot/image.h"
#include "format.h"
#include "string.h"

static char cmdline[CMDLINE_MAX + 1];
static bool cmdline_was_cut;

/* Words, each with its NUL; an empty one ends the list. */
static char cmdline_words[CMDLINE_MAX + 2];

/* ---- Words --------------------------------------------------------------- */

static bool is_blank(char character)
{
	return character == ' ' || character == '\t';
}

static void split_words(void)
{
	char *to = cmdline_words;
	bool in_word = false;

	for (const char *from = cmdline; *from; from++) {
		if (!is_blank(*from))
			*to++ = *from;
		else if (in_word)
			*to++ = '\0';
		in_word = !is_blank(*from);
	}
	memset(to, 0, (size_t)(cmdline_words + sizeof(cmdline_words) - to));
}

void command_line_set(const char *text)
{
	size_t length = 0;

	for (; length < CMDLINE_MAX && text[length]; length++) {
		bool shows = text[length] >= ' ' && text[length] <= '~';

		cmdline[length] =
			shows || is_blank(text[length]) ? text[length] : '?';
	}
	cmdline[length] = '\0';
	cmdline_was_cut = length == CMDLINE_MAX && text[length];
	split_words();
}

bool command_line_was_cut(void)
{
	return cmdline_was_cut;
}

const char *command_line_text(void)
{
	return cmdline;
}

static const char *next_word(const char *word)
{
	return word + strlen(word) + 1;
}

static size_t name_length(const char *word)
{
	return (size_t)(strchrnul(word, '=') - word);
}

static bool has_name(const char *word, const char *name)
{
	size_t length = name_length(word);

	return strncmp(word, name, length) == 0 && name[length] == '\0';
}

static const char *value_of(const char *word)
{
	const char *end = word + name_length(word);

	return *end ? end + 1 : NULL;
}

bool command_line_find(const char *name, const char **value)
{
	for (const char *word = cmdline_words; *word; word = next_word(word)) {
		if (has_name(word, name)) {
			*value = value_of(word);
			return true;
		}
	}
	return false;
}

bool command_line_has(const char *name)
{
	const char *value;

	return command_line_find(name, &value) && !value;
}

const char *command_line_value(const char *name)
{
	const char *value;

	return command_line_find(name, &value) ? value : NULL;
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

/* ---- The words that rooms obey ------------------------------------------- */

/* link/kernel.ld */
extern const struct command_line_word *const command_line_start[],
	*const command_line_end[];

/* The loader obeys these. */
COMMAND_LINE_WORD(diag,
		  .help = "run the diagnostics first, see docs/diagnostics.md");
COMMAND_LINE_WORD(step, .help = "stop at each of the loader's steps, "
				"see docs/diagnostics.md");

const struct command_line_word *command_line_word(size_t n)
{
	if (n >= (size_t)(command_line_end - command_line_start))
		return NULL;
	return command_line_start[n];
}

/* ---- Errors -------------------------------------------------------------- */

void command_line_usage(const struct command_line_word *word, char *usage)
{
	const char *format = !word->value      ? "%s" :
			     word->needs_value ? "%s=%s" :
						 "%s[=%s]";

	ksnprintf(usage, COMMAND_LINE_USAGE, format, word->name, word->value);
}

/* The entry of the table for a word of the line; NULL: there is none. */
static const struct command_line_word *meant_by(const char *word)
{
	const struct command_line_word *known;

	for (size_t n = 0; (known = command_line_word(n)); n++)
		if (has_name(word, known->name))
			return known;
	return NULL;
}

static bool is_choice(const struct command_line_word *known, const char *value,
		      size_t length)
{
	const char *choice;

	for (size_t n = 0; (choice = known->choice(n)); n++)
		if (strncmp(choice, value, length) == 0 &&
		    (known->beginning || choice[length] == '\0'))
			return true;
	return false;
}

/* Whether each part of the value is allowed; the error names the first part
 * that is not. */
static bool is_value(const struct command_line_word *known, const char *value,
		     struct command_line_error *error)
{
	for (const char *part = value;; part += error->length + 1) {
		error->part = part;
		error->length = known->list ?
					(size_t)(strchrnul(part, ',') - part) :
					strlen(part);
		if (known->takes ? !known->takes(part) :
				   !is_choice(known, part, error->length))
			return false;
		if (!part[error->length])
			return true;
	}
}

/* Returns false if nothing is wrong with the word. */
static bool find_error(const char *word, struct command_line_error *error)
{
	const char *value = value_of(word), *first;

	*error = (struct command_line_error){ word, 0, value, 0, NULL };
	error->meant = meant_by(word);
	if (!error->meant)
		error->wrong = COMMAND_LINE_NO_SUCH_WORD;
	else if (command_line_find(error->meant->name, &first) &&
		 first != value)
		error->wrong = COMMAND_LINE_SAID_BEFORE;
	else if (!value && error->meant->needs_value)
		error->wrong = COMMAND_LINE_NO_VALUE;
	else if (value && !error->meant->value)
		error->wrong = COMMAND_LINE_VALUE;
	else if (value && !is_value(error->meant, value, error))
		error->wrong = COMMAND_LINE_NO_SUCH_VALUE;
	else
		return false;
	return true;
}

static bool stands_before(const char *word)
{
	for (const char *other = cmdline_words; other < word;
	     other = next_word(other))
		if (strcmp(other, word) == 0)
			return true;
	return false;
}

bool command_line_error(size_t n, struct command_line_error *error)
{
	for (const char *word = cmdline_words; *word; word = next_word(word))
		if (!stands_before(word) && find_error(word, error) && n-- == 0)
			return true;
	return false;
}
