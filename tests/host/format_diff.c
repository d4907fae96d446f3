/*
 * format_diff.c - random formats for ours and the host libc's snprintf().
 */
#include "format_diff.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "random.h"

#define ARGUMENTS 16 /* slots filled; three conversions take at most 9 */
#define FORMAT_MAX 256 /* bytes */
#define TEXT_MAX 4096 /* bytes */
#define CANARY 0x5A

/* One call. Every integer and pointer argument takes a whole 64-bit slot in
 * the x86-64 ABI, so slots stand for arguments of all those types; what lies
 * above an int is garbage on purpose. */
struct call {
	struct random rng;
	char format[FORMAT_MAX];
	char *at;
	uint64_t slots[ARGUMENTS];
	unsigned int used;
	char strings[3][48];
	unsigned int strings_used;
};

static bool one_in(struct call *call, uint32_t n)
{
	return random_below(&call->rng, n) == 0;
}

static void add(struct call *call, const char *text)
{
	while (*text)
		*call->at++ = *text++;
}

static void add_number(struct call *call, uint32_t number)
{
	call->at += sprintf(call->at, "%u", number);
}

static void add_literal(struct call *call)
{
	static const char letters[] = "abc def-=[](){}<>:;,.%\x80\xFF\n\t\x01";
	uint32_t length = one_in(call, 3) ? 0 : random_below(&call->rng, 20);

	while (length--) {
		char c = letters[random_below(&call->rng, sizeof(letters) - 1)];

		add(call, (char[]){ c, c == '%' ? c : '\0', '\0' });
	}
}

/* A field width or precision: mostly small, now and then large. */
static uint32_t random_size(struct call *call)
{
	return random_below(&call->rng, one_in(call, 16) ? 300 : 30);
}

static void add_flags(struct call *call, const char *flags)
{
	while (one_in(call, 2)) {
		uint32_t which =
			random_below(&call->rng, (uint32_t)strlen(flags));

		*call->at++ = flags[which];
	}
}

static void add_star(struct call *call, bool may_be_negative)
{
	int size = (int)random_size(call);

	if (may_be_negative && one_in(call, 4))
		size = -size;
	add(call, "*");
	call->slots[call->used++] = (uint64_t)(uint32_t)size |
				    random_next(&call->rng) << 32;
}

static void add_width(struct call *call)
{
	switch (random_below(&call->rng, 4)) {
	case 0:
		add_star(call, true);
		break;
	case 1:
	case 2:
		if (call->at[-1] != '%') /* or "%0" would be a flag */
			break;
		add_number(call, 1 + random_size(call));
		break;
	default:
		break;
	}
}

static void add_precision(struct call *call)
{
	if (!one_in(call, 3))
		return;
	add(call, ".");
	if (one_in(call, 3))
		add_star(call, true);
	else if (!one_in(call, 6))
		add_number(call, random_size(call));
}

/* Values where formatters go wrong: around powers of two and ten. */
static uint64_t random_value(struct call *call)
{
	uint64_t ten = 1;

	switch (random_below(&call->rng, 4)) {
	case 0:
		return random_below(&call->rng, 20);
	case 1:
		for (uint32_t n = random_below(&call->rng, 20); n; n--)
			ten *= 10;
		return (ten + random_below(&call->rng, 3) - 1) *
		       (one_in(call, 2) ? 1 : UINT64_MAX);
	case 2:
		return (1ull << random_below(&call->rng, 64)) +
		       random_below(&call->rng, 3) - 1;
	default:
		return random_magnitude(&call->rng) *
		       (one_in(call, 2) ? 1 : UINT64_MAX);
	}
}

static void add_integer(struct call *call)
{
	static const char *const lengths[] = { "",   "",  "hh", "h", "l",
					       "ll", "z", "j",	"t" };
	static const char letters[] = "diuxXob";
	char letter = letters[random_below(&call->rng, sizeof(letters) - 1)];

	add_flags(call, "-+ 0#");
	add_width(call);
	add_precision(call);
	add(call, lengths[random_below(&call->rng, 9)]);
	*call->at++ = letter;
	call->slots[call->used++] = random_value(call);
}

static void add_string(struct call *call)
{
	char *string = call->strings[call->strings_used++];
	uint32_t length = random_below(&call->rng, sizeof(call->strings[0]));

	for (uint32_t i = 0; i < length; i++)
		string[i] = (char)(1 + random_below(&call->rng, 255));
	string[length] = '\0';
	add_flags(call, "-");
	add_width(call);
	add_precision(call);
	add(call, "s");
	call->slots[call->used++] = (uintptr_t)string;
}

static void add_pointer_or_char(struct call *call)
{
	bool pointer = one_in(call, 2);

	add_flags(call, "-");
	add_width(call);
	add(call, pointer ? "p" : "c");
	call->slots[call->used++] = random_value(call);
}

static void make_call(struct call *call)
{
	uint32_t conversions = 1 + random_below(&call->rng, 3);

	call->at = call->format;
	call->used = 0;
	call->strings_used = 0;
	add_literal(call);
	while (conversions--) {
		add(call, "%");
		switch (random_below(&call->rng, 8)) {
		case 0:
		case 1:
			add_string(call);
			break;
		case 2:
			add_pointer_or_char(call);
			break;
		default:
			add_integer(call);
			break;
		}
		add_literal(call);
	}
	*call->at = '\0';
}

typedef int snprintf_function(char *buffer, size_t size, const char *format,
			      ...);

static int run(snprintf_function *function, const struct call *call,
	       char *buffer, size_t size)
{
	const uint64_t *s = call->slots;

	return function(buffer, size, call->format, s[0], s[1], s[2], s[3],
			s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12],
			s[13], s[14], s[15]);
}

/* Nothing written beyond `size`, or beyond the text and its NUL. */
static bool stayed_inside(const char *buffer, size_t size, int length)
{
	size_t from = (size_t)length < size ? (size_t)length + 1 : size;

	for (size_t i = from; i < from + 16; i++)
		if (buffer[i] != CANARY)
			return false;
	return true;
}

static bool compare(struct call *call)
{
	static __thread char ours[TEXT_MAX], libcs[TEXT_MAX];
	size_t size = one_in(call, 2) ? TEXT_MAX - 16 :
					random_below(&call->rng, 64);
	int length, expected;
	bool same;

	expected = run(snprintf, call, libcs, size);
	if (expected < 0 || expected > TEXT_MAX - 64)
		expected = 0;
	memset(ours, CANARY, (size_t)expected + 64);
	length = run(ksnprintf, call, ours, size);
	same = length == expected && stayed_inside(ours, size, length) &&
	       (!size || !strcmp(ours, libcs));
	if (!same)
		fprintf(stderr,
			"\"%s\" into %zu bytes:\n  libc %d \"%.*s\"\n"
			"  ours %d \"%.*s\"\n",
			call->format, size, expected, (int)size, libcs, length,
			(int)size, ours);
	return same;
}

uint64_t format_diff(uint64_t seed, uint64_t count)
{
	struct call call = { .rng = { seed } };
	uint64_t differences = 0;

	while (count-- && differences < 10) {
		for (unsigned int i = 0; i < ARGUMENTS; i++)
			call.slots[i] = random_next(&call.rng);
		make_call(&call);
		differences += !compare(&call);
	}
	return differences;
}
