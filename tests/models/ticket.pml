/*
 * ticket.pml - the spinlock: three processors and their interrupts' handlers
 * take the same lock. See models.py for how this is bound to the C.
 *
 * Proven: never do two hold it, nobody takes it twice or releases what he does
 * not hold, and everybody gets it.
 */
#define CPUS 3
#define HANDLERS 2	/* of so many processors, the first ones */
#define NOBODY 255

byte next, serving;
byte owner = NOBODY;
bool interrupts_on[CPUS] = true;
bool in_handler[CPUS];	/* what it has interrupted stands still */
byte holders;

/* kernel/sync/spinlock.h: spinlock_take */
inline spinlock_take(cpu, ticket, flags)
{
	flags = interrupts_on[cpu];	// flags = cpu_flags();
	interrupts_on[cpu] = false;	// cpu_interrupts_off();
	assert(owner != cpu);		// spinlock_taken_twice(lock, place);
	atomic { ticket = next; next++ } // atomic_fetch_add_explicit(&lock->next
	serving == ticket;		// spinlock_wait(lock, ticket);
	owner = cpu; // atomic_store_explicit(&lock->owner, me
}

/* kernel/sync/spinlock.h: spinlock_release */
inline spinlock_release(cpu, served, flags)
{
	assert(owner == cpu);		// spinlock_not_held(lock);
	owner = NOBODY;			// atomic_store_explicit(&lock->owner, 0
	served = serving;		// atomic_load_explicit(&lock->serving
	serving = served + 1;		// memory_order_release);
	interrupts_on[cpu] = flags;	// cpu_interrupts_on();
}

inline hold()
{
	holders++;
	assert(holders == 1);
	holders--;
}

active [CPUS] proctype thread() provided (!in_handler[_pid])
{
	byte ticket;
	bool flags;

	spinlock_take(_pid, ticket, flags);
	hold();
	spinlock_release(_pid, ticket, flags);
	spinlock_take(_pid, ticket, flags);
	hold();
	spinlock_release(_pid, ticket, flags);
}

active [HANDLERS] proctype handler()
{
	byte cpu = _pid - CPUS, ticket;
	bool flags;

	atomic {
		interrupts_on[cpu];
		interrupts_on[cpu] = false;
		in_handler[cpu] = true;
	}
	spinlock_take(cpu, ticket, flags);
	hold();
	spinlock_release(cpu, ticket, flags);
	atomic {
		in_handler[cpu] = false;
		interrupts_on[cpu] = true;
	}
}

/*
 * Mutant ticket-in-two-steps
 * - atomic { ticket = next; next++ }
 * + ticket = next; next = ticket + 1;
 * finds: assertion violated (holders==1)
 *
 * Mutant interrupts-left-on
 * - interrupts_on[cpu] = false;	// spinlock_take
 * finds: assertion violated (owner!=cpu)
 *
 * Mutant interrupts-on-too-early
 * - serving = served + 1;
 * + interrupts_on[cpu] = flags; serving = served + 1;
 * finds: invalid end state
 *
 * Mutant owner-after-release
 * - owner = NOBODY;
 * - serving = served + 1;
 * + serving = served + 1; owner = NOBODY;
 * finds: assertion violated (owner==_pid)
 */
