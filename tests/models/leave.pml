/*
 * leave.pml - a processor goes from one thread to the next, or halts: two
 * processors, two threads and the idle ones. See models.py for how this is
 * bound to the C.
 *
 * A process here is a processor; what its thread does next is left open: yield,
 * wait, or wake the others. Ticks come at any time, but to one that is idle: it
 * has none. A device's interrupt, which wakes, comes to all. The scheduler's
 * lock is one step here: ticket.pml.
 *
 * Proven: no thread runs before its registers are saved, none is in the run
 * queue twice, and no processor sleeps over a thread that is ready: for each
 * one another processor is told, if there is an idle one, and who is told looks.
 */
#define CPUS 2
#define THREADS 2
#define OTHER (1 - _pid)	/* processor */
#define IDLE (THREADS + _pid)	/* the idle thread of this processor */

bool sched_lock;
byte runs[CPUS];
bool saved[THREADS + CPUS] = true;	/* its registers are on its stack */
bool waits[THREADS], queued[THREADS] = true;
byte ready_count = THREADS;
bool told[CPUS];
bool interrupt[CPUS];	/* one is pending that wakes a processor */
bool halted[CPUS], overslept;

inline sched_hold()
{
	atomic { !sched_lock -> sched_lock = true }
}

/* It sleeps, no interrupt is on its way, and it has been told, or more are ready
 * than the other one was told of. */
#define SLEEPS_OVER(cpu) (halted[cpu] && !interrupt[cpu] && \
			  (told[cpu] || ready_count > told[1 - cpu]))

inline sched_release()
{
	d_step {
		sched_lock = false;
		overslept = SLEEPS_OVER(0) || SLEEPS_OVER(1);
		assert(!overslept)
	}
}

/* kernel/thread/sched.c: is_idle */
#define IS_IDLE(cpu) (runs[cpu] >= THREADS && !told[cpu]) // && !cpu->told

/* kernel/thread/sched.c: send_for_idle */
inline send_for_idle()
{
	if
	:: IS_IDLE(_pid) -> looks = _pid	// if (is_idle(cpu_here()))
	:: !IS_IDLE(_pid) && IS_IDLE(OTHER) -> // if (is_idle(&cpus[i])
		interrupt[OTHER] = true;	// && sched_wake(i))
		looks = OTHER			// return &cpus[i];
	:: else -> looks = CPUS			// return NULL;
	fi
}

/* kernel/thread/sched.c: wake_idle */
inline wake_idle()
{
	send_for_idle();		// send_for_idle();
	if
	:: looks < CPUS -> told[looks] = true	// cpu->told = true;
	:: else				/* nobody */
	fi
}

/* kernel/thread/sched.c: sched_idle_looks */
inline sched_idle_looks()
{
	told[_pid] = false		// cpu->told = false;
}

/* kernel/thread/sched.c: sched_ready */
inline sched_ready(thread)
{
	assert(!queued[thread]);	/* it would be in the list twice */
	queued[thread] = true;		// queue->last = thread;
	ready_count++;			// ready_count++;
	wake_idle();			// wake_idle();
}

/* kernel/thread/sched.c: next_thread */
inline next_thread()
{
	if
	:: queued[0] -> to = 0		// take_from(&cpu->ready)
	:: queued[1] -> to = 1		// ready_count ? .. take_from(
	:: !ready_count -> to = IDLE	// : cpu->idle;
	fi;
	if				/* take_from() */
	:: to < THREADS -> queued[to] = false; ready_count--	/* it, too */
	:: else
	fi
}

/* kernel/thread/switch.asm: thread_switch */
inline thread_switch()
{
	saved[from] = true;		// mov [rdi], rsp
	assert(saved[to]);		/* else there is no stack to go to */
	saved[to] = false;		// mov rsp, [rsi]
}

/* kernel/thread/sched.c: leave */
inline leave()
{
	runs[_pid] = to;		// cpu->thread = to;
	thread_switch();		// thread_switch(from, to);
}

/* kernel/thread/sched.c: sched_switch */
inline sched_switch()
{
	from = runs[_pid];		// *from = cpu->thread
	next_thread();			// next_thread(cpu);
	if
	:: to != from -> leave() // if (to == from) .. leave(cpu, from, to);
	:: else
	fi
}

/* Which queue a thread is in, and which of the others is first there, is left
 * open. */
