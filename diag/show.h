/*
 * show.h - what was found, in words: one page each, or a few.
 *
 * Nothing here reads the hardware; page.h takes the text.
 */
#ifndef DIAG_SHOW_H
#define DIAG_SHOW_H

#include "diag/code.h"
#include "diag/facts.h"

/* All of them, in the order that docs/diagnostics.md has. */
void show_pages(const struct facts *facts);

void show_drive(const struct drive_facts *drive);
void show_sector_0(const struct drive_facts *drive);
void show_low_memory(const struct memory_facts *memory,
		     const struct a20_facts *a20);
void show_raw_map(const struct memory_facts *memory);
void show_clean_map(const struct memory_facts *memory);
void show_cpu(const struct cpu_facts *cpu);
void show_screen(const struct screen_facts *screen);
void show_machine(const struct machine_facts *machine, bool serial,
		  bool debugcon);
void show_code(const struct facts *facts);

/* The needed features that the CPU lacks, as bits for code_feature(). */
uint32_t cpu_lacks(const struct cpu_facts *cpu);

/* What the kernel may use, as CPU_* bits. */
uint32_t cpu_offers(const struct cpu_facts *cpu);

/* Do the bytes that a BIOS may overwrite differ from the disk's? (HW-3) */
bool bpb_changed(const struct drive_facts *drive);

/* The facts that go into the line for a bug report. */
struct code code_of(const struct facts *facts);

#endif
