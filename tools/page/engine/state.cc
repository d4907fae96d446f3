/*
 * state.cc - the machine as it is now, for JavaScript to read.
 */
#include "engine.h"

/* In the order of STATE in machine.mjs. */
EXPORT Bit64u *pc_state(void)
{
	static Bit64u state[NO_WORD];
	Bit64u *to = state;

	for (int r = 0; r < 16; r++)
		*to++ = CPU->gen_reg[r].rrx;
	const Bit64u values[] = {
		RIP, CPU->read_eflags(), CPU->cr0.get32(), CPU->cr2, CPU->cr3,
		CPU->cr4.get32(), CPU->efer.get32(), CPU->get_cpu_mode(),
		CPU->sregs[BX_SEG_REG_CS].cache.u.segment.d_b,
		CPU->gdtr.base, CPU->gdtr.limit, CPU->idtr.base, CPU->idtr.limit,
		bx_pc_system.get_enable_a20(), CPU->activity_state,
		bx_pc_system.time_ticks(), bx_pc_system.time_usec(),
		CPU->get_icount(), CPU->get_laddr(BX_SEG_REG_CS, RIP),
	};

	for (Bit64u value : values)
		*to++ = value;
	for (int s = 0; s < 7; s++) {
		bx_segment_reg_t *segment = s < 6 ? &CPU->sregs[s] : &CPU->tr;

		*to++ = segment->selector.value;
		*to++ = segment->cache.u.segment.base;
		*to++ = segment->cache.u.segment.limit_scaled;
	}
	return state;
}

static Bit8u bytes[8192];

/* Physical memory, ROM and video memory too; at most so many bytes at once. */
EXPORT Bit8u *pc_memory(double physical, unsigned count)
{
	for (unsigned i = 0; i < count && i < sizeof(bytes); i++) {
		bytes[i] = 0xFF;
		BX_MEM(0)->dbg_fetch_mem(CPU, (bx_phy_address)physical + i, 1,
					 bytes + i);
	}
	return bytes;
}

/* The physical address behind a linear one; -1: not mapped. */
EXPORT double pc_physical(double linear)
{
	bx_phy_address at;

	if (!CPU->dbg_xlate_linear2phy((bx_address)(Bit64s)linear, &at))
		return -1;
	return (double)at;
}

/* What pc_disassemble() has found. */
static struct {
	char text[256];
	Bit8u bytes[16];
	Bit32u length;
} found;

/* The instruction at a linear address as 16-, 32- (big) or 64-bit code (wide).
 * Returns its text in Intel's syntax, then 16 bytes, then its length. */
EXPORT char *pc_disassemble(double linear, int big, int wide)
{
	bxInstruction_c i;
	bx_address at = (bx_address)(Bit64s)linear;
	bx_phy_address physical;

	memset(&found, 0, sizeof(found));
	for (int n = 0; n < 16; n++)
		if (CPU->dbg_xlate_linear2phy(at + n, &physical))
			BX_MEM(0)->dbg_fetch_mem(CPU, physical, 1,
						 found.bytes + n);
	disasm(found.bytes, big, wide, found.text, &i, 0, at);
	found.length = i.ilen();
	return found.text;
}
