/*
 * record.cc - what happened, and when: the record that answers questions.
 *
 * Each step is recorded once: what is run again after going back is known
 * already. The logs lie behind the machine's state and stay when an earlier
 * state is put back.
 */
#include "engine.h"
#include "instrument.h"

/* ---- The logs -------------------------------------------------------------- */

/* The first word is a step: a write's is that of the writing instruction. */
struct write {
	Bit32u step, code, address, bytes;
};
struct event {
	Bit32u step, kind, value, code;
	Bit32u cr2[2]; /* low and high half: a page fault's address */
};
struct call {
	Bit32u step, end, address, depth, kind, rsp, stack;
	Bit32u outer; /* the call around it on its stack: its number, from 1 on */
};
struct bios_call {
	Bit32u step, end, vector, code, before[10], after[10];
	Bit32u asked[4], told[5]; /* at DS:SI before, at ES:DI after */
};
/* Addresses of all instructions that are not the BIOS's, in LOG_TRACE. The
 * steps between two of them are 1, but where LOG_GAPS tells the step. */
struct gap {
	Bit32u step, index;
};

enum {
	EVENT_MODE,
	EVENT_INTERRUPT,
	EVENT_EXCEPTION,
	EVENT_RESET,
	EVENT_START,
	EVENT_CONTROL, /* a control register, see controls_compare() */
	EVENT_STACK /* another stack is in use, see stack_follow() */
};
enum { CALL_NEAR, CALL_INTERRUPT, CALL_EXCEPTION };
enum { LOG_WRITES, LOG_EVENTS, LOG_CALLS, LOG_BIOS, LOG_GAPS, LOG_TRACE, LOGS };

static struct log {
	Bit32u *items, count, capacity, words;
	Bit32u lost; /* items there was no room for */
} * logs;
static const Bit32u log_capacity[LOGS] = { 1200000, 100000, 200000,
					   10000,   100000, 4000000 };
static const Bit32u log_words[LOGS] = { 4, 6, 8, 33, 2, 1 };

struct controls *control;
Bit8u *record_memory;

void record_init(void)
{
	size_t bytes = sizeof(*control) + LOGS * sizeof(*logs);
	Bit32u *at;

	for (int i = 0; i < LOGS; i++)
		bytes += log_capacity[i] * log_words[i] * 4;
	record_memory = (Bit8u *)calloc(1, bytes);
	control = (struct controls *)record_memory;
	control->watched = NO_WORD;
	logs = (struct log *)(control + 1);
	at = (Bit32u *)(logs + LOGS);
	for (int i = 0; i < LOGS; i++) {
		logs[i] = { at, 0, log_capacity[i], log_words[i], 0 };
		at += log_capacity[i] * log_words[i];
	}
}

EXPORT struct log *pc_logs(void) { return logs; }
EXPORT struct controls *pc_controls(void) { return control; }

/* Item of a log; -1: the last. NULL: there is none. */
template <typename T> static T *item(int which, int index)
{
	struct log *log = &logs[which];

	if (index < 0)
		index += log->count;
	return index < 0 ? NULL : (T *)(log->items + index * log->words);
}

/* Room for one more, or NULL. */
template <typename T> static T *add(int which)
{
	if (logs[which].count == logs[which].capacity) {
		logs[which].lost++;
		return NULL;
	}
	logs[which].count++;
	return item<T>(which, -1);
}

/* ---- State that an earlier moment puts back, too --------------------------- */

static Bit32u code; /* address of the instruction under way */
static Bit32u mode; /* of the last step: the CPU's, BIG_CODE */
#define BIG_CODE 8 /* protected mode with a 32-bit code segment */
static bool started; /* the boot sector has been reached since the reset */
static bool in_firmware, recording, calling;
static int interrupt = -1, exception = -1; /* vector, of the last step */
static int bios_vector; /* INT of the last step; FAR_CALL; -1: none */
#define FAR_CALL 256
#define CONTROLS 5
static Bit64u controls_last[CONTROLS];
static Bit32u ports[256]; /* last values written, bit 31 set */
static Bit8u vga[512], vga_index[2]; /* VGA: CRTC, graphics controller */
bool record_accesses;

EXPORT Bit32u *pc_ports(void) { return ports; }
EXPORT Bit8u *pc_vga(void) { return vga; }

static void add_event(Bit32u kind, Bit32u value)
{
	struct event *event = recording ? add<struct event>(LOG_EVENTS) : NULL;

	if (event)
		*event = { steps, kind, value, code,
			   { (Bit32u)CPU->cr2, (Bit32u)(CPU->cr2 >> 32) } };
}

/* ---- What Bochs tells ------------------------------------------------------- */

void record_access(Bit32u physical, unsigned bytes, unsigned rw)
{
	struct write *write;

	if (rw != BX_WRITE && physical < control->read_to &&
	    physical + bytes > control->read_from)
		control->has_read = 1;
	if (rw == BX_READ || !recording)
		return;
	write = item<struct write>(LOG_WRITES, -1);
	if (write && write->step == steps &&
	    write->address + write->bytes == physical)
		write->bytes += bytes; /* a REP goes on */
	else if ((write = add<struct write>(LOG_WRITES)))
		*write = { steps, code, physical, bytes };
}

