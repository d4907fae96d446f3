/*
 * run.cc - the loop that executes instructions, and what can be broken.
 *
 * Bochs stays as it is: the linker's --wrap turns its first cpu_loop() into a
 * return to JavaScript, which from then on calls pc_run().
 */
#include "engine.h"
#include <sys/time.h>

unsigned steps;
bool bochs_started;
static bool powered_off;

extern "C" void __wrap__ZN8BX_CPU_C8cpu_loopEv(void)
{
	bochs_started = true;
	emscripten_exit_with_live_runtime();
}

/* Bochs ends when the guest switches the power off. That would close its files
 * and take its devices apart; all we want is that the CPU stops. */
extern "C" void __wrap__ZN12logfunctions6fatal1EPKcz(void *, const char *, ...)
{
	powered_off = true;
	longjmp(BX_CPU_C::jmp_buf_env, 1);
}

/* Halted: is there a reason to go on? Else let the time pass until the next
 * timer, which may bring one. */
static void wait_step(void)
{
	bx_pc_system.kill_bochs_request = 1; /* only look, do not wait */
	CPU->handleAsyncEvent();
	bx_pc_system.kill_bochs_request = 0;
	if (CPU->activity_state == BX_CPU_C::BX_ACTIVITY_STATE_ACTIVE)
		return;
	BX_TICKN(bx_pc_system.getNumCpuTicksLeftNextEvent());
	steps++;
}

/* One instruction. Bochs leaves a REP early when what it writes lies in its
 * cache of decoded instructions; what is in there is no property of the machine,
 * so the REP goes on within the same step. */
static void instruction_step(void)
{
	bool early;

	do {
		bxInstruction_c *i = CPU->getICacheEntry()->i;
		bool rep = i->repUsedL();

		RIP += i->ilen();
		BX_CPU_CALL_METHOD(i->execute1, (i));
		early = rep && RIP == CPU->prev_rip &&
			CPU->async_event == BX_ASYNC_EVENT_STOP_TRACE;
		CPU->prev_rip = RIP;
		CPU->icount++;
		BX_TICK1();
		CPU->async_event &= ~BX_ASYNC_EVENT_STOP_TRACE;
	} while (early && !CPU->async_event);
	steps++;
}

static void watch_register(void)
{
	Bit64u value = pc_state()[control->watched];

	if (value != control->value)
		control->changed = steps;
	control->value = value;
}

/* Runs until `steps` is `until`. 1: the watched bytes have been read, 2: the CPU
 * has given up (triple fault) or the machine is off. */
EXPORT int pc_run(double until)
{
	static unsigned last;

	last = (unsigned)until;
	if (setjmp(BX_CPU_C::jmp_buf_env)) {
		/* an exception of the guest; its handler comes next */
		CPU->icount++;
		BX_TICK1();
		steps++;
	}
	CPU->prev_rip = RIP;
	CPU->speculative_rsp = false;
	control->has_read = 0;
	for (;;) {
		record_step((Bit32u)CPU->get_laddr(BX_SEG_REG_CS, RIP));
		if (control->watched < NO_WORD)
			watch_register();
		if (powered_off ||
		    CPU->activity_state == BX_CPU_C::BX_ACTIVITY_STATE_SHUTDOWN)
			return 2;
		if (control->has_read)
			return 1;
		if (steps >= last)
			return 0;
		if (CPU->async_event) {
			if (CPU->activity_state)
				wait_step();
			if (CPU->activity_state || CPU->handleAsyncEvent())
				continue;
			if (record_interrupted()) {
				steps++; /* the way into the handler */
				continue;
			}
		}
		instruction_step();
	}
}

EXPORT double pc_steps(void) { return steps; }
EXPORT double pc_milliseconds(void)
{
	return bx_pc_system.time_usec() / 1000.0;
}
EXPORT int pc_powered_off(void) { return powered_off; }

/* ---- What somebody does to the machine ------------------------------------ */

static bool a20_stuck, no_long_mode;

extern "C" void __real__ZN14bx_pc_system_c14set_enable_a20Eb(bx_pc_system_c *,
							     bool);
extern "C" void
__wrap__ZN14bx_pc_system_c14set_enable_a20Eb(bx_pc_system_c *system, bool open)
{
	if (!(open && a20_stuck))
		__real__ZN14bx_pc_system_c14set_enable_a20Eb(system, open);
}

/* CPUID leaf 80000001h, EDX bit 29: long mode (SDM 2A, CPUID). */
extern "C" void __real__ZN8BX_CPU_C5CPUIDEP15bxInstruction_c(bxInstruction_c *);
extern "C" void __wrap__ZN8BX_CPU_C5CPUIDEP15bxInstruction_c(bxInstruction_c *i)
{
	Bit32u leaf = EAX;

	__real__ZN8BX_CPU_C5CPUIDEP15bxInstruction_c(i);
	if (no_long_mode && leaf == 0x80000001)
		RDX &= ~(1 << 29);
}

/* Closes address line 20; with stuck, nothing opens it again. */
EXPORT void pc_close_a20(int stuck)
{
	bx_pc_system.set_enable_a20(false);
	a20_stuck = stuck;
}

EXPORT void pc_take_long_mode(void) { no_long_mode = true; }

EXPORT void pc_set_register(unsigned number, double value)
{
	CPU->gen_reg[number].rrx = (Bit64u)value;
}

EXPORT void pc_key(unsigned key, int released)
{
	DEV_kbd_gen_scancode(key | (released ? BX_KEY_RELEASED : 0));
}

/* What Bochs itself calls when a byte comes in by COM1; private in its class. */
void serial_receive(Bit8u port, Bit8u byte)
	asm("_ZN11bx_serial_c11rx_fifo_enqEhh");

EXPORT void pc_serial(unsigned byte) { serial_receive(0, byte); }

/* ---- Time --------------------------------------------------------------------- */

/* The host's clock would make no two runs the same: some of Bochs's timers look
 * at it. The machine's own time takes its place, from the year 2000 on. */
#define START_SECONDS 946684800

extern "C" int __wrap_gettimeofday(struct timeval *now, void *)
{
	Bit64u passed = bx_pc_system.time_usec();

	now->tv_sec = START_SECONDS + passed / 1000000;
	now->tv_usec = passed % 1000000;
	return 0;
}

extern "C" time_t __wrap_time(time_t *to)
{
	struct timeval now;

	__wrap_gettimeofday(&now, NULL);
	if (to)
		*to = now.tv_sec;
	return now.tv_sec;
}

/* emscripten 3.1's time_t has 32 bits, and Bochs asks for the years 0 and
 * 9999. */
extern "C" time_t __real_mktime(struct tm *);
extern "C" time_t __wrap_mktime(struct tm *tm)
{
	if (sizeof(time_t) == 4 && tm->tm_year < 2)
		return (time_t)0x80000000;
	if (sizeof(time_t) == 4 && tm->tm_year > 137)
		return (time_t)0x7fffffff;
	return __real_mktime(tm);
}
