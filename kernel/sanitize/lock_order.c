/*
 * lock_order.c - which lock is taken while which is held, see locks.h.
 *
 * Nothing here takes a lock: a processor's list is its own, and interrupts are
 * off; a thread's is its own; a rule is written once, by the first who claims
 * it.
 */
#include "kernel/sanitize/locks.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "boot/x86.h"
#include "format.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/panic/panic.h"
#include "kernel/symbols.h"
#include "kernel/thread/types.h"
#include "string.h"
#include "x86/tsc.h"

struct rule {
	_Atomic bool claimed, known;
	struct lock_use first, then;
};

/* Both are written once, before others see the class. */
static const char *_Atomic classes[LOCKS_CLASSES_MAX];
static struct rule rules[LOCKS_CLASSES_MAX][LOCKS_CLASSES_MAX];
/* Where an interrupt's handler took one of the class; no name: none did. */
static struct rule in_interrupts[LOCKS_CLASSES_MAX];

static struct locks_held cpus_hold[CPUS_MAX];

/* ---- Words --------------------------------------------------------------- */

#define WHERE_TEXT 112

/* Where it was taken. */
static struct symbol symbol_of(const struct lock_use *use)
{
	struct symbol symbol = { .function = "?", .file = "?" };
	const struct place *place = use->place;

	if (place)
		return (struct symbol){ .function = place->function,
					.file = place->file,
					.line = (uint32_t)place->line };
	symbols_find(use->caller - 1, &symbol);
	return symbol;
}

/* "'irq' in irq_enable() at kernel/irq/irq.c:188" */
static const char *describe(const struct lock_use *use, char *text)
{
	const struct symbol symbol = symbol_of(use);

	ksnprintf(text, WHERE_TEXT, "'%s' in %s() at %s:%u", use->name,
		  symbol.function, symbol.file, symbol.line);
	return text;
}

/* The panic's place is where an address is. */
static struct place place_of(uint64_t address)
{
	struct symbol symbol = { .function = "?", .file = "?" };

	symbols_find(address, &symbol);
	return (struct place){ symbol.file, symbol.function, (int)symbol.line };
}

/* ---- Classes ------------------------------------------------------------- */

static uint32_t class_of(const char *name)
{
	for (uint32_t i = 0; i < LOCKS_CLASSES_MAX; i++) {
		const char *expected = NULL;

		if (atomic_load(&classes[i]) == name ||
		    atomic_compare_exchange_strong(&classes[i], &expected,
						   name) ||
		    expected == name)
			return i;
	}
	panic("more than %u classes of locks: raise LOCKS_CLASSES_MAX",
	      LOCKS_CLASSES_MAX);
}

/* The longest hold. Two of a class may write at once: one of them stays. */
static struct hold {
	uint64_t ticks;
	struct lock_use use;
} longest_holds[LOCKS_CLASSES_MAX];

static void note_hold(const struct lock_use *use)
{
	struct hold *longest = &longest_holds[class_of(use->name)];
	uint64_t ticks = tsc_read() - use->since;

	if (use->since && ticks > longest->ticks)
		*longest = (struct hold){ ticks, *use };
}

bool locks_longest(const char *name, struct locks_longest *longest)
{
	for (uint32_t i = 0; i < LOCKS_CLASSES_MAX; i++) {
		const struct hold hold = longest_holds[i];
		struct symbol symbol;

		if (hold.use.name != name)
			continue;
		symbol = symbol_of(&hold.use);
		*longest = (struct locks_longest){ hold.ticks, symbol.file,
						   symbol.line };
		return true;
	}
	return false;
}

/* ---- Who holds what ------------------------------------------------------ */

static struct lock_use *last_use(struct locks_held *held)
{
	return &held->uses[held->count - 1];
}

static void add_use(struct locks_held *held, const struct lock_use *use)
{
	if (held->count == LOCKS_HELD_MAX)
		panic("more than %u locks held at once: raise LOCKS_HELD_MAX",
		      LOCKS_HELD_MAX);
	held->uses[held->count++] = *use;
}

static void mark_taken(struct locks_held *held)
{
	last_use(held)->since = tsc_read();
}

static void remove_use(struct locks_held *held, const char *name)
{
	uint32_t i = held->count;

	while (i && held->uses[i - 1].name != name)
		i--;
	if (!i)
		return;
	note_hold(&held->uses[i - 1]);
	for (held->count--; i - 1 < held->count; i++)
		held->uses[i - 1] = held->uses[i];
}

/* ---- Rules --------------------------------------------------------------- */

static void make_rule(struct rule *rule, const struct lock_use *first,
		      const struct lock_use *then)
{
	if (atomic_exchange(&rule->claimed, true))
		return;
	rule->first = *first;
	rule->then = *then;
	atomic_store(&rule->known, true);
}

/* Rules that lead from one class to another, into `path`; their number, 0: none
 * do. A class that was visited leads nowhere. */
static uint32_t find_path(uint32_t from, uint32_t to, uint32_t *visited,
			  const struct rule **path)
{
	*visited |= 1u << from;
	for (uint32_t next = 0; next < LOCKS_CLASSES_MAX; next++) {
		uint32_t more = 0;

		if (!atomic_load(&rules[from][next].known) ||
		    *visited & 1u << next)
			continue;
		path[0] = &rules[from][next];
		if (next == to)
			return 1;
		more = find_path(next, to, visited, path + 1);
		if (more)
			return more + 1;
	}
	return 0;
}

