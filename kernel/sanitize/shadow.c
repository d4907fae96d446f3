/*
 * shadow.c - which bytes of the kernel's image may be touched.
 *
 * gcc and clang write the shadow of stacks by themselves; what they pass and
 * write is described in LLVM's compiler-rt (asan_interface_internal.h,
 * asan_internal.h).
 */
#include "boot/layout.h"
#include "format.h"
#include "kernel/cpu/stack.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/panic/panic.h"
#include "kernel/sanitize/sanitize.h"
#include "kernel/symbols.h"
#include "string.h"

#define UNIT 8 /* bytes that a shadow byte is for */

/* Shadow bytes of what may not be touched. */
#define STACK_LEFT 0xF1
#define STACK_MIDDLE 0xF2
#define STACK_RIGHT 0xF3
#define STACK_SCOPE 0xF8 /* a variable whose block has been left */
#define GLOBAL 0xF9

extern const char kernel_start[], bss_end[]; /* link/kernel.ld */

static uint8_t *shadow_of(uint64_t address)
{
	return (uint8_t *)(address / UNIT + (uint64_t)SHADOW_OFFSET);
}

bool shadow_is_image(uint64_t address)
{
	return address >= (uint64_t)kernel_start && address < (uint64_t)bss_end;
}

bool shadow_covers(uint64_t address)
{
	struct range range;

	if (range_is_address(address))
		return range_find(address, &range) && range.in_use &&
		       address - range.start < range.bytes;
	return shadow_is_image(address);
}

bool sanitize_range(uint64_t start, uint64_t bytes)
{
	uint64_t first = (uint64_t)shadow_of(start) & ~(PAGE_SIZE - 1ULL);
	uint64_t last = (uint64_t)shadow_of(start + bytes - 1);

	/* Once mapped it stays: other ranges have their shadow there, too. */
	for (uint64_t page = first; page <= last; page += PAGE_SIZE) {
		struct paging_walk walk;
		paddr_t frame;

		if (pages_walk(page, &walk))
			continue;
		frame = frame_take_zeroed(FRAME_SHADOW);
		if (!frame || !pages_map(page, frame, PAGES_WRITE))
			return false;
	}
	memset(shadow_of(start), 0, (bytes + UNIT - 1) / UNIT);
	return true;
}

static bool is_good(uint64_t address)
{
	int8_t shadow = (int8_t)*shadow_of(address);

	return shadow == 0 || (int)(address % UNIT) < shadow;
}

uint64_t shadow_find(uint64_t address, size_t bytes)
{
	uint64_t end = address + bytes;

	while (address < end) {
		uint64_t next = (address / UNIT + 1) * UNIT;
		uint64_t last = (next < end ? next : end) - 1;

		if (!is_good(last))
			return is_good(address) ? last : address;
		address = next;
	}
	return 0;
}

/* Whole units; the last one in part. */
static void set_shadow(uint64_t address, size_t bytes, uint8_t value)
{
	memset(shadow_of(address), value, bytes / UNIT);
	if (bytes % UNIT && !value)
		*shadow_of(address + bytes) = bytes % UNIT;
}

/* ---- Variables ----------------------------------------------------------- */

struct asan_location {
	const char *file;
	int32_t line, column;
};

struct asan_global {
	uint64_t start, bytes, bytes_with_red_zone;
	const char *name, *file;
	uint64_t dynamic;
	const struct asan_location *location;
	uint64_t odr;
};

#define UNITS_MAX 256 /* source files */

static struct {
	const struct asan_global *globals;
	size_t count;
} units[UNITS_MAX];
static size_t unit_count;

void __asan_register_globals(const struct asan_global *globals, size_t count);
void __asan_unregister_globals(const struct asan_global *globals, size_t count);

void __asan_register_globals(const struct asan_global *globals, size_t count)
{
	if (unit_count == UNITS_MAX)
		panic("more than %d source files with variables: raise "
		      "UNITS_MAX",
		      UNITS_MAX);
	units[unit_count].globals = globals;
	units[unit_count++].count = count;
	for (size_t i = 0; i < count; i++) {
		set_shadow(globals[i].start, globals[i].bytes_with_red_zone,
			   GLOBAL);
		set_shadow(globals[i].start, globals[i].bytes, 0);
	}
}

/* The kernel does not end; the compiler wants it. */
void __asan_unregister_globals(const struct asan_global *globals, size_t count)
{
	(void)globals;
	(void)count;
}

typedef void constructor(void);
extern constructor *const constructors_start[], *const constructors_end[];

void shadow_start(void)
{
	for (constructor *const *run = constructors_start;
	     run < constructors_end; run++)
		(*run)();
}

/* ---- The stack ----------------------------------------------------------- */

void __asan_poison_stack_memory(uint64_t address, size_t bytes);
void __asan_unpoison_stack_memory(uint64_t address, size_t bytes);

void __asan_poison_stack_memory(uint64_t address, size_t bytes)
{
	set_shadow(address, (bytes + UNIT - 1) / UNIT * UNIT, STACK_SCOPE);
}

void __asan_unpoison_stack_memory(uint64_t address, size_t bytes)
{
	set_shadow(address, bytes, 0);
}

