/*
 * step.c - step mode: the loader stops at each milestone, and waits for a key.
 */
#include "diag/step.h"

#include <stdbool.h>

#include "boot/bootinfo.h"
#include "boot/image.h"
#include "boot/journey.h"
#include "boot/layout.h"
#include "boot/x86.h"
#include "diag/console.h"
#include "diag/door.h"
#include "diag/far.h"
#include "diag/page.h"

#define STEP_SEGMENT (STEP_ADDR / 16)
#define BDA_WARM_BOOT 0x472 /* word (RBIL MEMORY 40h:72h) */
#define BDA_MEMORY_KIB 0x413 /* word (RBIL MEMORY 40h:13h) */
#define VECTOR_DEBUG 1
/* DR7 (SDM 3B, "Debug Control Register (DR7)"): DR0 alone, for execution. */
#define DR7_NONE 0x400
#define DR7_DR0 (DR7_NONE | 0x2)

extern const char bss_end[];
extern void step_trap(void);
extern stage2_routine stage2_cpu_check, stage2_a20_enable;
extern stage2_routine stage2_low_memory_check, stage2_video_init;
extern stage2_routine stage2_blobs_load, stage2_long_mode_enter;
extern stage2_variable stage2_cpu_signature, stage2_a20_method;
extern stage2_variable stage2_raw_count, stage2_map_source;
extern stage2_variable stage2_video_mode, stage2_video_columns;
extern stage2_variable stage2_video_rows;

/* ---- What was found so far -------------------------------------------- */

static void found_cpu(void)
{
	page_row("CPU", "signature %08X: 64-bit, and all that is needed",
		 stage2_dword(stage2_cpu_signature));
}

static void found_a20(void)
{
	static const char *const methods[] = {
		[A20_WAS_OPEN] = "was open",
		[A20_BIOS] = "opened by the BIOS, INT 15h AX=2401h",
		[A20_PORT_92] = "opened by port 92h",
		[A20_KEYBOARD] = "opened by the keyboard controller",
	};

	page_row("A20", "%s", methods[stage2_byte(stage2_a20_method) & 7]);
}

static void found_memory(void)
{
	static const char *const sources[] = {
		[MAP_E820] = "E820",
		[MAP_E801] = "E801",
		[MAP_88] = "INT 15h AH=88h",
	};

	page_row("Memory", "%u entries by %s",
		 stage2_dword(stage2_raw_count) & 0xFFFF,
		 sources[stage2_byte(stage2_map_source) & 3]);
}

static void found_screen(void)
{
	page_row("Screen", "mode %u, %u columns, %u rows",
		 stage2_byte(stage2_video_mode),
		 stage2_byte(stage2_video_columns),
		 stage2_byte(stage2_video_rows));
}

static uint32_t header_dword(uint32_t offset)
{
	uint32_t value = 0;

	for (uint32_t i = 4; i--;)
		value = value << 8 | far_read(0, HEADER_ADDR + offset + i);
	return value;
}

static void found_blobs(void)
{
	uint32_t count = low_word(HEADER_ADDR + HEADER_BLOB_COUNT);

	for (uint32_t i = 0; i < count && i < BLOBS_MAX; i++) {
		uint32_t at = HEADER_BLOBS + i * BLOB_SIZE;

		page_row(i ? "Module" : "Kernel", "%u bytes at %08X",
			 header_dword(at + BLOB_BYTES),
			 header_dword(at + BLOB_LOAD));
	}
}

/* ---- What comes ------------------------------------------------------- */

static uint32_t read_cr0(void)
{
	uint32_t value;

	__asm__ volatile("movl %%cr0, %0" : "=r"(value));
	return value;
}

static uint32_t read_cr4(void)
{
	uint32_t value;

	__asm__ volatile("movl %%cr4, %0" : "=r"(value));
	return value;
}

static void next_loading(void)
{
	page_row("Then", "32 KiB at a time: the BIOS reads them to %X, a visit",
		 DISK_BUFFER_ADDR);
	page_row("", "to 32-bit mode (CR0.PE = 1) copies them up, and back");
}

static void next_long_mode(void)
{
	page_row("CR4", "%08X -> %08X: PAE, entries of 8 bytes; SSE",
		 read_cr4(), (uint32_t)BOOT_CR4);
	page_row("CR3", "page tables for the first 4 GiB");
	page_row("EFER", "LME: long mode is wanted");
	page_row("CR0", "%08X -> %08X: PE protection, PG paging", read_cr0(),
		 (uint32_t)BOOT_CR0);
	page_row("CS", "a 64-bit segment: from here on it is long mode");
	page_gap();
	page_text("The BIOS ends here, and with it the keys: no more stops.");
}

/* ---- The stops -------------------------------------------------------- */

