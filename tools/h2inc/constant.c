/*
 * constant.c - values that C and NASM read alike.
 *
 * C computes in the type of the operands, mostly 32 bits with a sign; NASM in
 * 64 bits, without a sign where it divides and shifts right. So there are no
 * negative numbers here, and what + - * << give must fit into C's int: then
 * both have the same exact result. Bits of | and & are the same in any type.
 */
#include <ctype.h>
#include <string.h>

#include "h2inc.h"

#define CONSTANTS_MAX 512
#define NAME_SIZE 64

static struct constant {
	char name[NAME_SIZE];
	bool is_number; /* else a string, or nothing */
	uint64_t number;
} constants[CONSTANTS_MAX];
static size_t constant_count;

static const struct constant *find(const char *name, size_t length)
{
	for (size_t i = 0; i < constant_count; i++)
		if (strlen(constants[i].name) == length &&
		    !memcmp(constants[i].name, name, length))
			return &constants[i];
	return NULL;
}

bool constant_known(const char *name)
{
	return find(name, strlen(name)) != NULL;
}

/* From the weakest operator to the strongest; C's order is NASM's. */
static const char *const operators[] = { "|", "&", "<<", "+-", "*" };
#define LEVELS (sizeof(operators) / sizeof(operators[0]))

static uint64_t expression(const char **at, size_t level);

static void skip_blanks(const char **at)
{
	*at += strspn(*at, " \t");
}

static uint64_t decimal(const char **at)
{
	const char *start = *at;
	uint64_t number = 0;

	if (start[0] == '0' && isdigit((unsigned char)start[1]))
		die("octal to C, decimal to NASM", start);
	for (; isdigit((unsigned char)**at); ++*at) {
		uint64_t digit = (uint64_t)(**at - '0');

		if (number > (INT64_MAX - digit) / 10)
			die("a number of more than 63 bits", start);
		number = number * 10 + digit;
	}
	return number;
}

static uint64_t hexadecimal(const char **at)
{
	static const char digits[] = "0123456789abcdef";
	const char *start = *at;
	uint64_t number = 0;

	*at += 2;
	for (; isxdigit((unsigned char)**at); ++*at) {
		const char *digit = strchr(digits, tolower(**at));

		if (number >> 60)
			die("a number of more than 64 bits", start);
		number = number << 4 | (uint64_t)(digit - digits);
	}
	if (*at == start + 2)
		die("0x without a digit", start);
	return number;
}

static uint64_t literal(const char **at)
{
	const char *start = *at;
	bool is_hex = start[0] == '0' && start[1] == 'x';
	uint64_t number = is_hex ? hexadecimal(at) : decimal(at);
	char last = (*at)[-1];

	if (isalnum((unsigned char)**at) || **at == '_' || **at == '.')
		die("a number with a suffix, or no number", start);
	/* 0xE+1 is one token to C, and no number */
	if ((last == 'e' || last == 'E') && (**at == '+' || **at == '-'))
		die("to C one token: put a blank before the sign", start);
	return number;
}

static uint64_t operand(const char **at)
{
	const char *start;
	const struct constant *constant;
	uint64_t number;

	skip_blanks(at);
	start = *at;
	if (isdigit((unsigned char)*start))
		return literal(at);
	if (*start == '(') {
		++*at;
		number = expression(at, 0);
		if (**at != ')')
			die("no ) where one is wanted", start);
		++*at;
		return number;
	}
	while (isalnum((unsigned char)**at) || **at == '_')
		++*at;
	if (*at == start)
		die("a value that NASM might read otherwise", start);
	constant = find(start, (size_t)(*at - start));
	if (!constant)
		die("a name that is not defined above in this header", start);
	if (!constant->is_number)
		die("no number", start);
	return constant->number;
}

/* Dies where the exact result is not what C's int can hold. */
static uint64_t compute(uint64_t a, char operator, uint64_t b, const char *text)
{
	uint64_t result = 0;
	bool wrong = false;

	switch (operator) {
	case '|':
		return a | b;
	case '&':
		return a & b;
	case '+':
		wrong = __builtin_add_overflow(a, b, &result);
		break;
	case '-':
		wrong = __builtin_sub_overflow(a, b, &result);
		break;
	case '*':
		wrong = __builtin_mul_overflow(a, b, &result);
		break;
	case '<':
		wrong = b > 31 || a > INT32_MAX;
		result = wrong ? 0 : a << b;
		break;
	}
	if (wrong || result > INT32_MAX)
		die("does not fit into C's int, where NASM has 64 bits", text);
	return result;
}

/* Operators of `level` and of all stronger ones, left to right. */
static uint64_t expression(const char **at, size_t level)
{
	const char *start = *at;
	uint64_t number;

	if (level == LEVELS)
		return operand(at);
	number = expression(at, level + 1);
	for (;;) {
		const char *names = operators[level];
		char operator;

		skip_blanks(at);
		operator= ** at;
		if (!operator|| !strchr(names, operator) ||
		    (operator== '<' &&(*at)[1] != '<'))
			return number;
		*at += operator== '<' ? 2 : 1;
		number = compute(number, operator, expression(at, level + 1),
				 start);
	}
}

static bool is_printable(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return !*text;
}

/* One string: C would join two. \ means something to C only, `{...}` may to
 * NASM. */
static void check_string(const char *value)
{
	size_t length = strlen(value);

	if (length < 2 || strchr(value + 1, '"') != value + length - 1 ||
	    strpbrk(value, "\\`{") || !is_printable(value))
		die("a string that NASM might read otherwise", value);
}

static void check_character(const char *value)
{
	if (strlen(value) != 3 || value[2] != '\'' || value[1] == '\\' ||
	    !is_printable(value))
		die("a character that NASM might read otherwise", value);
}

/* C's own names start with '_', NASM's registers and directives may be in
 * small letters. */
static void check_name(const char *name)
{
	if (name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] ||
	    name[0] < 'A' || name[0] > 'Z')
		die("a name is in capitals", name);
	if (strlen(name) >= NAME_SIZE || constant_count == CONSTANTS_MAX)
		die("more or longer names than there is room for", name);
	if (constant_known(name))
		die("defined twice", name);
}

void constant_add(const char *name, const char *value)
{
	struct constant *constant = &constants[constant_count];
	const char *at = value;

	check_name(name);
	constant->is_number = *value && *value != '"';
	if (value[0] == '"') {
		check_string(value);
	} else if (value[0] == '\'') {
		check_character(value);
		constant->number = (unsigned char)value[1];
	} else if (*value) {
		constant->number = expression(&at, 0);
		if (*at)
			die("a value that NASM might read otherwise", at);
	}
	strcpy(constant->name, name);
	constant_count++;
}
