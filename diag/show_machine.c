/*
 * show_machine.c - screen, keyboard, ports and names, in words.
 */
#include "diag/page.h"
#include "diag/show.h"

#define CRTC_ROW 13 /* registers in a row of the dump */

/* RBIL, display combination codes. */
static const char *adapter_name(uint8_t code)
{
	static const char *const names[] = {
		"none",
		"MDA, monochrome",
		"CGA, colour",
		"?",
		"EGA, colour",
		"EGA, monochrome",
		"PGA, colour",
		"VGA, monochrome",
		"VGA, colour",
		"?",
		"MCGA, digital colour",
		"MCGA, monochrome",
		"MCGA, colour",
	};

	return code < sizeof(names) / sizeof(names[0]) ? names[code] : "?";
}

static void show_mode(const struct screen_facts *screen)
{
	bool good = (screen->mode == 3 || screen->mode == 7) &&
		    screen->columns == 80 && screen->rows == 25;

	if (good)
		page_row("Mode", "%02Xh, 80 columns, 25 rows of text",
			 screen->mode);
	else
		page_warn("Mode",
			  "%02Xh, %u columns, %u rows: stage 2 sets mode 03h",
			  screen->mode, screen->columns, screen->rows);
	if (screen->page)
		page_warn("Page", "%u is shown: stage 2 shows page 0",
			  screen->page);
	page_row("Font", "%u scan lines", screen->font_height);
	if (screen->active)
		page_row("Adapter", "%s (%02Xh); other: %s (%02Xh)",
			 adapter_name(screen->active), screen->active,
			 adapter_name(screen->other), screen->other);
	else
		page_row("Adapter", "not told (INT 10h AX=1A00h): before VGA");
	if (screen->vbe)
		page_row("VBE", "version %X.%X, %u KiB of video memory",
			 screen->vbe >> 8, screen->vbe & 0xFF,
			 screen->vbe_64k * 64u);
	else
		page_row("VBE", "not there");
}

static void show_crtc(const struct screen_facts *screen)
{
	char bytes[3 * CRTC_ROW + 1];

	page_row("CRTC", "at port %03Xh, registers 00h to 18h:", screen->crtc);
	for (unsigned int i = 0; i < CRTC_REGISTERS; i += CRTC_ROW) {
		unsigned int n = 0;

		for (; n < CRTC_ROW && i + n < CRTC_REGISTERS; n++) {
			uint8_t value = screen->crtc_values[i + n];

			bytes[3 * n] = "0123456789ABCDEF"[value >> 4];
			bytes[3 * n + 1] = "0123456789ABCDEF"[value & 15];
			bytes[3 * n + 2] = ' ';
		}
		bytes[3 * n] = '\0';
		page_row("", "%s", bytes);
	}
}

void show_screen(const struct screen_facts *screen)
{
	page_begin("the screen, as stage 2 found it");
	if (!screen->columns) {
		page_warn("Video BIOS", "none: use the serial line");
		page_end();
		return;
	}
	show_mode(screen);
	page_row("Text memory", "at B8000h %s, at B0000h %s",
		 screen->color_text ? "answers" : "silent",
		 screen->mono_text ? "answers" : "silent");
	if (screen->crtc)
		show_crtc(screen);
	page_end();
}

static void show_keyboard(const struct machine_facts *machine)
{
	uint8_t status = machine->kbc_status;

	if (status == 0xFF)
		page_row("Keyboard", "port 64h: FFh, no controller");
	else
		page_row("Keyboard", "port 64h: %02Xh,%s%s%s", status,
			 status & KBC_OUT_FULL ? " a byte waits," : "",
			 status & KBC_IN_FULL ? " busy," : "",
			 status & 4 ? " tested" : " not tested");
	page_row("Shift state", "%02Xh, mode %02Xh", machine->shift_state,
		 machine->keyboard_mode);
}

static void show_ports(const struct machine_facts *machine, bool serial,
		       bool debugcon)
{
	const uint16_t *com = machine->com_ports;

	page_row("COM1", "%s", serial ? "at 3F8h, 115200 8N1" : "not there");
	page_row("By the BIOS", "COM1 %Xh, COM2 %Xh, COM3 %Xh, COM4 %Xh",
		 com[0], com[1], com[2], com[3]);
	page_row("Port E9h", "%s",
		 debugcon ? "there: an emulator" : "not there");
	page_row("Interrupts", "masks %02Xh, %02Xh", machine->pic1_mask,
		 machine->pic2_mask);
	page_row("Equipment", "%04Xh, by INT 11h", machine->equipment);
	if (machine->pci_version)
		page_row("PCI BIOS", "version %X.%02X",
			 machine->pci_version >> 8,
			 machine->pci_version & 0xFF);
	else
		page_row("PCI BIOS", "not there");
}

void show_machine(const struct machine_facts *machine, bool serial,
		  bool debugcon)
{
	page_begin("the machine");
	if (machine->system_name[0] || machine->system_vendor[0])
		page_row("System", "%s, %s", machine->system_vendor,
			 machine->system_name);
	else
		page_row("System", "no name in reach");
	if (machine->bios_vendor[0] || machine->bios_version[0])
		page_row("BIOS", "%s, %s", machine->bios_vendor,
			 machine->bios_version);
	page_row("BIOS date", "%s", machine->bios_date);
	page_gap();
	show_keyboard(machine);
	page_gap();
	show_ports(machine, serial, debugcon);
	page_end();
}