void record_near_branch(unsigned what)
{
	calling = what == BX_INSTR_IS_CALL || what == BX_INSTR_IS_CALL_INDIRECT;
}

void record_far_branch(unsigned what)
{
	if (what == BX_INSTR_IS_CALL || what == BX_INSTR_IS_CALL_INDIRECT)
		bios_vector = FAR_CALL;
}

/* Of every interrupt, after what caused it. */
void record_interrupt(unsigned vector)
{
	if (interrupt < 0 && exception < 0)
		bios_vector = vector;
}

void record_hardware_interrupt(unsigned vector)
{
	interrupt = vector;
	add_event(EVENT_INTERRUPT, vector);
}

void record_exception(unsigned vector, unsigned error_code)
{
	exception = vector;
	add_event(EVENT_EXCEPTION, vector | error_code << 8);
}

void record_port_write(unsigned port, unsigned value)
{
	unsigned chip = port >> 1 == 0x3D4 >> 1 ? 0 : 1;

	if (port == 0x3D4 || port == 0x3CE)
		vga_index[chip] = value;
	if ((port == 0x3D4 || port == 0x3CE) && value > 0xFF)
		vga[chip << 8 | vga_index[chip]] = value >> 8; /* at once */
	if (port == 0x3D5 || port == 0x3CF)
		vga[chip << 8 | vga_index[chip]] = value;
	if (port < 256)
		ports[port] = value | 0x80000000;
}

void record_reset(void)
{
	started = in_firmware = false;
	memset(ports, 0, sizeof(ports));
	if (logs)
		add_event(EVENT_RESET, 0);
}

/* ---- Calls -------------------------------------------------------------------- */

/* Calls return on the stack that they were made on: each has its own. It is a
 * range of addresses that RSP has been in; who leaves that by more than this is on
 * another one. Threads' stacks lie a page apart at least. */
#define NEAR 2048

static bool is_near(const struct stack *stack, Bit32u rsp)
{
	return rsp + NEAR >= stack->low && rsp <= stack->high + NEAR;
}

static void stack_follow(Bit32u rsp)
{
	struct stack *all = control->all, *now = all + control->stack;

	if (!control->stacks || !is_near(now, rsp)) {
		now = all;
		while (now < all + control->stacks && !is_near(now, rsp))
			now++;
		if (now == all + STACKS) {
			logs[LOG_CALLS].lost++; /* the last one's calls, too */
			now--;
		}
		if (now >= all + control->stacks) {
			control->stacks = now - all + 1;
			*now = { rsp, rsp, 0 };
		}
		control->stack = now - all;
		add_event(EVENT_STACK, control->stack);
	}
	now->low = rsp < now->low ? rsp : now->low;
	now->high = rsp > now->high ? rsp : now->high;
}

static void call_open(Bit32u at, Bit32u kind)
{
	Bit32u *open = &control->all[control->stack].open;
	struct call *call = add<struct call>(LOG_CALLS);
	Bit32u depth = 0;

	if (!call)
		return;
	if (*open)
		depth = item<struct call>(LOG_CALLS, *open - 1)->depth + 1;
	*call = {
		steps, 0, at, depth, kind, (Bit32u)RSP, control->stack, *open
	};
	*open = logs[LOG_CALLS].count;
}

/* Who has its return address below RSP has returned, by ret or otherwise, or never
 * will. */
static void calls_close(void)
{
	Bit32u *open = &control->all[control->stack].open;

	while (*open) {
		struct call *call = item<struct call>(LOG_CALLS, *open - 1);

		if (call->rsp >= (Bit32u)RSP)
			return;
		call->end = steps;
		*open = call->outer;
	}
}

/* ---- The BIOS ------------------------------------------------------------------ */

/* Code in ROM, or in the RAM that shadows it. */
static bool is_firmware(Bit32u address)
{
	return (address >= 0xC0000 && address < 0x100000 &&
		!CPU->long_mode()) ||
	       address >= 0xFFFE0000;
}

static Bit32u segment_base(unsigned segment)
{
	return CPU->sregs[segment].cache.u.segment.base;
}

static void registers_save(Bit32u *to)
{
	static const int general[7] = { 0, 1, 2, 3, 6, 7, 5 };

	for (int i : general)
		*to++ = CPU->gen_reg[i].dword.erx;
	*to++ = segment_base(BX_SEG_REG_ES) >> 4;
	*to++ = segment_base(BX_SEG_REG_DS) >> 4;
	*to = CPU->read_eflags();
}

/* A far call through the vector table, with 4 * vector in BP as stage 2 has it;
 * several vectors may lead to the same place. -1: another call. */
