/*
 * locks.h - mistakes with locks that seldom hang a machine, told each time
 * (make SANITIZE=1): a panic with both places.
 *
 *	two locks in two orders		each waits for the other, some day
 *	waiting with a spinlock held	all that want it wait as long; the
 *					plain kernel tells it, too, where the
 *					processor is given away
 *	a lock held at the end		of a thread, a handler, a call
 *	interrupts on with one held	a handler that wants it waits for ever
 *
 * Locks that one SPINLOCK() or MUTEX() made are one class. Whoever takes B with
 * A held makes "A before B" a rule, from the first time on, on whatever
 * processor; taking A where rules lead from B to A is a panic, though nobody
 * waits. Two of one class are not compared.
 */
#ifndef KERNEL_SANITIZE_LOCKS_H
#define KERNEL_SANITIZE_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

struct place;
struct thread;
struct trap_frame;

/* Held at once by one processor, or by one thread. */
#define LOCKS_HELD_MAX 8

#define LOCKS_CLASSES_MAX 32 /* bits of a set: lock_order.c */

struct lock_use {
	const char *name;
	const struct place *place; /* where it was taken; NULL: there: */
	uint64_t caller; /* a return address */
	uint64_t since; /* TSC; 0: it is waited for */
};

struct locks_held {
	uint32_t count;
	struct lock_use uses[LOCKS_HELD_MAX];
};

struct locks_longest {
	uint64_t ticks; /* TSC */
	const char *file;
	uint32_t line;
};

#ifdef SANITIZE
/* A spinlock will be waited for, if need be; this processor has it; it will be
 * released. Interrupts are off. */
void locks_take(const char *name, const struct place *place);
void locks_taken(void);
void locks_release(const char *name);

/* The same of a mutex. `thread` may be NULL: there are none yet. */
void locks_take_mutex(struct thread *thread, const char *name, uint64_t caller);
void locks_taken_mutex(struct thread *thread);
void locks_release_mutex(struct thread *thread, const char *name);

/* The function that is left by `caller` may wait: "a mutex". */
void locks_may_wait(const char *what, uint64_t caller);

/* An interrupt or exception came; its handler has returned, and what the first
 * one returned is passed. */
uint32_t locks_handler_begins(const struct trap_frame *frame);
void locks_handler_ends(const struct trap_frame *frame, uint32_t before);

/* What the running thread did, "a thread", ends: it holds nothing. */
void locks_none_held(const char *what);

/* How long one of a name was held, at most, and where it had been taken; false:
 * none was. Context: any. */
#define LOCKS_TIMED 1
bool locks_longest(const char *name, struct locks_longest *longest);
#else
#define locks_take(name, place) ((void)0)
#define locks_taken() ((void)0)
#define locks_release(name) ((void)0)
#define locks_take_mutex(thread, name, caller) ((void)0)
#define locks_taken_mutex(thread) ((void)0)
#define locks_release_mutex(thread, name) ((void)0)
#define locks_may_wait(what, caller) ((void)0)
#define locks_handler_begins(frame) 0
#define locks_handler_ends(frame, before) ((void)(before))
#define locks_none_held(what) ((void)0)
#define LOCKS_TIMED 0
#define locks_longest(name, longest) ((void)(longest), false)
#endif

#define LOCKS_CALLER ((uint64_t)__builtin_return_address(0))

#endif