static const struct milestone {
	stage2_routine *at;
	const char *name, *text;
	void (*next)(void);  /* prints more about what comes; or NULL */
	void (*found)(void); /* prints its result, at the next stop */
} milestones[] = {
	{ &stage2_cpu_check, JOURNEY_CPU_NAME, JOURNEY_CPU_TEXT, NULL,
	  found_cpu },
	{ &stage2_a20_enable, JOURNEY_A20_NAME, JOURNEY_A20_TEXT, NULL,
	  found_a20 },
	{ &stage2_low_memory_check, JOURNEY_MEMORY_NAME, JOURNEY_MEMORY_TEXT,
	  NULL, found_memory },
	{ &stage2_video_init, JOURNEY_SCREEN_NAME, JOURNEY_SCREEN_TEXT, NULL,
	  found_screen },
	{ &stage2_blobs_load, JOURNEY_LOADING_NAME, JOURNEY_LOADING_TEXT,
	  next_loading, found_blobs },
	{ &stage2_long_mode_enter, JOURNEY_LONG_NAME, JOURNEY_LONG_TEXT,
	  next_long_mode, NULL },
};

#define MILESTONES (sizeof(milestones) / sizeof(milestones[0]))

static unsigned int step_count;	/* milestones that were reached */
static uint16_t step_old_vector[2];	/* offset, segment */
static struct step_frame step_last_frame; /* registers at the last stop */

static void step_set_vector(uint16_t offset, uint16_t segment)
{
	const uint16_t words[2] = { offset, segment };

	for (uint32_t i = 0; i < sizeof(words); i++)
		far_write(0, VECTOR_DEBUG * 4 + i, ((const uint8_t *)words)[i]);
}

/* Sets the address of the next stop; 0: no more stops. */
static void step_stop_at(uint32_t address)
{
	uint32_t control = address ? DR7_DR0 : DR7_NONE;

	__asm__ volatile("movl %0, %%dr0\n\t"
			 "movl %1, %%dr6\n\t"
			 "movl %2, %%dr7"
			 :
			 : "r"(address), "r"(0), "r"(control));
}

static char step_star(uint32_t now, uint32_t before)
{
	return step_count && now != before ? '*' : ' ';
}

/* Those that have changed since the last stop get a star. */
static void show_registers(const struct step_frame *now)
{
#define SHOWN(name) now->name, step_star(now->name, step_last_frame.name)
	page_row("At", "%04X:%04X, CR0 %08X: real mode", now->cs, now->ip,
		 read_cr0());
	page_row("Registers", "EAX %08X%c EBX %08X%c ECX %08X%c", SHOWN(eax),
		 SHOWN(ebx), SHOWN(ecx));
	page_row("* changed", "EDX %08X%c ESI %08X%c EDI %08X%c", SHOWN(edx),
		 SHOWN(esi), SHOWN(edi));
	page_row("", "EBP %08X%c flags %04X%c", SHOWN(ebp), SHOWN(flags));
#undef SHOWN
}

static void show_stop(const struct step_frame *now)
{
	const struct milestone *milestone = &milestones[step_count];

	page_begin(milestone->name);
	page_text("Comes next: %s", milestone->text);
	page_gap();
	if (milestone->next)
		milestone->next();
	page_gap();
	show_registers(now);
	page_gap();
	for (unsigned int i = 0; i < step_count; i++)
		milestones[i].found();
	page_end_step(step_count + 1 == MILESTONES);
}

void step_stop(uint32_t frame)
{
	struct step_frame now = { 0 };

	for (uint32_t i = 0; i < sizeof(now); i++)
		((uint8_t *)&now)[i] = far_read(0, frame + i);
	if (step_count < MILESTONES &&
	    now.ip == (uint16_t)(uintptr_t)milestones[step_count].at) {
		show_stop(&now);
		step_last_frame = now;
		step_count++;
	}
	if (page_end_key() == 'r')
		restart();
	if (!page_end_key() && step_count < MILESTONES) {
		step_stop_at((uint32_t)(uintptr_t)milestones[step_count].at);
		return;
	}
	step_stop_at(0);
	step_set_vector(step_old_vector[0], step_old_vector[1]);
	console_fill(0, CONSOLE_ROWS, 0, LOOK_PLAIN);
	console_show(0, 0, "");
}

void step_start(void)
{
	uint16_t kib = low_word(BDA_MEMORY_KIB);

	if (kib < STEP_END / 1024) {
		console_send("No steps: there are only a few KiB of memory.\n");
		return;
	}
	page_book("steps");
	step_old_vector[0] = low_word(VECTOR_DEBUG * 4);
	step_old_vector[1] = low_word(VECTOR_DEBUG * 4 + 2);
	for (uint32_t i = 0; i < (uint32_t)(uintptr_t)bss_end; i++)
		far_write(STEP_SEGMENT, i, far_read(own_segment(), i));
	step_set_vector((uint16_t)(uintptr_t)step_trap, STEP_SEGMENT);
	step_stop_at((uint32_t)(uintptr_t)milestones[0].at);
}

void restart(void)
{
	far_write(0, BDA_WARM_BOOT, 0x34);
	far_write(0, BDA_WARM_BOOT + 1, 0x12); /* no memory test */
	__asm__ volatile("ljmpw $0xFFFF, $0");
}
