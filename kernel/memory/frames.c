#include "kernel/memory/frames.h"

#include "boot/layout.h"
#include "frame_cache.h"
#include "heap_cache.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/probe.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/sync/spinlock.h"
#include "memmap.h"
#include "string.h"
#include "x86/cpuid.h"

/* A frame is mapped at its own address, and from PROGRAM_LOW on these are
 * programs'. */
#define IDENTITY_BITS 46

static struct frame_pool frames_pool;
static struct spinlock frames_lock = SPINLOCK("frames");
SPINLOCK_LISTED(frames_lock);

static struct frames_map raw_map;
static struct mem_range map[MEM_CLEAN_MAX];
static size_t map_count;
static paddr_t physical_end;
static uint64_t out_of_reach; /* bytes */

/* Whether a frame keeps what is written into it. */
static bool is_ram(paddr_t frame)
{
	uint64_t written, read;

	for (int i = 0; i < 2; i++) {
		written = i ? ~frame : frame; /* HW-54 */
		if (probe_write(frame, &written, sizeof(written)) !=
			    sizeof(written) ||
		    probe_read(&read, frame, sizeof(read)) != sizeof(read) ||
		    read != written)
			return false;
	}
	return true;
}

void frames_start(struct frames_map raw, struct frames_map clean)
{
	unsigned int bits = cpuid_physical_bits();

	physical_end = 1ULL << (bits < IDENTITY_BITS ? bits : IDENTITY_BITS);
	raw_map = raw;
	map_count = memmap_clip(clean.ranges, clean.count, physical_end, map,
				MEM_CLEAN_MAX);
	out_of_reach = memmap_total(clean.ranges, clean.count, MEM_USABLE) -
		       memmap_total(map, map_count, MEM_USABLE);
	/* The BIOS uses the first MiB, also where its map says that it does
	 * not (HW-15). */
	frame_pool_start(&frames_pool, map, map_count, LOAD_ADDR, physical_end,
			 is_ram);
	for (size_t i = 0; i < CPUS_MAX; i++)
		cpus[i].frames.most = FRAME_KEPT_MAX;
	panic_tell_map(map, map_count);
}

/* ---- Taking and giving --------------------------------------------------- */

/* "the frame at 0x123000 is not out: ...". Whose it is, if anybody's. */
_Noreturn static void frames_misused(paddr_t frame, enum frame_owner owner,
				     enum frame_error error)
{
	uint8_t state = FRAME_NOBODY;

	frame_pool_state(&frames_pool, frame, &state);
	panic("the frame at %#lx %s (asked for: %s; %s: %s)", frame,
	      frame_error_text(error), frame_owner_name(owner),
	      state & FRAME_OUT ? "owner" : "last owner",
	      frame_owner_name(state & FRAME_OWNER));
}

/* From the pool, when this processor keeps none. */
__attribute__((noinline)) static paddr_t
frames_take_from_pool(enum frame_owner owner)
{
	paddr_t frame = 0;

	if (frames_refuse_this())
		return 0;
	if (!frames_pool.overwritten) {
		SPINLOCK_HOLD(&frames_lock);
		frame = frame_pool_take(&frames_pool, owner);
	}
	if (!frame && frames_pool.overwritten)
		frames_misused(frames_pool.overwritten, owner,
			       FRAME_OVERWRITTEN);
	return frame;
}

paddr_t frame_take(enum frame_owner owner)
{
	paddr_t frame;
	CPU_HOLD(cpu);

	frame = frame_cache_take(&frames_pool, &cpu->frames, owner);
	return frame ? frame : frames_take_from_pool(owner);
}

paddr_t frame_take_zeroed(enum frame_owner owner)
{
	paddr_t frame = frame_take(owner);

	if (frame)
		memset(paddr_pointer(frame), 0, PAGE_SIZE);
	return frame;
}

/* To the pool, when this processor keeps enough; or it is a mistake. */
__attribute__((noinline)) static void
frames_give_to_pool(enum frame_owner owner, paddr_t frame)
{
	enum frame_error error;

	{
		SPINLOCK_HOLD(&frames_lock);
		error = frame_pool_give(&frames_pool, owner, frame);
	}
	if (error)
		frames_misused(frame, owner, error);
}

void frame_give(enum frame_owner owner, paddr_t frame)
{
	CPU_HOLD(cpu);

	if (!frame_cache_give(&frames_pool, &cpu->frames, owner, frame))
		frames_give_to_pool(owner, frame);
}

void frames_flush(void)
{
	SPINLOCK_HOLD(&frames_lock);

	frame_cache_flush(&frames_pool, &cpu_here()->frames);
}

void frame_set_mapped(enum frame_owner owner, paddr_t frame, bool mapped)
{
	enum frame_error error;

	{
		SPINLOCK_HOLD(&frames_lock);
		error = frame_pool_set_mapped(&frames_pool, owner, frame,
					      mapped);
	}
	if (error)
		frames_misused(frame, owner, error);
}

/* ---- What is known ------------------------------------------------------- */

bool frame_state(uint64_t address, uint8_t *state)
{
	return frame_pool_state(&frames_pool, address, state) == FRAME_OK;
}

const struct mem_range *frames_map(size_t *count)
{
	*count = map_count;
	return map;
}

paddr_t frames_physical_end(void)
{
	return physical_end;
}

uint64_t frames_out_of_reach(void)
{
	return out_of_reach;
}

struct frames_map frames_raw_map(void)
{
	return raw_map;
}

uint64_t frames_available(void)
{
	return frames_pool.available + cpu_this()->frames.count;
}

uint64_t frames_out(enum frame_owner owner)
{
	uint64_t out = frames_pool.out[owner];

	for (size_t i = 0; i < CPUS_MAX; i++)
		out += cpus[i].frames.out[owner];
	return out;
}

bool frame_is_heap(const void *address)
{
	const uint8_t *state =
		frame_pool_recent(&frames_pool, (paddr_t)address);

	if (!state)
		return frame_pool_is(&frames_pool, FRAME_HEAP,
				     (paddr_t)address);
	return (*state & FRAME_OWNER) == FRAME_HEAP;
}

uint64_t frames_missing(void)
{
	return frames_pool.missing;
}

/* ---- For tests ----------------------------------------------------------- */

static uint64_t refused_in; /* frames and blocks more, it included; 0: off */

/* On all processors: the test may go on on another one. */
static void let_keep(uint64_t frames, uint64_t blocks)
{
	for (uint32_t i = 0; i < CPUS_MAX; i++) {
		cpus[i].frames.most = frames;
		cpus[i].heap.most = blocks;
	}
}

void frames_refuse(uint64_t n)
{
	let_keep(0, 0);
	refused_in = n;
}

bool frames_refuse_end(void)
{
	bool refused = !refused_in;

	refused_in = 0;
	let_keep(FRAME_KEPT_MAX, HEAP_KEPT_MAX);
	return refused;
}

bool frames_refuse_this(void)
{
	return refused_in && --refused_in == 0;
}
