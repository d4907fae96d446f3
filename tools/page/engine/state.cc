/*
 * state.cc - the machine as it is now, for JavaScript to read.
 */
#include "engine.h"

static Bit64u state[64];

static void put_segment(Bit64u *to, const bx_segment_reg_t *segment)
{
	to[0] = segment->selector.value;
	to[1] = segment->cache.u.segment.base;
	to[2] = segment->cache.u.segment.limit_scaled;
}

/* The order is that of STATE in machine.js. */
EXPORT Bit64u *pc_state(void)
{
	for (int r = 0; r < 16; r++)
		state[r] = CPU->gen_reg[r].rrx;
	state[16] = RIP;
	state[17] = CPU->read_eflags();
	state[18] = CPU->cr0.get32();
	state[19] = CPU->cr2;
	state[20] = CPU->cr3;
	state[21] = CPU->cr4.get32();
	state[22] = CPU->efer.get32();
	state[23] = CPU->get_cpu_mode();
	state[24] = CPU->sregs[BX_SEG_REG_CS].cache.u.segment.d_b;
	state[25] = CPU->gdtr.base;
	state[26] = CPU->gdtr.limit;
	state[27] = CPU->idtr.base;
	state[28] = CPU->idtr.limit;
	state[29] = bx_pc_system.get_enable_a20();
	state[30] = CPU->activity_state;
	state[31] = bx_pc_system.time_ticks();
	state[32] = bx_pc_system.time_usec();
	state[33] = CPU->get_icount();
	state[34] = CPU->get_laddr(BX_SEG_REG_CS, RIP);
	state[35] = CPU->get_laddr(BX_SEG_REG_SS, RSP);
	for (int s = 0; s < 6; s++)
		put_segment(state + 36 + 3 * s, &CPU->sregs[s]);
	put_segment(state + 54, &CPU->tr);
	return state;
}

/* ---- Memory ---------------------------------------------------------------- */

static Bit8u bytes[8192];

/* Physical memory, ROM and video memory too; at most so many bytes at once. */
EXPORT Bit8u *pc_memory(double physical, unsigned count)
{
	for (unsigned i = 0; i < count && i < sizeof bytes; i++) {
		bytes[i] = 0xFF;
		BX_MEM(0)->dbg_fetch_mem(CPU, (bx_phy_address)physical + i, 1,
					 bytes + i);
	}
	return bytes;
}

/* The physical address behind a linear one, or -1. */
EXPORT double pc_physical(double linear)
{
	bx_phy_address at;

	if (!CPU->dbg_xlate_linear2phy((bx_address)(Bit64s)linear, &at))
		return -1;
	return (double)at;
}

/* ---- Disassembly ------------------------------------------------------------ */

static char text[256];
static unsigned length;

/* Intel's syntax. big: 32-bit code; wide: 64-bit code. */
EXPORT const char *pc_disassemble(double linear, int big, int wide)
{
	bxInstruction_c i;
	bx_address at = (bx_address)(Bit64s)linear;
	bx_phy_address physical;

	memset(bytes, 0, 16);
	for (int n = 0; n < 16; n++)
		if (CPU->dbg_xlate_linear2phy(at + n, &physical))
			BX_MEM(0)->dbg_fetch_mem(CPU, physical, 1, bytes + n);
	memset(text, 0, sizeof text);
	disasm(bytes, big, wide, text, &i, 0, at);
	length = i.ilen();
	return text;
}

EXPORT unsigned pc_length(void)
{
	return length;
}
EXPORT Bit8u *pc_bytes(void)
{
	return bytes;
}