/* clang's way to set many shadow bytes, by their own address. */
#define SET_SHADOW(value)                                                \
	void __asan_set_shadow_##value(uint8_t *shadow, size_t bytes);   \
	void __asan_set_shadow_##value(uint8_t *shadow, size_t bytes)    \
	{                                                                \
		memset(shadow, 0x##value, bytes);                        \
	}

SET_SHADOW(00)
SET_SHADOW(f1)
SET_SHADOW(f2)
SET_SHADOW(f3)
SET_SHADOW(f5)
SET_SHADOW(f8)

/* The stack in which an address lies; NULL: none of ours. */
static const struct stack *stack_of(uint64_t address)
{
	for (const struct stack *stack = stacks; stack < stacks + STACKS;
	     stack++)
		if (address >= (uint64_t)stack->bytes &&
		    address < stack_top(stack))
			return stack;
	return NULL;
}

void shadow_forget_stack(void)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0) & ~(UNIT - 1ULL);
	const struct stack *stack = stack_of(here);
	struct range range;

	if (stack)
		set_shadow(here, stack_top(stack) - here, 0);
	else if (shadow_covers(here) && range_find(here, &range))
		set_shadow(here, range.start + range.bytes - here, 0);
}

void sanitize_leave(uint64_t rsp)
{
	const struct stack *stack = stack_of(rsp);

	if (stack)
		set_shadow((uint64_t)stack->bytes,
			   (rsp & ~(UNIT - 1ULL)) - (uint64_t)stack->bytes, 0);
}

/* ---- Words --------------------------------------------------------------- */

/* "3 bytes behind", from an object that starts there. */
static void name_distance(uint64_t address, uint64_t start, uint64_t bytes,
			  char *text, size_t size)
{
	if (address < start)
		ksnprintf(text, size, "%lu bytes before", start - address);
	else if (address >= start + bytes)
		ksnprintf(text, size, "%lu bytes behind",
			  address - (start + bytes));
	else
		ksnprintf(text, size, "in");
}

static bool describe_global(uint64_t address, char *text, size_t size)
{
	for (size_t u = 0; u < unit_count; u++) {
		for (size_t i = 0; i < units[u].count; i++) {
			const struct asan_global *global = &units[u].globals[i];
			char distance[32];

			if (address < global->start ||
			    address - global->start >=
				    global->bytes_with_red_zone)
				continue;
			name_distance(address, global->start, global->bytes,
				      distance, sizeof(distance));
			ksnprintf(text, size,
				  "%s the variable %s, %lu bytes, "
				  "of %s",
				  distance, global->name, global->bytes,
				  global->file);
			return true;
		}
	}
	return false;
}

/*
 * What stands at the left end of a function's variables: FRAME_MAGIC, a text,
 * the function's address. The text is "COUNT OFFSET BYTES LENGTH NAME[:LINE]
 * OFFSET ...", where OFFSETs count from there.
 */
#define FRAME_MAGIC 0x41B58AB3
#define FRAME_UNITS_MAX 4096

struct asan_frame {
	uint64_t magic;
	const char *variables;
	uint64_t function;
};

static uint64_t number(const char **text)
{
	uint64_t value = 0;

	while (**text >= '0' && **text <= '9')
		value = value * 10 + (uint64_t)(*(*text)++ - '0');
	*text += **text == ' ';
	return value;
}

/* NULL: there is none below this address. */
static const struct asan_frame *frame_below(uint64_t address)
{
	uint64_t at = address & ~(UNIT - 1ULL);

	for (int i = 0; i < FRAME_UNITS_MAX && shadow_covers(at);
	     i++, at -= UNIT) {
		const struct asan_frame *frame = (const struct asan_frame *)at;

		if (*shadow_of(at) == STACK_LEFT && frame->magic == FRAME_MAGIC)
			return frame;
	}
	return NULL;
}

/* How far an address is from an object. */
static uint64_t distance_from(uint64_t address, uint64_t start, uint64_t bytes)
{
	if (address < start)
		return start - address;
	return address >= start + bytes ? address - (start + bytes) : 0;
}

static bool describe_stack(uint64_t address, const char *how, char *text,
			   size_t size)
{
	const struct asan_frame *frame = frame_below(address);
	uint64_t start = 0, bytes = 0, nearest = UINT64_MAX;
	struct symbol symbol = { .function = "?" };
	const char *variables, *name = "";
	char distance[32];
	int length = 0;

	if (!frame)
		return false;
	variables = frame->variables;
	for (uint64_t count = number(&variables); count; count--) {
		uint64_t from = (uint64_t)frame + number(&variables);
		uint64_t size_of = number(&variables);
		int of_name = (int)number(&variables);

		if (distance_from(address, from, size_of) < nearest) {
			nearest = distance_from(address, from, size_of);
			start = from;
			bytes = size_of;
			name = variables;
			length = of_name;
		}
		variables += of_name + 1;
	}
	if (nearest == UINT64_MAX)
		return false;
	symbols_find(frame->function, &symbol);
	name_distance(address, start, bytes, distance, sizeof(distance));
	ksnprintf(text, size, "%s %.*s, %lu bytes on the stack of %s()%s",
		  distance, length, name, bytes, symbol.function, how);
	return true;
}

void shadow_describe(uint64_t address, char *text, size_t size)
{
	uint8_t shadow = *shadow_of(address);

	/* A unit in part: what follows says what it is. */
	if (shadow < UNIT)
		shadow = *shadow_of(address + UNIT);
	switch (shadow) {
	case STACK_LEFT:
	case STACK_MIDDLE:
	case STACK_RIGHT:
		if (describe_stack(address, "", text, size))
			return;
		break;
	case STACK_SCOPE:
		if (describe_stack(address, ", whose block was left", text,
				   size))
			return;
		break;
	default:
		if (describe_global(address, text, size))
			return;
		break;
	}
	ksnprintf(text, size, "no object is there (shadow %02x)", shadow);
}
