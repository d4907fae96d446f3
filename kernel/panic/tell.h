/*
 * tell.h - what other rooms tell the panic page: it asks none of them, so that
 * it can be read, and relied on, alone.
 *
 *	PANIC_ROW(locks)
 *	{
 *		...
 *		ksnprintf(text, size, "%s lock: held by CPU %u", ...);
 *		return true;
 *	}
 *
 * adds lines near the page's end, PANIC_RANGES names parts of memory,
 * PANIC_ADDRESS says what is known of an absent address, and PANIC_STOP stops
 * other processors. The linker script collects them: the tables are
 * constants. What they name is called in the middle of anything,
 * with interrupts off: it takes no locks, and any variable may be overwritten.
 * A fault in it adds a line, and the page goes on with its next section.
 *
 * Numbers are passed once, at start, by the functions below.
 */
#ifndef KERNEL_PANIC_TELL_H
#define KERNEL_PANIC_TELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "boot/bootinfo.h"
#include "log_ring.h"

/* ---- Tables -------------------------------------------------------------- */

#define PANIC_TABLE(table, name)                                     \
	__extension__ static __typeof__(table##_##name)              \
		*const table##_pointer_##name                        \
		__attribute__((used, section("." #table "." #name))) = \
			&table##_##name

/* The n-th line of this row, from 0, into `text`; false: there are no more.
 * Without line feed, at most PANIC_COLUMNS characters; it is asked twice. */
#define PANIC_COLUMNS 78
#define PANIC_ROW(name)                                                       \
	static bool panic_row_##name(size_t n, char *text, size_t size);      \
	PANIC_TABLE(panic_row, name);                                         \
	static bool panic_row_##name(size_t n __attribute__((unused)),        \
				     char *text __attribute__((unused)),      \
				     size_t size __attribute__((unused)))

typedef bool panic_row(size_t n, char *text, size_t size);

/* A part of memory with a name. Where several hold an address, the smallest
 * counts. */
struct named_range {
	vaddr_t start, end;
	const char *name; /* "the boot stack" */
	bool is_stack;
	uint64_t guard; /* of a stack: bytes below it that are absent */
};

/* The n-th of these ranges, from 0; false: there are no more. */
#define PANIC_RANGES(name)                                                  \
	static bool panic_ranges_##name(size_t n, struct named_range *range); \
	PANIC_TABLE(panic_ranges, name);                                    \
	static bool panic_ranges_##name(size_t n, struct named_range *range)

typedef bool panic_ranges(size_t n, struct named_range *range);

/* What is known of an absent address, into `text`, for the middle of a
 * sentence: "8 bytes behind ..."; false: nothing. */
#define PANIC_ADDRESS(name)                                                    \
	static bool panic_address_##name(uint64_t address, char *text,         \
					 size_t size);                         \
	PANIC_TABLE(panic_address, name);                                      \
	static bool panic_address_##name(uint64_t address, char *text,         \
					 size_t size)

typedef bool panic_address(uint64_t address, char *text, size_t size);

#define PANIC_ADDRESS_MAX 224 /* bytes of `text` */

/* Stop the other processors, by an NMI: panic_trap() then notes in their struct
 * cpu where they were. Called before anything else, at most once. */
#define PANIC_STOP(name)                      \
	static void panic_stop_##name(void);  \
	PANIC_TABLE(panic_stop, name);        \
	static void panic_stop_##name(void)

typedef void panic_stop(void);

/* ---- Facts --------------------------------------------------------------- */

/* What the page calls the build, from boot_info. */
void panic_tell_build(uint64_t id);

/* The log: its last lines are shown. */
void panic_tell_log(const struct log_ring *ring);

/* The memory map. */
void panic_tell_map(const struct mem_range *map, size_t count);

/* The clock: TSC ticks at its zero, and nanoseconds << 32 a tick. */
void panic_tell_clock(uint64_t zero, uint64_t ns_per_tick);

/* For the page: what was passed. */
struct panic_facts {
	uint64_t key;
	bool lost; /* it was overwritten: all else is 0 */
	uint64_t build_id; /* 0: not known */
	const struct log_ring *log; /* NULL: not known */
	const struct mem_range *map;
	size_t map_count;
	uint64_t clock_zero, ns_per_tick; /* 0: not known */
};

const struct panic_facts *panic_facts(void);

/* For the page: call `write` for each line that a PANIC_ROW adds; NULL: none.
 * Returns how many there are; none where what was passed is lost. */
unsigned int panic_rows(void (*write)(const char *text));

/* The PANIC_RANGES, at most that many; returns how many. */
size_t panic_collect_ranges(struct named_range *ranges, size_t most);

/* What a PANIC_ADDRESS knows of it; "": none knows anything. */
void panic_ask_for_address(vaddr_t address, char *text, size_t size);

#endif