/* `then` is taken with `first` held, and rules lead the other way. */
_Noreturn static void report_order(const struct lock_use *first,
				   const struct lock_use *then,
				   const struct rule *const *path,
				   uint32_t count)
{
	char text[500], one[WHERE_TEXT], two[WHERE_TEXT];
	int length = ksnprintf(text, sizeof(text),
			       "locks in two orders: %s, then %s",
			       describe(first, one), describe(then, two));

	for (uint32_t i = 0; i < count && length < (int)sizeof(text); i++)
		length += ksnprintf(text + length,
				    sizeof(text) - (size_t)length,
				    "; before: %s, then %s",
				    describe(&path[i]->first, one),
				    describe(&path[i]->then, two));
	panic("%s", text);
}

/* The rule first: of two processors that break each other's at once, one sees
 * it. */
static void check_order(const struct lock_use *first,
			const struct lock_use *then)
{
	uint32_t from = class_of(first->name), to = class_of(then->name);
	const struct rule *path[LOCKS_CLASSES_MAX];
	uint32_t visited = 0, count;

	if (from == to)
		return;
	make_rule(&rules[from][to], first, then);
	count = find_path(to, from, &visited, path);
	if (count)
		report_order(first, then, path, count);
}

static void take(struct locks_held *held, const struct lock_use *use)
{
	for (uint32_t i = 0; i < held->count; i++)
		check_order(&held->uses[i], use);
	add_use(held, use);
}

/* ---- Spinlocks ----------------------------------------------------------- */

static struct locks_held *here(void)
{
	return &cpus_hold[cpu_number()];
}

void locks_take(const char *name, const struct place *place)
{
	const struct lock_use use = { .name = name, .place = place };

	take(here(), &use);
	if (cpu_this()->nesting)
		make_rule(&in_interrupts[class_of(name)], &use, &use);
}

/* Interrupts are on, though one is held. */
_Noreturn static void report_open(const struct lock_use *use)
{
	const struct rule *taken = &in_interrupts[class_of(use->name)];
	char one[WHERE_TEXT], two[WHERE_TEXT];

	cpu_interrupts_off();
	if (atomic_load(&taken->known))
		panic("lock held with interrupts on: %s; a handler takes %s",
		      describe(use, one), describe(&taken->first, two));
	panic("lock held with interrupts on: %s; no handler has taken it so "
	      "far",
	      describe(use, one));
}

void locks_taken(void)
{
	mark_taken(here());
}

void locks_release(const char *name)
{
	struct locks_held *held = here();

	if (held->count && cpu_flags() & EFLAGS_IF)
		report_open(last_use(held));
	remove_use(held, name);
}

/* ---- Mutexes ------------------------------------------------------------- */

void locks_take_mutex(struct thread *thread, const char *name, uint64_t caller)
{
	const struct lock_use use = { .name = name, .caller = caller };

	locks_may_wait(name, caller);
	if (thread)
		take(&thread->mutexes, &use);
}

void locks_taken_mutex(struct thread *thread)
{
	if (thread)
		mark_taken(&thread->mutexes);
}

void locks_release_mutex(struct thread *thread, const char *name)
{
	if (thread)
		remove_use(&thread->mutexes, name);
}

/* ---- Where none may be held ---------------------------------------------- */

void locks_may_wait(const char *what, uint64_t caller)
{
	const struct place place = place_of(caller - 1);
	struct locks_held *held;
	char text[WHERE_TEXT];

	{
		CPU_HOLD(cpu);

		held = &cpus_hold[cpu->number];
		if (cpu->nesting)
			panic_at(&place,
				 "an interrupt's handler may wait for %s",
				 what);
		if (!held->count)
			return;
	}
	panic_at(&place, "a thread may wait for %s with a spinlock held: %s",
		 what, describe(last_use(held), text));
}

uint32_t locks_handler_begins(const struct trap_frame *frame)
{
	struct locks_held *held = here();
	struct place place;
	char text[WHERE_TEXT];

	if (!held->count || frame->vector < EXCEPTIONS ||
	    !(frame->rflags & EFLAGS_IF))
		return held->count;
	place = place_of(frame->rip);
	panic_at(&place, "interrupt %#lx came with a lock held: %s",
		 frame->vector, describe(last_use(held), text));
}

/* A handler in which threads were switched began and ends with none held,
 * perhaps on another processor. */
void locks_handler_ends(const struct trap_frame *frame, uint32_t before)
{
	struct locks_held *held = here();
	char text[WHERE_TEXT];

	if (held->count > before)
		panic("the handler of vector %#lx returns with a lock held: %s",
		      frame->vector, describe(last_use(held), text));
}

void locks_none_held(const char *what)
{
	struct locks_held *held = here(), *mutexes;
	char text[WHERE_TEXT];

	if (held->count)
		panic("%s ends with a spinlock held: %s", what,
		      describe(last_use(held), text));
	mutexes = &cpu_this()->thread->mutexes;
	if (mutexes->count)
		panic("%s ends with a mutex held: %s", what,
		      describe(last_use(mutexes), text));
}
