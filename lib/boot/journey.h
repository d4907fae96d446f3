/*
 * journey.h - the milestones of a boot: where, a name, what comes.
 *
 * For all who show a boot: the page (tools/page), the debugger (tools/debug)
 * and step mode (diag/step.c), which stops at those of 16-bit code. In order;
 * X_AT is the symbol whose first instruction begins it. layout.h says how such
 * a file is written.
 */
#ifndef BOOT_JOURNEY_H
#define BOOT_JOURNEY_H

#define JOURNEY_SECTOR_AT	"bootsector_start"
#define JOURNEY_SECTOR_NAME	"Sector"
#define JOURNEY_SECTOR_TEXT	"512 bytes that the BIOS has put at 7C00h load the rest."

#define JOURNEY_STAGE2_AT	"stage2_start"
#define JOURNEY_STAGE2_NAME	"Stage 2"
#define JOURNEY_STAGE2_TEXT	"Room to be careful: clear variables, check the header, find the disk."

#define JOURNEY_CPU_AT		"cpu_check"
#define JOURNEY_CPU_NAME	"CPU"
#define JOURNEY_CPU_TEXT	"Is it a 64-bit CPU?"

#define JOURNEY_A20_AT		"a20_enable"
#define JOURNEY_A20_NAME	"A20"
#define JOURNEY_A20_TEXT	"Address line 20 must be open, or every odd mebibyte is an alias."

#define JOURNEY_MEMORY_AT	"low_memory_check"
#define JOURNEY_MEMORY_NAME	"Memory"
#define JOURNEY_MEMORY_TEXT	"The BIOS tells what memory there is."

#define JOURNEY_SCREEN_AT	"video_init"
#define JOURNEY_SCREEN_NAME	"Screen"
#define JOURNEY_SCREEN_TEXT	"Which text screen is there?"

#define JOURNEY_LOADING_AT	"blobs_load"
#define JOURNEY_LOADING_NAME	"Loading"
#define JOURNEY_LOADING_TEXT	"Through a buffer below 1 MiB, in visits to 32-bit mode."

#define JOURNEY_LONG_AT		"long_mode_enter"
#define JOURNEY_LONG_NAME	"Long mode"
#define JOURNEY_LONG_TEXT	"The last BIOS call, page tables, and the switch to 64 bits."

#define JOURNEY_C64_AT		"stage2_main"
#define JOURNEY_C64_NAME	"64-bit C"
#define JOURNEY_C64_TEXT	"Prove what was loaded, describe the machine."

#define JOURNEY_KERNEL_AT	"kernel_main"
#define JOURNEY_KERNEL_NAME	"Kernel"
#define JOURNEY_KERNEL_TEXT	"C from here on: its own segments and exceptions."

#define JOURNEY_PAGES_AT	"pages_start"
#define JOURNEY_PAGES_NAME	"Pages"
#define JOURNEY_PAGES_TEXT	"Everything absent, read-only or no-execute that can be."

#define JOURNEY_CONSOLE_AT	"console_start"
#define JOURNEY_CONSOLE_NAME	"Console"
#define JOURNEY_CONSOLE_TEXT	"Screen and serial line; what the loader found is reported."

#define JOURNEY_DEVICES_AT	"firmware_start"
#define JOURNEY_DEVICES_NAME	"Devices"
#define JOURNEY_DEVICES_TEXT	"ACPI's tables, interrupt controllers."

#define JOURNEY_TIME_AT		"clock_start"
#define JOURNEY_TIME_NAME	"Time"
#define JOURNEY_TIME_TEXT	"Clocks are compared until they agree."

#define JOURNEY_REPORT_AT	"report_machine"
#define JOURNEY_REPORT_NAME	"Report"
#define JOURNEY_REPORT_TEXT	"The machine is described."

#define JOURNEY_PROMPT_AT	"input_start"
#define JOURNEY_PROMPT_NAME	"Prompt"
#define JOURNEY_PROMPT_TEXT	"Keyboard and monitor: it waits for you."

#endif
