/*
 * sleep.pml - who sleeps, and who wakes: a semaphore and a mutex, with the wait
 * queue under both. See models.py for how this is bound to the C.
 *
 * Two threads go down and two go up; then each locks the mutex. A thread that is
 * ready may run at once. The scheduler's lock is one step here: ticket.pml.
 *
 * Proven: no wake-up is lost, the semaphore lets in as many as it counts, and
 * never do two have the mutex.
 */
#define THREADS 4
#define MINE (2 * _pid + 2)	/* the address of this thread: even, not 0 */
#define WAITED 1

mtype = { RUNNING, WAITING, READY };
mtype state[THREADS] = RUNNING;
bool sched_lock;
byte count, owner, holders;
chan downs = [THREADS] of { byte };
chan lockers = [THREADS] of { byte };

inline sched_hold()
{
	atomic { !sched_lock -> sched_lock = true }
}

/* kernel/thread/wait.c: wait */
inline wait_in(queue)
{
	state[_pid] = WAITING;		// me->state = THREAD_WAITING;
	queue ! _pid;			// append(queue, me);
	sched_lock = false;		// sched_switch();
	atomic { state[_pid] == READY -> state[_pid] = RUNNING } /* runs */
	sched_hold();			/* and the lock is passed on to it */
}

/* kernel/thread/wait.c: wait_wake */
inline wait_wake(queue)
{
	queue ? woken;			// remove(thread->waits_in, thread);
	state[woken] = READY;		// sched_ready(thread);
}

/* kernel/sync/semaphore.c: semaphore_down */
inline semaphore_down()
{
	sched_hold();			// SCHED_HOLD();
	do
	:: count == 0 -> wait_in(downs)	// while (!semaphore->count) .. wait_in(
	:: else -> break		/* count is not 0 */
	od;
	assert(count > 0);		/* it has no sign */
	count--;			// semaphore->count--;
	sched_lock = false;		/* its end */
}

/* kernel/sync/semaphore.c: semaphore_up */
inline semaphore_up()
{
	sched_hold();			// SCHED_HOLD();
	count++;			// semaphore->count++;
	if
	:: nempty(downs) -> wait_wake(downs)	// wait_wake_one(
	:: empty(downs)			/* wait_wake_one() looks */
	fi;
	sched_lock = false;		/* its end */
}

/* kernel/sync/mutex.c: wait_for */
inline wait_for()
{
	sched_hold();			// SCHED_HOLD();
	atomic {
		before = owner; // atomic_compare_exchange_weak(&mutex->owner
		owner = (before -> before | WAITED : MINE); // MUTEX_WAITED
	}
	if
	:: before -> wait_in(lockers)	// wait_in(&mutex->queue);
	:: else
	fi;
	sched_lock = false;		/* its end */
}

/* kernel/sync/mutex.c: mutex_lock */
inline mutex_lock()
{
	atomic {
		before = owner;		// atomic_compare_exchange_strong(
		owner = (before -> before : MINE);	// (uint64_t)me
	}
	if
	:: before -> wait_for()		// wait_for(mutex, me);
	:: else
	fi
}

/* kernel/sync/mutex.c: pass_on */
inline pass_on()
{
	if
	:: lockers ? <woken> ->		// next = mutex->queue.first;
		owner = 2 * woken + 2 + (len(lockers) > 1);	// MUTEX_WAITED
		wait_wake(lockers) // if (next) .. wait_wake_one(&mutex->queue);
	:: empty(lockers) -> owner = 0	/* unreached: WAITED has a waiter */
	fi
}

/* kernel/sync/mutex.c: unlock_waited */
inline unlock_waited()
{
	assert(before == (MINE | WAITED));	// check_owner(mutex, me);
	sched_hold();			// SCHED_HOLD();
	pass_on();			// pass_on(mutex);
	sched_lock = false;		/* its end */
}

/* kernel/sync/mutex.c: mutex_unlock */
inline mutex_unlock()
{
	atomic {
		before = owner;		// atomic_compare_exchange_strong(
		owner = (before == MINE -> 0 : before);	// &mine, 0
	}
	if
	:: before != MINE -> unlock_waited()	// unlock_waited(mutex, me);
	:: else
	fi
}

active [THREADS] proctype thread()
{
	byte before, woken;

	if
	:: _pid % 2 -> semaphore_down()
	:: else -> semaphore_up()
	fi;
	mutex_lock();
	holders++;
	assert(holders == 1);
	holders--;
	mutex_unlock()
}

/*
 * Mutant lost-wake-up
 * - :: count == 0 -> wait_in(downs)
 * + :: count == 0 -> sched_lock = false; sched_hold(); wait_in(downs)
 * finds: invalid end state
 *
 * Mutant wait-without-loop
 * - :: count == 0 -> wait_in(downs)
 * + :: count == 0 -> wait_in(downs); break
 * finds: assertion violated (count>0)
 *
 * Mutant unlock-forgets-waiters
 * - pass_on();
 * + owner = 0;
 * finds: invalid end state
 *
 * Mutant told-but-not-waiting
 * - :: before -> wait_in(lockers)
 * + :: before -> sched_lock = false; sched_hold(); wait_in(lockers)
 * finds: invalid end state
 */
