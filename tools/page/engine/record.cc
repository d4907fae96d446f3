/*
 * record.cc - what happened, and when: the record that answers questions.
 *
 * Each step is recorded once: what is run again after going back is known
 * already. The logs lie apart from the machine's state (snapshot.cc) and stay
 * when that is put back.
 */
#include "engine.h"

extern "C++" {
#include "instrument.h"
}

void stop_at_return(void);

/* ---- The logs ------------------------------------------------------------- */

struct write_entry {
	Bit32u step, code, address, bytes;
};
struct event_entry {
	Bit32u step, kind, value, code;
};
struct call_entry {
	Bit32u step, end, address, depth, kind, stack;
};
struct bios_entry {
	Bit32u step, end, vector, code, before[10], after[10];
};
struct trace_entry {
	Bit32u step, code;
};

enum { EVENT_MODE, EVENT_INTERRUPT, EVENT_EXCEPTION, EVENT_RESET, EVENT_START };
enum { CALL_NEAR, CALL_INTERRUPT, CALL_EXCEPTION };

struct log {
	Bit32u *items, count, capacity, words; /* words of an item */
	Bit32u lost; /* items there was no room for */
};
enum { LOG_WRITES, LOG_EVENTS, LOG_CALLS, LOG_BIOS, LOG_TRACE, LOG_COUNT };

static log *logs; /* in record_memory, as is what they hold */
controls *control;
Bit8u *record_memory;

static const Bit32u log_shape[LOG_COUNT][2] = {
	/* capacity, words */
	{ 1500000, 4 }, { 100000, 4 },	{ 400000, 6 },
	{ 10000, 24 },	{ 3000000, 2 },
};

void record_init(void)
{
	Bit8u *at;

	unsigned bytes = sizeof(controls) + LOG_COUNT * sizeof(log);

	for (int i = 0; i < LOG_COUNT; i++)
		bytes += log_shape[i][0] * log_shape[i][1] * 4;
	record_memory = (Bit8u *)calloc(1, bytes);
	control = (controls *)record_memory;
	logs = (log *)(record_memory + sizeof(controls));
	at = (Bit8u *)(logs + LOG_COUNT);
	for (int i = 0; i < LOG_COUNT; i++) {
		logs[i].items = (Bit32u *)at;
		logs[i].capacity = log_shape[i][0];
		logs[i].words = log_shape[i][1];
		at += logs[i].capacity * logs[i].words * 4;
	}
}

EXPORT log *pc_logs(void)
{
	return logs;
}
EXPORT unsigned pc_known(void)
{
	return control->known;
}

static Bit32u *log_at(int which, Bit32u index)
{
	return logs[which].items + index * logs[which].words;
}

/* Room for one more, or NULL. */
static Bit32u *log_add(int which)
{
	log *to = &logs[which];

	if (to->count == to->capacity) {
		to->lost++;
		return NULL;
	}
	return log_at(which, to->count++);
}

/* ---- State that going back puts back, too ---------------------------------- */

static Bit32u code; /* the instruction under way */
static Bit32u mode; /* the CPU's, at the last step */
static bool started; /* the boot sector has been reached since the reset */
static bool in_firmware, recording;
static int calling, returning, bios_cause, bios_vector;
static int exception_pending, interrupt_pending; /* vector, or -1 */
static Bit32u ports[256]; /* last value written to each of the first */
static Bit8u crtc[256], crtc_index; /* VGA: CRTC registers */
bool record_accesses;

EXPORT Bit32u *pc_ports(void)
{
	return ports;
}
EXPORT Bit8u *pc_crtc(void)
{
	return crtc;
}

static void add_event(int kind, Bit32u value)
{
	event_entry *event;

	if (recording && (event = (event_entry *)log_add(LOG_EVENTS)))
		*event = { steps, (Bit32u)kind, value, code };
}

/* ---- What Bochs tells ------------------------------------------------------ */

