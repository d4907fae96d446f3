/*
 * shootdown.pml - a page is taken away, and all TLBs forget it: three
 * processors, one of which is being started meanwhile. See models.py for how
 * this is bound to the C.
 *
 * Two take the same spinlock, with interrupts off, before they take their
 * page; the third one does without, once it runs. Any processor may read any
 * page that is mapped at any time.
 *
 * Proven: behind shootdown() no TLB has the page, and nobody waits for ever.
 */
#define CPUS 3
#define LATE 2	/* the one that is being started */

bool mapped[CPUS] = true;	/* a page for each to take away */
bool serves[CPUS] = { true, true, false };
bool has_apic[CPUS] = { true, true, false };
bool late_runs;	/* before, it uses nothing that is taken away */
bool interrupt[CPUS];		/* the IPI is pending */
byte shootdown_wanted, shootdowns[CPUS];
bool locked, stale;
typedef tlb { bool has[CPUS] };
tlb tlbs[CPUS];

inline flush()
{
	d_step {
		tlbs[_pid].has[0] = false;
		tlbs[_pid].has[1] = false;
		tlbs[_pid].has[2] = false
	}
}

/* kernel/cpu/shootdown.c: shootdown_serve */
inline shootdown_serve()
{
	seen = shootdown_wanted; // wanted = atomic_load(&shootdown_wanted);
	if
	:: shootdowns[_pid] != seen ->	// if (cpu->shootdowns == wanted)
		flush();		// cpu_write_cr3(cpu_cr3());
		shootdowns[_pid] = seen // atomic_store(&cpu->shootdowns
	:: else
	fi
}

/* kernel/smp/ipi.c: ipi_send_shootdown */
inline send_others()
{
	d_step {			// local_apic_send_others(IPI_FIXED
		/* 0 */ interrupt[0] = interrupt[0] || has_apic[0] && _pid != 0;
		/* 1 */ interrupt[1] = interrupt[1] || has_apic[1] && _pid != 1;
		/* 2 */ interrupt[2] = interrupt[2] || has_apic[2] && _pid != 2
	}
}

/* kernel/cpu/shootdown.c: shootdown_is_done */
#define NOT_YET(cpu) !serves[cpu]	// !atomic_load(&cpu->serves)
#define HAS_SERVED(cpu) shootdowns[cpu] >= wanted	// shootdowns) >= wanted

/* kernel/cpu/shootdown.c: shootdown */
inline shootdown()
{
	atomic {
		shootdown_wanted++; // atomic_fetch_add(&shootdown_wanted, 1)
		wanted = shootdown_wanted	// + 1;
	}
	shootdown_serve();		// shootdown_serve();
	send_others();			// shootdown_send();
	i = 0;				// i = 0;
	do
	:: i < CPUS && (NOT_YET(i) || HAS_SERVED(i)) ->	/* next */
		i++			// shootdown_is_done(&cpus[i], wanted)
	:: i < CPUS && shootdowns[_pid] != shootdown_wanted ->	/* else idly */
		shootdown_serve()	// shootdown_serve();
	:: i == CPUS -> break		/* the loop's end */
	od
}

/* kernel/sync/spinlock.c: spinlock_wait */
inline spinlock_take()
{
	do
	:: atomic { !locked -> locked = true }; break // while (atomic_load
	:: shootdowns[_pid] != shootdown_wanted ->	/* else idly */
		shootdown_serve()	// shootdown_serve();
	od
}

/* Interrupts are off. */
inline take_page_away()
{
	mapped[_pid] = false;
	shootdown();
	atomic {
		stale = tlbs[0].has[_pid] || tlbs[1].has[_pid] ||
			tlbs[2].has[_pid] && late_runs;
		assert(!stale)
	}
}

/* kernel/cpu/shootdown.c: shootdown_start_cpu */
inline shootdown_start_cpu()
{
	serves[_pid] = true;		// &cpu_here()->serves, true
	shootdown_serve()		// shootdown_serve();
}

/* kernel/smp/start.c: ap_main */
inline ap_main()
{
	flush();			// pages_start_cpu();
	has_apic[_pid] = true;		// irq_start_cpu();
	shootdown_start_cpu();		// shootdown_start_cpu();
	late_runs = true		// threads_run_cpu();
}

active [CPUS] proctype processor()
{
	byte seen, wanted, i;

	if
	:: _pid == LATE ->
		ap_main();
		if
		:: take_page_away()
		:: skip
		fi
	:: else ->
		spinlock_take();
		take_page_away();
		locked = false
	fi;
end:	do				/* interrupts are on */
	:: interrupt[_pid] -> interrupt[_pid] = false; shootdown_serve()
	od
}

#define FILL(page) \
	d_step { mapped[page] && !tlbs[_pid - CPUS].has[page] -> \
		 tlbs[_pid - CPUS].has[page] = true }

/* A processor's own: it fills its TLB when it likes. */
active [CPUS] proctype walker()
{
end:	do
	:: FILL(0)
	:: FILL(1)
	:: FILL(2)
	od
}

/*
 * Mutant shootdown-not-served
 * - shootdown_serve()	// spinlock_take
 * + false
 * finds: invalid end state
 *
 * Mutant waits-without-serving: two wait for each other
 * - shootdown_serve()	// shootdown
 * + false
 * finds: invalid end state
 *
 * Mutant told-before-forgotten
 * - flush();	// shootdown_serve
 * + shootdowns[_pid] = seen; flush();
 * finds: assertion violated !(stale)
 *
 * Mutant waits-for-the-one-before
 * - wanted = shootdown_wanted
 * + wanted = shootdown_wanted - 1
 * finds: assertion violated !(stale)
 *
 * Mutant looks-before-it-serves
 * - serves[_pid] = true;
 * - shootdown_serve()	// shootdown_start_cpu
 * + shootdown_serve(); serves[_pid] = true
 * finds: assertion violated !(stale)
 *
 * Mutant late-one-does-not-look
 * - shootdown_serve()	// shootdown_start_cpu
 * + skip
 * finds: assertion violated !(stale)
 */
