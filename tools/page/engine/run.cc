/*
 * run.cc - the loop that executes instructions, and where it stops.
 *
 * Bochs stays as it is: the linker's --wrap turns its first cpu_loop() into a
 * return to JavaScript, which from then on calls pc_run().
 */
#include "engine.h"

unsigned steps, stop_found;
static bool started, powered_off;

static inline bool is_marked(Bit32u at)
{
	at &= (1 << MARK_BITS) - 1;
	return control->marks[at >> 3] >> (at & 7) & 1;
}

extern "C" void __wrap__ZN8BX_CPU_C8cpu_loopEv(void)
{
	started = true;
	emscripten_exit_with_live_runtime();
}

/* ---- Breaking it ---------------------------------------------------------- */

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
extern "C" void __real__ZN7BX_CPU_C5CPUIDEP15bxInstruction_c(bxInstruction_c *);
extern "C" void __wrap__ZN7BX_CPU_C5CPUIDEP15bxInstruction_c(bxInstruction_c *i)
{
	Bit32u leaf = EAX;

	__real__ZN7BX_CPU_C5CPUIDEP15bxInstruction_c(i);
	if (no_long_mode && leaf == 0x80000001)
		RDX &= ~(1 << 29);
}

/* Closes address line 20; with stuck, nothing opens it again. */
EXPORT void pc_break_a20(int stuck)
{
	bx_pc_system.set_enable_a20(false);
	a20_stuck = stuck;
}

EXPORT void pc_break_long_mode(void)
{
	no_long_mode = true;
}

EXPORT void pc_set_register(unsigned number, double value)
{
	CPU->gen_reg[number].rrx = (Bit64u)value;
}

/* ---- Running -------------------------------------------------------------- */

/* Powering off ends in Bochs's exit(), which must not take us with it. */
extern "C" void __real_exit(int);
extern "C" void __wrap_exit(int status)
{
	if (!started)
		__real_exit(status); /* a mistake in the settings */
	powered_off = true;
	longjmp(BX_CPU_C::jmp_buf_env, 1);
}

/* A return has happened, of a near or far call or of an interrupt. */
void stop_at_return(void)
{
	if (RSP > control->return_stack)
		stop_found |= STOP_RETURN;
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

static void instruction_step(void)
{
	bxInstruction_c *i = CPU->getICacheEntry()->i;

	RIP += i->ilen();
	BX_CPU_CALL_METHOD(i->execute1, (i));
	CPU->prev_rip = RIP;
	CPU->icount++;
	BX_TICK1();
	CPU->async_event &= ~BX_ASYNC_EVENT_STOP_TRACE;
	steps++;
}

/* Runs until `steps` is `until`, or an event of the mask has happened. */
EXPORT unsigned pc_run(double until)
{
	static unsigned last, found;

	last = (unsigned)until;
	stop_found = 0;
	if (setjmp(BX_CPU_C::jmp_buf_env)) {
		/* an exception of the guest; its handler comes next */
		CPU->icount++;
		BX_TICK1();
		steps++;
	}
	CPU->prev_rip = RIP;
	CPU->speculative_rsp = false;
	for (;;) {
		Bit32u at = next_address();

		record_step(at);
		if (is_marked(at) && RSP >= control->mark_stack)
			stop_found |= STOP_MARK;
		found = stop_found &
			(control->mask | STOP_MARK | STOP_SHUTDOWN);
		stop_found = 0;
		if (powered_off ||
		    CPU->activity_state == BX_CPU_C::BX_ACTIVITY_STATE_SHUTDOWN)
			found |= STOP_SHUTDOWN;
		if (found || steps >= last)
			return found;
		if (CPU->async_event) {
			if (CPU->activity_state)
				wait_step();
			if (CPU->activity_state || CPU->handleAsyncEvent())
				continue;
		}
		instruction_step();
	}
}

EXPORT void pc_stop(unsigned mask, double return_stack, double mark_stack)
{
	control->mask = mask;
	control->return_stack = (Bit64u)return_stack;
	control->mark_stack = (Bit64u)mark_stack;
}

EXPORT void pc_watch(unsigned from, unsigned to)
{
	control->watch_from = from;
	control->watch_to = to;
}

EXPORT void pc_mark(unsigned address, int on)
{
	Bit8u *byte;

	address &= (1 << MARK_BITS) - 1;
	byte = control->marks + (address >> 3);
	*byte = on ? *byte | 1 << (address & 7) : *byte & ~(1 << (address & 7));
}

EXPORT void pc_clear_marks(void)
{
	memset(control->marks, 0, sizeof control->marks);
}

EXPORT int pc_started(void)
{
	return started;
}
EXPORT double pc_steps(void)
{
	return steps;
}
EXPORT int pc_powered_off(void)
{
	return powered_off;
}

EXPORT void pc_key(unsigned key, int released)
{
	DEV_kbd_gen_scancode(key | (released ? BX_KEY_RELEASED : 0));
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
