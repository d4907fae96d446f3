/*
 * panic.h - stop the kernel with a message.
 *
 *	panic("frame %#lx freed twice", frame);
 *	ASSERT(frame < end);
 *
 * The page shows message, place, all registers, the code where it happened, who
 * called whom with files and lines, the end of the log, where the other
 * processors were and who holds which lock, white on red, and the same on COM1
 * and port E9h. Then QEMU is left with status 35, if panic_leave_qemu() was
 * called, or the machine stops.
 *
 * With several processors the first one that panics writes the page. Others
 * that panic stop, and print nothing.
 *
 * For broken invariants only: what input can cause is answered with an error.
 *
 * Context: any. Takes no lock, allocates nothing, and relies on no
 * variable: with all of them overwritten the page has fewer lines, but is
 * written. It needs the page tables, the constants and the stack in use; an
 * exception also needs GDT, IDT, TSS and handlers to get here. A panic while
 * the page is written adds one line, and the page goes on with its next
 * section.
 */
#ifndef KERNEL_PANIC_PANIC_H
#define KERNEL_PANIC_PANIC_H

#include <stdint.h>

#include "kernel/cpu/trap.h"
#include "kernel/symbols.h"

#define panic(...) panic_at(HERE, __VA_ARGS__)

#define ASSERT(condition)                               \
	do {                                            \
		if (!(condition))                       \
			panic("ASSERT(%s)", #condition); \
	} while (0)

/* Saves the registers of its caller (kernel/cpu/interrupt_entry.asm). */
__attribute__((format(printf, 2, 3), cold)) _Noreturn void
panic_at(const struct place *place, const char *format, ...);

/* The end of an exception without a handler. Returns only for an NMI that comes
 * to a processor that panics already: it is ignored. */
void panic_trap(const struct trap_frame *frame);

/* Leave QEMU by isa-debug-exit after a panic: `exit` on the command line. */
void panic_leave_qemu(void);

/*
 * The value between a function's arrays and its return address (gcc, clang:
 * -fstack-protector-strong, -mstack-protector-guard=global). A function that
 * finds it changed panics (stack_protector.c).
 */
#define NO_STACK_PROTECTOR __attribute__((no_stack_protector))

/* Make the value hard to guess. To be called where no protected function is
 * running: one would find a value other than the one it saved. */
void stack_protector_start(uint64_t random);

#endif
