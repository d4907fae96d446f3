/*
 * address.c - what the compiler calls before each load and store.
 *
 * Nothing here, nor what it calls, is checked itself (see the Makefile).
 */
#include "format.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/sanitize/sanitize.h"
#include "kernel/symbols.h"

/* When all variables are lost, this is not what it should be, and nothing is
 * checked: the panic page is written. */
#define CHECKING 0x5A4E17123ULL
static uint64_t address_state;

void sanitize_start(void)
{
	shadow_start();
	address_state = CHECKING;
}

/* ---- Reports ------------------------------------------------------------- */

static void address_describe(uint64_t address, char *text, size_t size)
{
	if (shadow_covers(address))
		shadow_describe(address, text, size);
	else if (!kmalloc_describe(address, text, size))
		ksnprintf(text, size, "in what the heap keeps for itself");
}

/* A panic at the line that did it. */
_Noreturn static void address_report(uint64_t address, size_t bytes,
				     uint64_t bad, bool write, uint64_t caller)
{
	struct symbol symbol = { .function = "?", .file = "?" };
	char text[PANIC_ADDRESS_MAX];
	struct place place;

	address_state = 0;
	symbols_find(caller - 1, &symbol);
	place = (struct place){ symbol.file, symbol.function,
				(int)symbol.line };
	address_describe(bad, text, sizeof(text));
	panic_at(&place, "%s of %zu byte%s at %#lx: %s",
		 write ? "write" : "read", bytes, bytes == 1 ? "" : "s",
		 address, text);
}

/* ---- Checks -------------------------------------------------------------- */

/* The first byte that may not be touched; 0: all may be. */
static uint64_t address_find_bad(uint64_t address, size_t bytes)
{
	uint64_t bad;

	/* Most accesses are to variables and to the boot stack. */
	if (shadow_is_image(address))
		return shadow_find(address, bytes);
	bad = kmalloc_find_bad(address, bytes);
	if (bad || !shadow_covers(address))
		return bad;
	return shadow_find(address, bytes);
}

static inline __attribute__((always_inline)) void
check(uint64_t address, size_t bytes, bool write, uint64_t caller)
{
	uint64_t bad;

	if (address_state != CHECKING || !bytes)
		return;
	bad = address_find_bad(address, bytes);
	if (bad)
		address_report(address, bytes, bad, write, caller);
}

#define CALLER ((uint64_t)__builtin_return_address(0))

#define CHECKS(name, bytes)                                       \
	void __asan_load##name##_noabort(uint64_t address);       \
	void __asan_store##name##_noabort(uint64_t address);      \
	void __asan_load##name##_noabort(uint64_t address)        \
	{                                                         \
		check(address, (bytes), false, CALLER);           \
	}                                                         \
	void __asan_store##name##_noabort(uint64_t address)       \
	{                                                         \
		check(address, (bytes), true, CALLER);            \
	}

CHECKS(1, 1)
CHECKS(2, 2)
CHECKS(4, 4)
CHECKS(8, 8)
CHECKS(16, 16)

void __asan_loadN_noabort(uint64_t address, size_t bytes);
void __asan_storeN_noabort(uint64_t address, size_t bytes);
void __asan_handle_no_return(void);

void __asan_loadN_noabort(uint64_t address, size_t bytes)
{
	check(address, bytes, false, CALLER);
}

void __asan_storeN_noabort(uint64_t address, size_t bytes)
{
	check(address, bytes, true, CALLER);
}

/* Before a function that does not come back: red zones of those that called it
 * would stay. */
void __asan_handle_no_return(void)
{
	shadow_forget_stack();
}

/* ---- Functions that are not compiled with checks ------------------------- */

/* The linker makes of each call of memcpy() one of __wrap_memcpy() (--wrap). */
void *__real_memcpy(void *to, const void *from, size_t bytes);
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__real_memset(void *to, int byte, size_t bytes);
void *__wrap_memcpy(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memset(void *to, int byte, size_t bytes);

void *__wrap_memcpy(void *to, const void *from, size_t bytes)
{
	check((uint64_t)from, bytes, false, CALLER);
	check((uint64_t)to, bytes, true, CALLER);
	return __real_memcpy(to, from, bytes);
}

void *__wrap_memmove(void *to, const void *from, size_t bytes)
{
	check((uint64_t)from, bytes, false, CALLER);
	check((uint64_t)to, bytes, true, CALLER);
	return __real_memmove(to, from, bytes);
}

void *__wrap_memset(void *to, int byte, size_t bytes)
{
	check((uint64_t)to, bytes, true, CALLER);
	return __real_memset(to, byte, bytes);
}
