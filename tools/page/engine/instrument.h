/*
 * instrument.h - where Bochs tells us what the guest does.
 *
 * Bochs is made to be compiled with an instrument.h of one's own
 * (--enable-instrumentation): each macro stands at one place of its CPU. Those
 * without a body are not listened to. The functions are in record.cc.
 */
#ifndef FIRSTLIGHT_INSTRUMENT_H
#define FIRSTLIGHT_INSTRUMENT_H

class bxInstruction_c;

/* Memory accesses are frequent: nobody is called unless somebody listens. */
extern bool record_accesses;

void record_access(Bit32u physical, unsigned bytes, unsigned rw);
void record_near_branch(unsigned what);
void record_far_branch(unsigned what);
void record_interrupt(unsigned vector);
void record_hardware_interrupt(unsigned vector);
void record_exception(unsigned vector, unsigned error_code);
void record_port_write(unsigned port, unsigned value);
void record_reset(void);

#define BX_INSTR_LIN_ACCESS(cpu, lin, phy, len, type, rw)      \
	do {                                                   \
		if (record_accesses)                           \
			record_access((Bit32u)(phy), len, rw); \
	} while (0)
/* The CPU's own accesses to page tables. */
#define BX_INSTR_PHY_ACCESS(cpu, phy, len, type, rw) \
	BX_INSTR_LIN_ACCESS(cpu, 0, phy, len, type, rw)

#define BX_INSTR_UCNEAR_BRANCH(cpu, what, from, to) record_near_branch(what)
#define BX_INSTR_FAR_BRANCH(cpu, what, old_cs, from, new_cs, to) \
	record_far_branch(what)
#define BX_INSTR_INTERRUPT(cpu, vector) record_interrupt(vector)
#define BX_INSTR_HWINTERRUPT(cpu, vector, cs, eip) \
	record_hardware_interrupt(vector)
#define BX_INSTR_EXCEPTION(cpu, vector, code) record_exception(vector, code)
#define BX_INSTR_OUTP(port, len, value) record_port_write(port, value)
#define BX_INSTR_RESET(cpu, type) record_reset()

#define BX_INSTR_INIT_ENV()
#define BX_INSTR_EXIT_ENV()
#define BX_INSTR_INITIALIZE(cpu)
#define BX_INSTR_EXIT(cpu)
#define BX_INSTR_HLT(cpu)
#define BX_INSTR_MWAIT(cpu, addr, len, flags)
#define BX_INSTR_DEBUG_PROMPT()
#define BX_INSTR_DEBUG_CMD(cmd)
#define BX_INSTR_CNEAR_BRANCH_TAKEN(cpu, from, to)
#define BX_INSTR_CNEAR_BRANCH_NOT_TAKEN(cpu, from)
#define BX_INSTR_OPCODE(cpu, i, opcode, len, is32, is64)
#define BX_INSTR_CLFLUSH(cpu, lin, phy)
#define BX_INSTR_CACHE_CNTRL(cpu, what)
#define BX_INSTR_TLB_CNTRL(cpu, what, cr3)
#define BX_INSTR_PREFETCH_HINT(cpu, what, seg, offset)
#define BX_INSTR_BEFORE_EXECUTION(cpu, i)
#define BX_INSTR_AFTER_EXECUTION(cpu, i)
#define BX_INSTR_REPEAT_ITERATION(cpu, i)
#define BX_INSTR_INP(port, len)
#define BX_INSTR_INP2(port, len, value)
#define BX_INSTR_WRMSR(cpu, msr, value)
#define BX_INSTR_VMEXIT(cpu, reason, qualification)

#endif
