/*
 * play.c - one schedule: two threads on stepped processors.
 */
#include "format.h"
#include "kernel/cpu/cpus.h"
#include "kernel/explore/scenario.h"
#include "kernel/explore/stepped.h"
#include "kernel/panic/tell.h"
#include "kernel/sync/spinlock.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "string.h"

#define INSTRUCTIONS_MAX 200000 /* a schedule that needs more never ends */
#define PARTS 2

struct part {
	void (*function)(void);
	struct thread *thread; /* NULL: none, b is an interrupt's handler */
	volatile bool inside; /* the function has begun, and not ended */
	volatile bool over;
};

static struct part parts[PARTS];
volatile bool scenario_counts;

static int64_t run_part(void *argument)
{
	struct part *part = argument;

	part->inside = true;
	part->function();
	part->inside = false;
	part->over = true;
	return 0;
}

/* ---- Whose turn it is ---------------------------------------------------- */

struct turns {
	const struct schedule *schedule;
	struct played *played;
	uint32_t cpu; /* that executes */
	uint32_t counted; /* instructions since it happened last */
	bool sent; /* an interrupt has been sent, and is not taken yet */
};

static uint32_t other_cpu(const struct turns *turns)
{
	return turns->schedule->kind == SCHEDULE_CPUS ?
		       STEPPED_FIRST + STEPPED_LAST - turns->cpu :
		       turns->cpu;
}

static enum stepped_interrupt sent_kind(const struct turns *turns)
{
	return turns->schedule->kind == SCHEDULE_TICKS ? STEPPED_TICK :
							 STEPPED_CALL;
}

/* The idle thread's count, too, while somebody waits. */
static bool counts(uint32_t cpu)
{
	if (!scenario_counts)
		return false;
	for (int i = 0; i < PARTS; i++)
		if (cpus[cpu].thread == parts[i].thread)
			return parts[i].inside;
	return parts[0].inside || parts[1].inside;
}

static void note(struct turns *turns, uint64_t rip)
{
	struct played *played = turns->played;

	played->after[played->happened] = turns->counted;
	played->at[played->happened++] = rip;
	turns->counted = 0;
}

static void let_it_happen(struct turns *turns)
{
	if (turns->schedule->kind == SCHEDULE_CPUS) {
		note(turns, stepped_rip(turns->cpu));
		if (!stepped_sleeps(other_cpu(turns)))
			turns->cpu = other_cpu(turns);
	} else {
		stepped_send(turns->cpu, sent_kind(turns));
		turns->sent = true;
	}
}

/* When one of the two is over, nothing that follows meets anything. */
static bool is_due(const struct turns *turns)
{
	size_t next = turns->played->happened;

	return !turns->sent && next < turns->schedule->count &&
	       turns->counted == turns->schedule->after[next] &&
	       !parts[0].over && !parts[1].over;
}

/* One that sleeps leaves its turn to the other. An interrupt that was to come
 * later comes now, when all sleep. False: nobody can go on. */
static bool somebody_goes_on(struct turns *turns)
{
	if (!stepped_sleeps(turns->cpu))
		return true;
	turns->cpu = other_cpu(turns);
	if (!stepped_sleeps(turns->cpu))
		return true;
	if (turns->schedule->kind != SCHEDULE_INTERRUPT || turns->sent ||
	    turns->played->happened == turns->schedule->count)
		return false;
	stepped_send(turns->cpu, STEPPED_CALL);
	turns->sent = true;
	/* Not where it was wanted. */
	turns->counted = AFTER_ALL_SLEEP;
	return true;
}

/* Fowler, Noll and Vo's hash, FNV-1a, of 64 bits. */
#define FNV_PRIME 0x100000001B3

static void execute_one(struct turns *turns)
{
	uint32_t cpu = turns->cpu;
	bool pauses = stepped_pauses(cpu), counted = counts(cpu);
	struct played *played = turns->played;
	uint64_t rip = stepped_rip(cpu);

	played->path = (played->path ^ rip ^ cpu) * FNV_PRIME;
	played->instructions++;
	stepped_step(cpu);
	if (turns->sent && !stepped_waits(cpu, sent_kind(turns))) {
		turns->sent = false;
		note(turns, rip);
	} else if (turns->counted != AFTER_ALL_SLEEP) {
		turns->counted += counted;
	}
	if (pauses && !stepped_sleeps(other_cpu(turns)))
		turns->cpu = other_cpu(turns);
}

