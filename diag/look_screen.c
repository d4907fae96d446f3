/*
 * look_screen.c - the screen as the BIOS left it.
 */
#include "diag/door.h"
#include "diag/look.h"
#include "x86/port.h"

#define UNANSWERED 0x0F		 /* AH of the call that asks for the mode */
#define VIDEO_COMBINATION 0x1A00 /* RBIL INT 10/AX=1A00h */
#define VBE_INFORMATION 0x4F00	 /* VBE 3.0, 4.3 */
#define VBE_WORKED 0x004F
#define BDA_CRTC 0x463	      /* word: port (RBIL MEMORY 40h:63h) */
#define BDA_FONT_HEIGHT 0x485 /* byte */

extern stage2_routine stage2_mode_read;
extern stage2_variable stage2_video_mode, stage2_video_columns;
extern stage2_variable stage2_video_rows;

/* The head of VBE's information block. */
static struct {
	char signature[4];
	uint16_t version;
	uint8_t others[12];
	uint16_t memory_64k;
	uint8_t rest[492];
} vbe;

/* Text memory is there if it keeps what is written; stage 2 tests it so. */
static bool text_memory(uint32_t address)
{
	uint16_t segment = (uint16_t)(address / 16);
	uint8_t before = far_read(segment, 0);
	bool kept = true;

	for (unsigned int pattern = 0x5A; pattern <= 0xA5; pattern += 0x4B) {
		far_write(segment, 0, (uint8_t)pattern);
		kept = kept && far_read(segment, 0) == pattern;
	}
	far_write(segment, 0, before);
	return kept;
}

static void look_at_vbe(struct screen_facts *screen)
{
	struct registers ask = { .eax = VBE_INFORMATION,
				 .edi = (uintptr_t)&vbe,
				 .es = OUR_SEGMENT };

	bios_call(INT_VIDEO, &ask);
	if ((uint16_t)ask.eax != VBE_WORKED)
		return;
	screen->vbe = vbe.version;
	screen->vbe_64k = vbe.memory_64k;
}

static void look_at_crtc(struct screen_facts *screen)
{
	screen->crtc = low_word(BDA_CRTC);
	if (screen->crtc != CRTC_COLOR && screen->crtc != CRTC_MONO)
		return;
	for (uint8_t i = 0; i < CRTC_REGISTERS; i++) {
		port_write(screen->crtc, i);
		screen->crtc_values[i] = port_read(screen->crtc + 1);
	}
}

void look_at_screen(struct screen_facts *screen)
{
	struct registers ask = { .eax = VIDEO_COMBINATION };

	stage2_call(stage2_mode_read);
	screen->mode = stage2_byte(stage2_video_mode);
	if (!screen->mode && stage2_byte(stage2_video_columns) == UNANSWERED)
		return; /* no video BIOS */
	screen->columns = stage2_byte(stage2_video_columns);
	screen->rows = stage2_byte(stage2_video_rows);
	screen->page = far_read(0, BDA_VIDEO_PAGE);
	screen->font_height = far_read(0, BDA_FONT_HEIGHT);
	bios_call(INT_VIDEO, &ask);
	if ((uint8_t)ask.eax == VIDEO_COMBINATION >> 8) {
		screen->active = (uint8_t)ask.ebx;
		screen->other = (uint8_t)(ask.ebx >> 8);
	}
	look_at_vbe(screen);
	screen->color_text = text_memory(VGA_TEXT_ADDR);
	screen->mono_text = text_memory(VGA_MONO_ADDR);
	look_at_crtc(screen);
}
