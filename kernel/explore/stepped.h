/*
 * stepped.h - processors that execute one instruction at a time, when told.
 *
 * They are played by the processor that runs this. Each has its own struct cpu,
 * its own task register value, and its own idle thread, and executes the
 * kernel as it is: nothing in it knows that it is stepped. The trap flag is
 * always set there, so each instruction ends in a #DB (SDM 3B, "Single-Step
 * Exception Condition"); the handler goes back to stepped_step(), which was
 * called on the boot processor, and the stepped one stands still between two
 * instructions until the next call.
 *
 * Devices interrupt nobody meanwhile. Interrupts come when they are sent by
 * stepped_send(), and are taken where a processor takes them: with IF set,
 * and not just behind an STI. Their handlers are stepped as well.
 *
 * As one processor plays all, what one writes is seen by the others at once: a
 * missing memory barrier is not found here.
 *
 * Context: the boot processor, with interrupts off.
 */
#ifndef KERNEL_EXPLORE_STEPPED_H
#define KERNEL_EXPLORE_STEPPED_H

#include <stdbool.h>
#include <stdint.h>

#define STEPPED_FIRST 1 /* numbers in cpus[] */
#define STEPPED_LAST 2

/* Make them, and let each run its idle thread. Once; there is no way back.
 * Other processors must not have been started. False: no memory is left. */
bool stepped_start(void);

/* Execute one instruction; if an interrupt is waiting and can be taken, it is,
 * and the instruction is its handler's first. One that sleeps stays where it
 * is. */
void stepped_step(uint32_t cpu);

/* Interrupts. Each is sent at most once until it is taken. */
enum stepped_interrupt {
	STEPPED_WAKE, /* another processor's, kernel/smp/ipi.c */
	STEPPED_SHOOTDOWN,
	STEPPED_TICK, /* the timer's */
	STEPPED_CALL, /* a device's; its handler is stepped_call */
	STEPPED_INTERRUPTS,
};

void stepped_send(uint32_t cpu, enum stepped_interrupt interrupt);
bool stepped_waits(uint32_t cpu, enum stepped_interrupt interrupt);
extern void (*stepped_call)(void);

/* Where a program would go to ring 3, it calls this, with interrupts off. NULL:
 * there are no programs. */
extern void (*stepped_program)(void);

/* It is in HLT, and no interrupt ends that. */
bool stepped_sleeps(uint32_t cpu);

/* The next instruction is PAUSE: it waits for another one. */
bool stepped_pauses(uint32_t cpu);

/* Where it stands. */
uint64_t stepped_rip(uint32_t cpu);

#endif
