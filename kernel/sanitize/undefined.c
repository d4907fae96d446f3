/*
 * undefined.c - undefined behaviour, told in words (make SANITIZE=1).
 *
 * gcc and clang call these handlers with -fsanitize=undefined and without
 * recovery; the structures are those of LLVM's compiler-rt (ubsan_handlers.h,
 * ubsan_value.h). In a kernel that is not sanitized nothing calls them, and the
 * linker leaves them out.
 *
 * This file itself is not sanitized.
 */
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "kernel/panic/panic.h"
#include "kernel/symbols.h"

struct location {
	const char *file;
	uint32_t line, column;
};

#define KIND_INTEGER 0

struct type {
	uint16_t kind;
	uint16_t info; /* integers: bit 0: signed, above: log2 of the bits */
	char name[];   /* with the quotes */
};

/* Values of at most 64 bits are passed as they are, others by address. */
typedef uintptr_t value_t;

#define VALUE_BITS 64
#define VALUE_TEXT 48 /* characters, with the NUL */

/* What the compilers pass, each beginning with the place. */
struct typed {
	struct location location;
	const struct type *type;
};

struct two_types {
	struct location location;
	const struct type *left, *right;
};

struct access {
	struct location location;
	const struct type *type;
	uint8_t log2_alignment;
	uint8_t what;
};

struct argument {
	struct location location, attribute;
	int number;
};

struct builtin {
	struct location location;
	uint8_t kind;
};

/* One line per handler: the names that the compilers give. */
#define HANDLER(name, ...) \
	_Noreturn void __ubsan_handle_##name(__VA_ARGS__); \
	_Noreturn void __ubsan_handle_##name(__VA_ARGS__)

static unsigned int bits_of(const struct type *type)
{
	return 1u << (type->info >> 1);
}

static bool is_negative(const struct type *type, value_t value)
{
	unsigned int bits = bits_of(type);

	return type->kind == KIND_INTEGER && type->info & 1 &&
	       bits <= VALUE_BITS && value >> (bits - 1) & 1;
}

/* The value as the program means it. Returns `text`. */
static const char *print_value(char text[VALUE_TEXT], const struct type *type,
			       value_t value)
{
	unsigned int bits = bits_of(type);

	if (type->kind != KIND_INTEGER || bits > VALUE_BITS)
		ksnprintf(text, VALUE_TEXT, "a value of type %s", type->name);
	else if (is_negative(type, value))
		ksnprintf(text, VALUE_TEXT, "%ld",
			  (int64_t)(value << (VALUE_BITS - bits)) >>
				  (VALUE_BITS - bits));
	else
		ksnprintf(text, VALUE_TEXT, "%lu", (uint64_t)value);
	return text;
}

/* A panic at that place, in the function that the handler returns to. */
#define UNDEFINED(location, format, ...)                                   \
	do {                                                               \
		const struct place place_ =                                \
			place_of((location), __builtin_return_address(0)); \
		panic_at(&place_, "undefined at %s:%u:%u: " format,        \
			 (location)->file, (location)->line,               \
			 (location)->column, __VA_ARGS__);                 \
	} while (0)

static struct place place_of(const struct location *location,
			     const void *caller)
{
	struct symbol symbol = { .function = "?" };

	symbols_find((uint64_t)caller - 1, &symbol);
	return (struct place){ location->file, symbol.function,
			       (int)location->line };
}

/* ---- Arithmetic ---------------------------------------------------------- */

#define OVERFLOW(operation, sign)                                             \
	HANDLER(operation##_overflow_abort, const struct typed *at,           \
		value_t left, value_t right)                                  \
	{                                                                     \
		char a[VALUE_TEXT], b[VALUE_TEXT];                            \
                                                                              \
		UNDEFINED(&at->location, "%s " sign " %s does not fit in %s", \
			  print_value(a, at->type, left),                     \
			  print_value(b, at->type, right), at->type->name);   \
	}

OVERFLOW(add, "+")
OVERFLOW(sub, "-")
OVERFLOW(mul, "*")

HANDLER(negate_overflow_abort, const struct typed *at, value_t value)
{
	char text[VALUE_TEXT];

	UNDEFINED(&at->location, "-(%s) does not fit in %s",
		  print_value(text, at->type, value), at->type->name);
}