/* kernel/thread/sched.c: sched_take_turns */
inline sched_take_turns()
{
	from = runs[_pid];		// *from = cpu->thread
	if				// *to = queue->first;
	:: from < THREADS && queued[1 - from] ->	// from == cpu->idle
		assert(!queued[from]);	/* it would be in the list twice */
		queued[from] = true;	// queue->last = from;
		to = 1 - from;		/* as said above */
		queued[to] = false;	// queue->first = to->next;
		leave()			// leave(cpu, from, to);
	:: skip				/* it is alone there, or idle */
	fi
}

/* kernel/thread/thread.c: sched_interrupt_ends */
inline tick()
{
	if
	:: !sched_lock ->		// tick_is_skipped(cpu)
		sched_hold();		// SCHED_HOLD();
		sched_take_turns();	// sched_take_turns(cpu);
		sched_release()		/* its end */
	:: else
	fi
}

inline wake(thread)
{
	sched_hold();
	if
	:: waits[thread] -> waits[thread] = false; sched_ready(thread)
	:: else
	fi;
	sched_release()
}

inline interrupts()
{
	interrupt[_pid] = false;
	if
	:: runs[_pid] != IDLE -> tick()
	:: wake(0)
	:: wake(1)
	:: skip
	fi
}

/* kernel/thread/thread.c: thread_yield */
inline thread_yield()
{
	sched_hold();			// SCHED_HOLD();
	sched_take_turns();		// sched_take_turns(cpu);
	sched_release()			/* its end */
}

/* kernel/thread/wait.c: wait */
inline wait_in()
{
	sched_hold();			/* by its caller */
	waits[runs[_pid]] = true;	// append(queue, me);
	sched_switch();			// sched_switch();
	sched_release()			/* by its caller */
}

inline halt()
{
	d_step {
		halted[_pid] = true;
		overslept = !sched_lock && SLEEPS_OVER(_pid);
		assert(!overslept)
	}
	if
	:: interrupt[_pid] -> halted[_pid] = false
	:: waits[0] -> halted[_pid] = false; wake(0)
	:: waits[1] -> halted[_pid] = false; wake(1)
	fi
}

/* kernel/thread/thread.c: idle */
inline idle()
{
	if				/* with interrupts off */
	:: ready_count || told[_pid] ->	// sched_has_ready() || cpu_here()->told
		sched_hold();		// SCHED_HOLD();
		sched_idle_looks();	// sched_idle_looks();
		sched_switch();		// sched_switch();
		sched_release()		/* the block's end */
	:: else
	fi;
	if
	:: runs[_pid] == IDLE && !ready_count -> // if (!sched_has_ready()
		halt()			// cpu_sleep();
	:: else
	fi;
	interrupts()			// cpu_interrupts_on();
}

active [CPUS] proctype processor()
{
	byte from, to, looks = CPUS;

	d_step { runs[_pid] = IDLE; saved[IDLE] = false }
	do
	:: runs[_pid] == IDLE -> idle()
	:: else ->
		interrupts();
		if
		:: runs[_pid] != IDLE -> thread_yield()
		:: runs[_pid] != IDLE -> wait_in()
		:: skip
		fi
	od
}

/*
 * Mutant run-before-saved: the lock is free before the processor has left
 * - thread_switch();
 * + sched_lock = false; thread_switch(); sched_hold();
 * finds: assertion violated saved[to]
 *
 * Mutant ready-and-running: a tick comes in between
 * - sched_hold();	// thread_yield
 * - sched_take_turns();	// thread_yield
 * + sched_ready(runs[_pid]); interrupts(); sched_hold(); sched_switch();
 * finds: assertion violated !(queued[from])
 *
 * Mutant idle-looks-too-early
 * - halt()
 * + interrupts(); halt()
 * finds: assertion violated !(overslept)
 *
 * Mutant no-wake-up-sent
 * - wake_idle();
 * finds: assertion violated !(overslept)
 *
 * Mutant interrupt-lost: it is marked as told, and nothing is sent
 * - interrupt[OTHER] = true;
 * finds: assertion violated !(overslept)
 *
 * Mutant always-the-same-one: who was told is told again, and nobody else
 * - #define IS_IDLE(cpu) (runs[cpu] >= THREADS && !told[cpu])
 * + #define IS_IDLE(cpu) (runs[cpu] >= THREADS)
 * finds: assertion violated !(overslept)
 *
 * Mutant mark-never-cleared: it is told once, and never again
 * - told[_pid] = false
 * + skip
 * finds: assertion violated !(overslept)
 *
 * Mutant marked-after-the-look: it has looked, and sleeps, when it is marked
 * - :: looks < CPUS -> told[looks] = true
 * + :: looks < CPUS
 * - sched_release()	// wake
 * + sched_release(); if :: looks < CPUS -> told[looks] = true :: else fi
 * finds: assertion violated !(overslept)
 */
