/*
 * calls.h - what a program and the kernel have agreed upon: addresses, and the
 * calls with their errors.
 *
 * A call is INT CALL_VECTOR with its number in RAX and up to two values in RDI
 * and RSI. Its result comes back in RAX; it is negative where the call failed.
 * All other registers stay as they are. Read by C, NASM and the linker script.
 */
#ifndef LIB_CALLS_H
#define LIB_CALLS_H

/* Programs lie from slot 192 of the top page table on, up to the last page
 * below the addresses that are no addresses: behind an instruction at its very
 * end, RIP would be none. */
#define PROGRAM_LOW	0x600000000000
#define PROGRAM_HIGH	0x7FFFFFFFF000

/* The stack ends here, and the first page is the program's own first one. Below
 * the stack all is absent. */
#define PROGRAM_STACK_TOP	0x600000100000
#define PROGRAM_STACK_BYTES	0x10000
/* What call_map() gives lies from here on. */
#define PROGRAM_MAPS	0x600040000000

#define CALL_VECTOR	0x80

#define CALL_EXIT	0	/* (code): the end */
#define CALL_WRITE	1	/* (text, bytes): bytes shown */
#define CALL_READ	2	/* (buffer, bytes): waits for keys; how many */
#define CALL_SPAWN	3	/* (line): number of the new program */
#define CALL_WAIT	4	/* (number, struct call_end *): 0 */
#define CALL_SLEEP	5	/* (nanoseconds): 0 */
#define CALL_YIELD	6	/* (): 0 */
#define CALL_MAP	7	/* (bytes): address of zeros */
#define CALL_UNMAP	8	/* (address): 0 */
#define CALL_TIME	9	/* (): nanoseconds since the start */
#define CALL_GETPID	10	/* (): own number */
#define CALL_KILL	11	/* (number): 0 */
#define CALL_SEND	12	/* (number, value): 0 */
#define CALL_RECEIVE	13	/* (uint64_t *): number of who sent it */
#define CALL_COUNT	14

/* Characters of a line to spawn: a program's name and words for it. */
#define CALL_LINE_MAX	127

#ifndef __ASSEMBLER__
#include <stdint.h>

/* What can go wrong: name, number, words. A call returns the number negated. */
/* clang-format off */
#define CALL_ERRORS(error) \
	error(NUMBER, 1, "there is no call of this number") \
	error(ADDRESS, 2, "the memory there is not the program's") \
	error(NO_PROGRAM, 3, "there is no program of this name") \
	error(NO_ARCHIVE, 4, "no archive of programs was loaded") \
	error(NOT_RUNNABLE, 5, "the file is no program that can run") \
	error(MEMORY, 6, "no memory is left") \
	error(TOO_MANY, 7, "too many programs run") \
	error(TOO_LONG, 8, "the line is too long, or empty") \
	error(NO_CHILD, 9, "the program did not spawn this one") \
	error(NO_SUCH, 10, "no program of this number runs") \
	error(NOT_FRONT, 11, "only the program in front gets keys") \
	error(SIZE, 12, "no such size is possible") \
	error(NOT_MAPPED, 13, "no memory was mapped at this address") \
	error(KILLED, 14, "the program is being ended")
/* clang-format on */

enum call_error {
	CALL_OK,
#define CALL_ERROR_ENUM(name, number, words) CALL_E_##name = (number),
	CALL_ERRORS(CALL_ERROR_ENUM)
#undef CALL_ERROR_ENUM
};

/* "no memory is left", ...; for what a call returned, too. */
static inline const char *call_error_text(int64_t error)
{
	switch (error < 0 ? -error : error) {
#define CALL_ERROR_CASE(name, number, words) \
	case (number):                       \
		return words;
		CALL_ERRORS(CALL_ERROR_CASE)
#undef CALL_ERROR_CASE
	case CALL_OK:
		return "nothing is wrong";
	default:
		return "an unknown error";
	}
}

/* "exit", ...; NULL: there is no such call. */
static inline const char *call_name(uint64_t number)
{
	static const char *const names[CALL_COUNT] = {
		"exit", "write", "read",  "spawn",  "wait", "sleep", "yield",
		"map",	"unmap", "time",  "getpid", "kill", "send",  "receive",
	};

	return number < CALL_COUNT ? names[number] : (const char *)0;
}

/* How a program ended. */
enum call_ending { CALL_EXITED, CALL_KILLED, CALL_FAULTED };

struct call_end {
	uint64_t how; /* enum call_ending */
	int64_t code; /* of its exit; the exception's number */
};
#endif

#endif
