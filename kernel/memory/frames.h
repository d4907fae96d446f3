/*
 * frames.h - the machine's page frames.
 *
 * All usable RAM above the first MiB, low addresses first. A frame is 4 KiB,
 * and mapped at its own address. Each has an owner (frame_pool.h), so that a
 * frame that is given back twice, by somebody else, or while it is still mapped
 * at another address ends in a panic that names whose it is. What the loader
 * left (boot_info, the maps, the command line) is not handed out: the kernel
 * goes on reading it there.
 *
 * This is also the one place that knows how far the CPU can address: all others
 * take the memory map from here (HW-29).
 *
 * The frames that a processor gave back last it takes again without a lock.
 *
 * Context: any but NMI; takes a lock.
 */
#ifndef KERNEL_MEMORY_FRAMES_H
#define KERNEL_MEMORY_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "boot/bootinfo.h"
#include "frame_pool.h"

/* A map of memory. */
struct frames_map {
	const struct mem_range *ranges;
	size_t count;
};

/* Before anything else here, with the map as the BIOS listed it, and as the
 * loader has cleaned it. Both are kept where they are. */
void frames_start(struct frames_map raw, struct frames_map clean);

/* As the BIOS listed it, with overlaps and in any order. Context: any. */
struct frames_map frames_raw_map(void);

/* A frame with anything in it; 0: there is none left. */
paddr_t frame_take(enum frame_owner owner);

/* A frame of zeros; 0: there is none left. */
paddr_t frame_take_zeroed(enum frame_owner owner);

/* Give back a frame that is the owner's; a panic if it is not. */
void frame_give(enum frame_owner owner, paddr_t frame);

/* Let others have the frames that this processor keeps for itself. */
void frames_flush(void);

/* Note that the owner's frame is mapped at a second address, or no longer. */
void frame_set_mapped(enum frame_owner owner, paddr_t frame, bool mapped);

/* The state (frame_pool.h) of the frame at an address; false: there is none.
 * Takes no lock. Context: any; what it says may be old. */
bool frame_state(uint64_t address, uint8_t *state);

/* Whether an address lies in a frame that is the heap's, or that was and has no
 * other owner yet: it still tells who released its blocks. Otherwise as
 * frame_state(). */
bool frame_is_heap(const void *address);

/* The memory map that they come from: the loader's clean one below
 * frames_physical_end(). Context: any. */
const struct mem_range *frames_map(size_t *count);

/* The colours (vga.h) in which a range of a memory map is shown, by its MEM_*:
 * green what is usable, cyan what the loader and the kernel lie in, red what is
 * bad (show_map.c). Context: any. */
uint8_t frames_map_color(uint32_t type);

/* No physical address lies here or above: the CPU has not so many bits, or
 * nothing could be mapped at its own address. Context: any. */
paddr_t frames_physical_end(void);

/* Usable bytes that the loader's map lists from there on. Context: any. */
uint64_t frames_out_of_reach(void);

/* How many this processor could still take: a few that others gave back last
 * (frame_cache.h) are theirs alone. */
uint64_t frames_available(void);

/* How many are out to an owner. */
uint64_t frames_out(enum frame_owner owner);

/* How many the map lists, but are no RAM: known when they are needed. */
uint64_t frames_missing(void);

/*
 * ---- Memory that ends where a test wants it to ------------------------------
 *
 *	for (uint64_t n = 1;; n++) {
 *		kmalloc_flush();
 *		frames_flush();
 *		frames_refuse(n);
 *		thing = make_thing();
 *		if (!frames_refuse_end())
 *			break;		// it needs fewer than n
 *		EXPECT(!thing);
 *	}
 *
 * Meanwhile no processor adds anything to the blocks and frames that it keeps
 * for itself, so that every one is asked for; nobody else may allocate.
 */

/* The n-th frame or small block from now on is refused, as if there were none
 * left; all others are not. Context: a test. */
void frames_refuse(uint64_t n);

/* No more. Returns whether it was refused. */
bool frames_refuse_end(void);

/* Whether this one is refused: asked by who hands it out. */
bool frames_refuse_this(void);

#endif
