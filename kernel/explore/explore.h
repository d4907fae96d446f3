/*
 * explore.h - two threads meet at every instruction: explore on the command
 * line.
 *
 * A bug in code that runs at once shows when a thread loses the processor
 * between two certain instructions, once in a million times. Here each of these
 * times is tried: a thread is stepped, instruction by instruction (stepped.h),
 * through a lock, a wait, an allocation; after the first instruction the other
 * thread runs until its end, then the first one goes on, and the result is
 * checked. Then the same after the second instruction, and so on (scenario.h).
 * With preemptions=2 the other one is interrupted, too, after each of its
 * instructions; where that makes too many pairs, at some only, and a line says
 * at how many. An interrupt's handler is not interrupted.
 *
 * Programs, too: call-NAME kills one at an instruction of that call, one in
 * 37 (in 101 of a call of 10,000 or more), with preemptions=2 at every one,
 * and nothing of it stays (killed.c). A page fault in a call counts as one
 * instruction.
 *
 * It is the kernel as it is that is explored: the same bytes, on any machine.
 * The path is the same each time: no timer has a part in it.
 *
 * What is wrong ends in the panic page, which shows the schedule as a short
 * string: explore=lock:c37 on the command line plays that one once more.
 */
#ifndef KERNEL_EXPLORE_EXPLORE_H
#define KERNEL_EXPLORE_EXPLORE_H

/* Does it, if the command line has explore, and leaves QEMU: with status 33 if
 * nothing is wrong. Elsewhere the machine stops. Needs threads_start_ticks();
 * other processors must not have been started. */
void explore_run(void);

#endif
