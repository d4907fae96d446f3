/*
 * memory.h - a program's memory: an address space, and what each area of it
 * holds. A page comes into being when it is touched first: zeros, or bytes of
 * the program's file.
 *
 * Only the program's own thread changes it, and whoever starts or releases it.
 *
 * Context, if nothing else is said: a thread, no spinlock held.
 */
#ifndef KERNEL_PROCESS_MEMORY_H
#define KERNEL_PROCESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "kernel/memory/pages.h"

#define MEMORY_AREAS 32

struct memory_area {
	vaddr_t start, end; /* whole pages */
	enum pages_rights rights;
	/* Bytes of the file, and where the first one belongs; all else is 0. */
	const uint8_t *bytes;
	uint64_t size;
	vaddr_t address;
	uint64_t pages; /* that there are */
};

struct memory {
	struct pages_space space;
	struct memory_area areas[MEMORY_AREAS];
	size_t count;
};

/* False: no memory is left. */
bool memory_start(struct memory *memory);

/* Release all frames. No processor uses the space any more. */
void memory_end(struct memory *memory);

/* Frames in use, page tables not counted. Context: any; it may be old. */
uint64_t memory_pages(const struct memory *memory);

/* Copies the area; false: there are too many. */
bool memory_add(struct memory *memory, const struct memory_area *area);

/* The area in which an address lies; NULL: none. Context: any. */
struct memory_area *memory_find(struct memory *memory, vaddr_t address);

/* Bring a page into being. */
enum memory_fault {
	MEMORY_FILLED,
	MEMORY_ABSENT, /* the address is in no area */
	MEMORY_NONE_LEFT, /* no frame that a program may have */
};

enum memory_fault memory_fill(struct memory *memory, vaddr_t address);

/* Bring the page into being, and return where the kernel reaches it; NULL: as
 * above. */
void *memory_page(struct memory *memory, vaddr_t page);

/* CALL_MAP and CALL_UNMAP: an address, 0, or a negative error. */
int64_t memory_map(struct memory *memory, uint64_t bytes);
int64_t memory_unmap(struct memory *memory, vaddr_t address);

/* Copy from and to the running program's memory, whatever the address is.
 * False: not all of it is the program's; a part may have been copied. */
bool memory_read(void *to, vaddr_t from, size_t bytes);
bool memory_write(vaddr_t to, const void *from, size_t bytes);

#endif