static bool execute_all(struct turns *turns)
{
	while (somebody_goes_on(turns)) {
		if (turns->played->instructions > INSTRUCTIONS_MAX)
			return false;
		while (is_due(turns))
			let_it_happen(turns);
		execute_one(turns);
	}
	return true;
}

/* ---- Before and after ---------------------------------------------------- */

/* It stands at its function's beginning. */
static bool start_part(struct part *part, const char *name, uint32_t cpu)
{
	part->thread = thread_create(name, run_part, part);
	if (!part->thread)
		return false;
	for (int i = 0; cpu && !part->inside && i < INSTRUCTIONS_MAX; i++)
		stepped_step(cpu);
	return part->inside || !cpu;
}

static bool start_parts(const struct schedule *schedule)
{
	const struct scenario *scenario = schedule->scenario;

	parts[0] = (struct part){ .function = scenario->a };
	parts[1] = (struct part){ .function = scenario->b };
	stepped_call = scenario->b;
	if (!start_part(&parts[0], "a", STEPPED_FIRST))
		return false;
	if (schedule->kind == SCHEDULE_INTERRUPT)
		return true;
	/* On one processor it comes when the first one leaves. */
	return start_part(&parts[1], "b",
			  schedule->kind == SCHEDULE_CPUS ? STEPPED_LAST : 0);
}

extern const struct spinlock *const locks_start[], *const locks_end[];

/* What holds whenever all have done what they had to do. */
static const char *what_is_left(void)
{
	for (int i = 0; i < PARTS; i++)
		if (parts[i].thread && parts[i].thread->state != THREAD_DONE)
			return "a thread waits, and nobody will wake it";
	for (uint32_t i = STEPPED_FIRST; i <= STEPPED_LAST; i++) {
		if (cpus[i].locks_held)
			return "a CPU holds a lock for ever";
		/* It stands in the handler of #DB. */
		if (cpus[i].nesting != 1)
			return "a CPU is in an interrupt for ever";
		if (cpus[i].ready.count || cpus[i].ready.first)
			return "a thread is in a run queue for ever";
		if (cpus[i].told && stepped_sleeps(i))
			return "a CPU is told of a thread, and does not look";
	}
	for (const struct spinlock *const *lock = locks_start; lock < locks_end;
	     lock++)
		if ((*lock)->owner || !spinlock_is_free(*lock))
			return "a lock is held for ever";
	return sched_has_ready() ? "the count of ready threads is wrong" : NULL;
}

static void join_parts(void)
{
	for (int i = 0; i < PARTS; i++)
		if (parts[i].thread)
			thread_join(parts[i].thread);
}

/* What they wait for, on the panic page. */
PANIC_ROW(explored_threads)
{
	const struct thread *thread = n < PARTS ? parts[n].thread : NULL;
	bool waits = thread && thread->state == THREAD_WAITING;

	if (n >= PARTS || !parts[0].function)
		return false;
	ksnprintf(text, size, "thread %c: %s%s", (char)('a' + n),
		  parts[n].over ? "is over" :
		  !thread	? "an interrupt" :
				  thread_state_name(thread->state),
		  waits ? " for " : "");
	if (waits)
		ksnprintf(text + strlen(text), size - strlen(text), "%s",
			  thread->waits_in->name);
	return true;
}

void play(const struct schedule *schedule, struct played *played)
{
	struct turns turns = { schedule, played, STEPPED_FIRST, 0, false };

	*played = (struct played){ .wrong = NULL };
	scenario_counts = true;
	if (schedule->scenario->prepare)
		schedule->scenario->prepare();
	if (!start_parts(schedule)) {
		played->wrong = "the threads do not start";
		return;
	}
	if (!execute_all(&turns)) {
		played->wrong = "it never ends";
		return;
	}
	played->wrong = what_is_left();
	if (played->wrong)
		return;
	join_parts();
	parts[0].function = NULL;
	played->wrong = schedule->scenario->check();
}