static int called_vector(void)
{
	Bit32u to = CPU->sregs[BX_SEG_REG_CS].selector.value << 16 | IP, entry;

	BX_MEM(0)->dbg_fetch_mem(CPU, BP, 4, (Bit8u *)&entry);
	return entry == to && BP < 1024 ? BP / 4 : -1;
}

static void bios_enter(void)
{
	struct bios_call *call;
	int vector = bios_vector == FAR_CALL ? called_vector() : bios_vector;

	if (vector < 0 || !recording ||
	    !(call = add<struct bios_call>(LOG_BIOS)))
		return;
	*call = { steps - 1, 0, (Bit32u)vector, code };
	registers_save(call->before);
	BX_MEM(0)->dbg_fetch_mem(CPU, segment_base(BX_SEG_REG_DS) + SI,
				 sizeof(call->asked), (Bit8u *)call->asked);
}

static void bios_leave(void)
{
	struct bios_call *call = item<struct bios_call>(LOG_BIOS, -1);

	if (recording && call && !call->end) {
		call->end = steps;
		registers_save(call->after);
		BX_MEM(0)->dbg_fetch_mem(CPU, segment_base(BX_SEG_REG_ES) + DI,
					 sizeof(call->told),
					 (Bit8u *)call->told);
	}
}

/* ---- Each step -------------------------------------------------------------------- */

static void trace_step(Bit32u at)
{
	struct gap *gap = item<struct gap>(LOG_GAPS, -1);
	Bit32u index = logs[LOG_TRACE].count;
	Bit32u *to = add<Bit32u>(LOG_TRACE);

	if (!to)
		return;
	*to = at;
	if (gap && gap->step + index - gap->index == steps)
		return;
	if ((gap = add<struct gap>(LOG_GAPS)))
		*gap = { steps, index };
}

/* Has a device interrupted since the last call of record_step()? */
bool record_interrupted(void) { return interrupt >= 0; }

/* In the order of CONTROLS in record.mjs. */
static void controls_compare(void)
{
	const Bit64u now[CONTROLS] = { CPU->cr0.get32(), CPU->cr3,
				       CPU->cr4.get32(), CPU->efer.get32(),
				       bx_pc_system.get_enable_a20() };

	for (Bit32u i = 0; i < CONTROLS; i++)
		if (now[i] != controls_last[i]) {
			controls_last[i] = now[i];
			add_event(EVENT_CONTROL, i);
		}
}

/* The machine is about to execute what lies at `at`. */
void record_step(Bit32u at)
{
	bool firmware = is_firmware(at);
	Bit32u now;

	recording = steps >= control->known;
	if (recording)
		control->known = steps + 1;
	if (!started && at == 0x7C00 && CPU->real_mode()) {
		started = true;
		add_event(EVENT_START, 0);
	}
	if (started && firmware && !in_firmware)
		bios_enter();
	if (started && !firmware && in_firmware)
		bios_leave();
	in_firmware = firmware;
	now = CPU->get_cpu_mode();
	if (CPU->sregs[BX_SEG_REG_CS].cache.u.segment.d_b)
		now |= BIG_CODE;
	if (now != mode) {
		mode = now;
		add_event(EVENT_MODE, mode);
	}
	controls_compare();
	if (recording && started && !firmware) {
		stack_follow((Bit32u)RSP);
		calls_close();
		if (interrupt >= 0)
			call_open(at, CALL_INTERRUPT);
		else if (exception >= 0)
			call_open(at, CALL_EXCEPTION);
		else if (calling)
			call_open(at, CALL_NEAR);
		trace_step(at);
	}
	calling = false;
	interrupt = exception = bios_vector = -1;
	code = at;
	record_accesses = recording || control->read_to;
}

/* Another future begins at this step: forget the one that was recorded. */
EXPORT void pc_forget(unsigned step)
{
	struct gap *gap;

	if (step >= control->known)
		return;
	control->known = step;
	while ((gap = item<struct gap>(LOG_GAPS, -1)) && gap->step >= step) {
		logs[LOG_TRACE].count = gap->index;
		logs[LOG_GAPS].count--;
	}
	if (gap && gap->index + step - gap->step < logs[LOG_TRACE].count)
		logs[LOG_TRACE].count = gap->index + step - gap->step;
	for (int i = 0; i < LOG_GAPS; i++)
		while (logs[i].count && *item<Bit32u>(i, -1) >= step)
			logs[i].count--;
	for (Bit32u i = 0; i < control->stacks; i++)
		control->all[i].open = 0;
	for (Bit32u i = 0; i < logs[LOG_CALLS].count; i++) {
		struct call *call = item<struct call>(LOG_CALLS, i);

		if (call->end >= step)
			call->end = 0;
		if (!call->end)
			control->all[call->stack].open = i + 1;
	}
	for (Bit32u i = 0; i < logs[LOG_EVENTS].count; i++)
		if (item<struct event>(LOG_EVENTS, i)->kind == EVENT_STACK)
			control->stack =
				item<struct event>(LOG_EVENTS, i)->value;
}