HANDLER(divrem_overflow_abort, const struct typed *at, value_t left,
	value_t right)
{
	char a[VALUE_TEXT], b[VALUE_TEXT];

	UNDEFINED(&at->location, "%s / %s: %s", print_value(a, at->type, left),
		  print_value(b, at->type, right),
		  right ? "does not fit" : "division by zero");
}

HANDLER(shift_out_of_bounds_abort, const struct two_types *at, value_t left,
	value_t right)
{
	char a[VALUE_TEXT], b[VALUE_TEXT];

	print_value(a, at->left, left);
	print_value(b, at->right, right);
	if (is_negative(at->right, right) || right >= bits_of(at->left))
		UNDEFINED(&at->location, "%s of %u bits shifted by %s",
			  at->left->name, bits_of(at->left), b);
	else
		UNDEFINED(&at->location, "%s << %s does not fit in %s", a, b,
			  at->left->name);
}

/* ---- Memory -------------------------------------------------------------- */

HANDLER(out_of_bounds_abort, const struct two_types *at, value_t index)
{
	char text[VALUE_TEXT];

	UNDEFINED(&at->location, "index %s is outside of %s",
		  print_value(text, at->right, index), at->left->name);
}

HANDLER(type_mismatch_v1_abort, const struct access *at, value_t pointer)
{
	static const char *const accesses[] = {
		"load of",
		"store to",
		"reference to",
		"member of",
		"call of a member of",
		"constructor of",
		"downcast to",
		"downcast to",
		"upcast to",
		"cast to virtual base",
		"nonnull binding to",
		"dynamic operation on",
	};
	const char *what = at->what < sizeof(accesses) / sizeof(accesses[0]) ?
				   accesses[at->what] :
				   "use of";
	uint64_t alignment = UINT64_C(1) << at->log2_alignment;

	if (!pointer)
		UNDEFINED(&at->location, "%s %s at a null pointer", what,
			  at->type->name);
	else if (pointer & (alignment - 1))
		UNDEFINED(&at->location,
			  "%s %s at %#lx, which is not aligned to %lu bytes",
			  what, at->type->name, (uint64_t)pointer, alignment);
	else
		UNDEFINED(&at->location,
			  "%s %s at %#lx, where there is no room for it", what,
			  at->type->name, (uint64_t)pointer);
}

HANDLER(pointer_overflow_abort, const struct location *location, value_t base,
	value_t result)
{
	UNDEFINED(location,
		  "pointer %#lx moved to %#lx: around the end of "
		  "memory, or from or to null",
		  (uint64_t)base, (uint64_t)result);
}

HANDLER(alignment_assumption_abort, const struct two_types *at, value_t pointer,
	value_t alignment, value_t offset)
{
	UNDEFINED(&at->location, "%#lx was promised to be aligned to %lu bytes",
		  (uint64_t)(pointer - offset), (uint64_t)alignment);
}

HANDLER(nonnull_arg_abort, const struct argument *at)
{
	UNDEFINED(&at->location, "argument %d must not be null", at->number);
}

HANDLER(nonnull_return_v1_abort, const void *attribute,
	const struct location *location)
{
	(void)attribute;
	UNDEFINED(location, "%s", "a null pointer must not be returned");
}

/* ---- The rest ------------------------------------------------------------ */

HANDLER(load_invalid_value_abort, const struct typed *at, value_t value)
{
	char text[VALUE_TEXT];

	UNDEFINED(&at->location, "%s is no value of %s",
		  print_value(text, at->type, value), at->type->name);
}

HANDLER(vla_bound_not_positive_abort, const struct typed *at, value_t bound)
{
	char text[VALUE_TEXT];

	UNDEFINED(&at->location, "an array of %s elements",
		  print_value(text, at->type, bound));
}

HANDLER(invalid_builtin_abort, const struct builtin *at)
{
	UNDEFINED(&at->location, "%s of 0 is not defined",
		  at->kind ? "clz" : "ctz");
}

HANDLER(function_type_mismatch_abort, const struct typed *at, value_t pointer)
{
	UNDEFINED(&at->location, "%#lx is called as %s, which it is not",
		  (uint64_t)pointer, at->type->name);
}

HANDLER(builtin_unreachable, const struct location *location)
{
	UNDEFINED(location, "%s", "a place that cannot be reached was reached");
}

HANDLER(missing_return, const struct location *location)
{
	UNDEFINED(location, "%s", "a function ended without a value");
}