void record_access(Bit32u physical, unsigned bytes, unsigned rw)
{
	write_entry *write;

	if (physical < control->watch_to &&
	    physical + bytes > control->watch_from)
		stop_found |= rw == BX_READ ? STOP_READ : STOP_WRITE;
	if (rw == BX_READ || !recording)
		return;
	/* a REP, or neighbours of one step: one entry */
	if (logs[LOG_WRITES].count) {
		write = (write_entry *)log_at(LOG_WRITES,
					      logs[LOG_WRITES].count - 1);
		if (write->step == steps &&
		    write->address + write->bytes == physical) {
			write->bytes += bytes;
			return;
		}
	}
	write = (write_entry *)log_add(LOG_WRITES);
	if (write)
		*write = { steps, code, physical, bytes };
}

void record_near_branch(unsigned what, bx_address)
{
	calling = what == BX_INSTR_IS_CALL || what == BX_INSTR_IS_CALL_INDIRECT;
	returning = what == BX_INSTR_IS_RET;
}

void record_far_branch(unsigned what)
{
	if (what == BX_INSTR_IS_CALL || what == BX_INSTR_IS_CALL_INDIRECT)
		bios_cause = 1;
	returning = what == BX_INSTR_IS_RET || what == BX_INSTR_IS_IRET;
}

void record_software_interrupt(unsigned vector)
{
	/* Bochs says this of every interrupt, after what caused it. */
	if (interrupt_pending < 0 && exception_pending < 0) {
		bios_cause = 2;
		bios_vector = vector;
	}
}

void record_hardware_interrupt(unsigned vector)
{
	interrupt_pending = vector;
	stop_found |= STOP_INTERRUPT;
	add_event(EVENT_INTERRUPT, vector);
}

void record_exception(unsigned vector, unsigned error_code)
{
	exception_pending = vector;
	stop_found |= STOP_EXCEPTION;
	add_event(EVENT_EXCEPTION, vector | error_code << 8);
}

void record_port_write(unsigned port, unsigned value)
{
	if (port == 0x3D4)
		crtc_index = value;
	if (port == 0x3D4 && value > 0xFF) /* both at once */
		crtc[crtc_index] = value >> 8;
	if (port == 0x3D5)
		crtc[crtc_index] = value;
	if (port < 256)
		ports[port] = value | 0x80000000;
}

void record_reset(void)
{
	started = in_firmware = false;
	interrupt_pending = exception_pending = -1;
	memset(ports, 0, sizeof ports);
	stop_found |= STOP_RESET;
	if (logs)
		add_event(EVENT_RESET, 0);
}

/* ---- Calls ------------------------------------------------------------------ */

static Bit32u depth;
static Bit32u open_calls[256]; /* indices into the log */

static void call_open(Bit32u at, int kind)
{
	call_entry *call = (call_entry *)log_add(LOG_CALLS);

	if (!call)
		return;
	*call = { steps, 0, at, depth, (Bit32u)kind, (Bit32u)RSP };
	if (depth < 256)
		open_calls[depth++] = logs[LOG_CALLS].count - 1;
}

/* Whoever has its return address below RSP has returned, or never will. */
static void calls_close(void)
{
	while (depth) {
		call_entry *call =
			(call_entry *)log_at(LOG_CALLS, open_calls[depth - 1]);

		if (call->stack >= (Bit32u)RSP)
			return;
		call->end = steps;
		depth--;
	}
}

/* ---- The BIOS ---------------------------------------------------------------- */

static void registers_save(Bit32u *to)
{
	to[0] = EAX;
	to[1] = ECX;
	to[2] = EDX;
	to[3] = EBX;
	to[4] = ESI;
	to[5] = EDI;
	to[6] = EBP;
	to[7] = CPU->sregs[BX_SEG_REG_ES].selector.value;
	to[8] = CPU->sregs[BX_SEG_REG_DS].selector.value;
	to[9] = CPU->read_eflags();
}

/* A far call through the vector table: which vector? Several may lead to one
 * place; a routine that has 4 * vector in BP is believed. */
