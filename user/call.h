/*
 * call.h - the kernel's calls for programs in C. What they do, and their
 * errors, which are negative: lib/calls.h.
 */
#ifndef USER_CALL_H
#define USER_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "calls.h"

static inline int64_t call(uint64_t number, uint64_t first, uint64_t second)
{
	int64_t result;

	__asm__ volatile("int %1"
			 : "=a"(result)
			 : "i"(CALL_VECTOR), "a"(number), "D"(first),
			   "S"(second)
			 : "memory");
	return result;
}

_Noreturn static inline void call_exit(int64_t code)
{
	for (;;)
		call(CALL_EXIT, (uint64_t)code, 0);
}

/* Returns how many bytes were shown. */
static inline int64_t call_write(const char *text, size_t bytes)
{
	return call(CALL_WRITE, (uint64_t)text, bytes);
}

/* Waits for at least one key; returns how many there were. Enter is '\n',
 * ctrl-D 4. */
static inline int64_t call_read(char *buffer, size_t bytes)
{
	return call(CALL_READ, (uint64_t)buffer, bytes);
}

/* "NAME WORD..."; returns the new program's number. */
static inline int64_t call_spawn(const char *line)
{
	return call(CALL_SPAWN, (uint64_t)line, 0);
}

/* Waits for the end of a program that this one has spawned. */
static inline int64_t call_wait(int64_t number, struct call_end *end)
{
	return call(CALL_WAIT, (uint64_t)number, (uint64_t)end);
}

static inline int64_t call_sleep(uint64_t ns)
{
	return call(CALL_SLEEP, ns, 0);
}

static inline int64_t call_yield(void)
{
	return call(CALL_YIELD, 0, 0);
}

/* Zeros, at an address that is returned. */
static inline int64_t call_map(uint64_t bytes)
{
	return call(CALL_MAP, bytes, 0);
}

static inline int64_t call_unmap(int64_t address)
{
	return call(CALL_UNMAP, (uint64_t)address, 0);
}

/* Nanoseconds since the start. */
static inline int64_t call_time(void)
{
	return call(CALL_TIME, 0, 0);
}

static inline int64_t call_getpid(void)
{
	return call(CALL_GETPID, 0, 0);
}

/* End this program, or one that it has spawned. */
static inline int64_t call_kill(int64_t number)
{
	return call(CALL_KILL, (uint64_t)number, 0);
}

/* Put a value into another program's mailbox; waits while that is full. */
static inline int64_t call_send(int64_t number, uint64_t value)
{
	return call(CALL_SEND, (uint64_t)number, value);
}

/* Waits for a value; returns the number of who sent it. */
static inline int64_t call_receive(uint64_t *value)
{
	return call(CALL_RECEIVE, (uint64_t)value, 0);
}

#endif
