/*
 * words.c - words and numbers.
 */
#include "words.h"

/* ---- Words --------------------------------------------------------------- */

size_t words_split(char *line, char **words, size_t max)
{
	size_t count = 0;
	bool in_word = false;

	for (; *line; line++) {
		bool blank = *line == ' ' || *line == '\t';

		if (!blank && !in_word) {
			if (count < max)
				words[count] = line;
			count++;
		}
		if (blank)
			*line = '\0';
		in_word = !blank;
	}
	return count;
}

/* ---- Numbers ------------------------------------------------------------- */

/* 0..35; 36: neither digit nor letter. */
static unsigned int digit_of(char character)
{
	if (character >= '0' && character <= '9')
		return (unsigned int)(character - '0');
	if (character >= 'a' && character <= 'z')
		return (unsigned int)(character - 'a' + 10);
	if (character >= 'A' && character <= 'Z')
		return (unsigned int)(character - 'A' + 10);
	return 36;
}

/* "0x" and "0b" are skipped; the base that they, or nothing, mean. */
static unsigned int base_of(const char **text)
{
	const char *at = *text;

	if (at[0] != '0' ||
	    (at[1] != 'x' && at[1] != 'X' && at[1] != 'b' && at[1] != 'B'))
		return 10;
	*text += 2;
	return at[1] == 'x' || at[1] == 'X' ? 16 : 2;
}

static const char *parse_digits(const char **text, uint64_t *value)
{
	unsigned int base = base_of(text);

	if (digit_of(**text) >= base)
		return "a digit is missing";
	for (*value = 0; digit_of(**text) < base; (*text)++)
		if (__builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, digit_of(**text), value))
			return "the number does not fit in 64 bits";
	return digit_of(**text) < 36 ? "a digit is wrong" : NULL;
}

static bool in_name(char character)
{
	return digit_of(character) < 36 || character == '_' ||
	       character == '$' || character == '.';
}

static const char *parse_name(const char **text, number_lookup *lookup,
			      uint64_t *value)
{
	const char *name = *text;

	while (in_name(**text))
		(*text)++;
	if (*text == name)
		return "a number is missing";
	if (!lookup || !lookup(name, (size_t)(*text - name), value))
		return "the name is not known";
	return NULL;
}

const char *number_parse(const char *text, number_lookup *lookup,
			 uint64_t *value)
{
	char sign = '+';

	for (*value = 0;; sign = *text++) {
		uint64_t term = 0;
		const char *wrong = digit_of(*text) < 10 ?
					    parse_digits(&text, &term) :
					    parse_name(&text, lookup, &term);

		if (wrong)
			return wrong;
		*value = sign == '+' ? *value + term : *value - term;
		if (!*text)
			return NULL;
		if (*text != '+' && *text != '-')
			return "only + and - join numbers";
	}
}