static int called_vector(void)
{
	Bit32u entry,
		want = CPU->sregs[BX_SEG_REG_CS].selector.value << 16 | IP;
	int first = -1;

	for (int vector = 255; vector >= 0; vector--) {
		BX_MEM(0)->dbg_fetch_mem(CPU, 4 * vector, 4, (Bit8u *)&entry);
		if (entry == want && BP == 4 * vector)
			return vector;
		if (entry == want)
			first = vector;
	}
	return first;
}

static void bios_enter(void)
{
	bios_entry *call;
	int vector = bios_cause == 2 ? bios_vector : called_vector();

	if (!bios_cause || interrupt_pending >= 0)
		return;
	stop_found |= STOP_BIOS_CALL;
	if (!recording || !(call = (bios_entry *)log_add(LOG_BIOS)))
		return;
	call->step = steps - 1; /* the instruction that called */
	call->end = 0;
	call->vector = vector;
	call->code = code;
	registers_save(call->before);
}

static void bios_leave(void)
{
	bios_entry *call;

	stop_found |= STOP_BIOS_ANSWER;
	if (!recording || !logs[LOG_BIOS].count)
		return;
	call = (bios_entry *)log_at(LOG_BIOS, logs[LOG_BIOS].count - 1);
	if (!call->end) {
		call->end = steps;
		registers_save(call->after);
	}
}

/* ---- Each step ---------------------------------------------------------------- */

/* The machine is about to execute what lies at `at`. */
void record_step(Bit32u at)
{
	bool firmware = is_firmware(at);
	trace_entry *trace;

	recording = steps >= control->known;
	if (recording)
		control->known = steps + 1;
	if (!started && at == 0x7C00 && CPU->real_mode()) {
		started = true;
		add_event(EVENT_START, 0);
	}
	if (started && firmware != in_firmware) {
		if (firmware)
			bios_enter();
		else
			bios_leave();
	}
	in_firmware = firmware;
	if (CPU->get_cpu_mode() != mode) {
		mode = CPU->get_cpu_mode();
		stop_found |= STOP_MODE;
		add_event(EVENT_MODE, mode);
	}
	if (returning) {
		stop_at_return();
		if (recording && started)
			calls_close();
	}
	if (recording && started && !firmware) {
		if (interrupt_pending >= 0)
			call_open(at, CALL_INTERRUPT);
		else if (exception_pending >= 0)
			call_open(at, CALL_EXCEPTION);
		else if (calling)
			call_open(at, CALL_NEAR);
		trace = (trace_entry *)log_add(LOG_TRACE);
		if (trace)
			*trace = { steps, at };
	}
	if (started && !firmware)
		stop_found |= STOP_OWN;
	calling = returning = bios_cause = 0;
	interrupt_pending = exception_pending = -1;
	code = at;
	record_accesses = recording || control->watch_to;
}

/* ---- Questions ------------------------------------------------------------------ */

/* Which write entry touched this byte: the last before a step, or the first
 * from it on. -1: none. */
EXPORT int pc_find_write(unsigned address, unsigned step, int later)
{
	write_entry *writes = (write_entry *)logs[LOG_WRITES].items;
	int found = -1;

	for (Bit32u i = 0; i < logs[LOG_WRITES].count; i++) {
		if (address - writes[i].address >= writes[i].bytes)
			continue;
		if (writes[i].step >= step)
			return later ? (int)i : found;
		found = i;
	}
	return later ? -1 : found;
}

/* Another future begins at this step: forget the one that was recorded. */
EXPORT void pc_forget(unsigned step)
{
	if (step >= control->known)
		return;
	control->known = step;
	for (int i = 0; i < LOG_COUNT; i++) {
		while (logs[i].count && *log_at(i, logs[i].count - 1) >= step)
			logs[i].count--;
		logs[i].lost = 0;
	}
	depth = 0;
	for (Bit32u i = 0; i < logs[LOG_CALLS].count; i++) {
		call_entry *call = (call_entry *)log_at(LOG_CALLS, i);

		if (call->end >= step)
			call->end = 0;
		depth = call->depth < 256 ? call->depth : 255;
		open_calls[depth] = i;
		depth += !call->end;
	}
}
