/*
 * look.h - ask the BIOS and the hardware. Nothing is written but to our own
 * memory.
 */
#ifndef DIAG_LOOK_H
#define DIAG_LOOK_H

#include "diag/facts.h"

/* The screen as it was: to be called before anything changes it. */
void look_at_screen(struct screen_facts *screen);

/* `drive` and `bios_drive` are filled in already. No write function (HW-21). */
void look_at_drive(struct drive_facts *drive);

/* The maps as stage 2 would find and make them. */
void look_at_memory(struct memory_facts *memory,
		    const struct image_header *header);

/* Opens A20, in stage 2's order, and leaves it open. */
void look_at_a20(struct a20_facts *a20);

void look_at_cpu(struct cpu_facts *cpu);

/* Keyboard, ports, the names of machine and BIOS. */
void look_at_machine(struct machine_facts *machine);

#endif
