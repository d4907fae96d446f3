/*
 * look_machine.c - keyboard, ports, the names of machine and BIOS.
 */
#include "diag/door.h"
#include "diag/look.h"
#include "x86/port.h"

#define INT_PCI 0x1A
#define PCI_BIOS_PRESENT 0xB101 /* RBIL INT 1A/AX=B101h */
#define PCI_SIGNATURE 0x20494350 /* "PCI " */
#define BDA_COM_PORTS 0x400	/* 4 words */
#define BDA_KEYBOARD_MODE 0x496 /* byte: bit 4: 101 keys */
#define ROM_SEGMENT 0xF000
#define ROM_DATE 0xFFF5 /* "MM/DD/YY" */

/* SMBIOS 2.x, 5.2.1: the entry point's fields. */
#define SMBIOS_LENGTH 0x16  /* word: of the table */
#define SMBIOS_ADDRESS 0x18 /* dword */
#define SMBIOS_BIOS 0	    /* types of structures */
#define SMBIOS_SYSTEM 1

static uint8_t rom_read(uint32_t address)
{
	return far_read((uint16_t)(address >> 4), address & 15);
}

static uint32_t rom_word(uint32_t address)
{
	return rom_read(address) | (uint32_t)rom_read(address + 1) << 8;
}

/* String `number` behind a structure; what can't be printed becomes '.'. */
static void copy_string(char to[NAME_SIZE], uint32_t at, uint32_t end,
			uint8_t number)
{
	int length = 0;

	if (!number)
		return;
	for (; number > 1 && at < end; at++)
		if (!rom_read(at))
			number--;
	for (; at < end && rom_read(at) && length < NAME_SIZE - 1; at++) {
		char c = (char)rom_read(at);

		to[length++] = c < ' ' || c > '~' ? '.' : c;
	}
	while (length && to[length - 1] == ' ')
		length--;
	to[length] = '\0';
}

/* Where the next structure begins: behind two zeros. */
static uint32_t skip_strings(uint32_t at, uint32_t end)
{
	while (at < end && rom_word(at))
		at++;
	return at + 2;
}

static void read_tables(struct machine_facts *machine, uint32_t at,
			uint32_t end)
{
	while (at + 6 < end) {
		uint8_t type = rom_read(at), size = rom_read(at + 1);
		uint32_t strings = at + size;

		if (size < 4)
			return;
		if (type == SMBIOS_BIOS) {
			copy_string(machine->bios_vendor, strings, end,
				    rom_read(at + 4));
			copy_string(machine->bios_version, strings, end,
				    rom_read(at + 5));
		} else if (type == SMBIOS_SYSTEM) {
			copy_string(machine->system_vendor, strings, end,
				    rom_read(at + 4));
			copy_string(machine->system_name, strings, end,
				    rom_read(at + 5));
		}
		at = skip_strings(strings, end);
	}
}

/* The tables are out of reach of real mode when they lie above 1 MiB. */
static void look_for_smbios(struct machine_facts *machine)
{
	for (uint32_t at = ROM_SEGMENT << 4; at < BIOS_ROM_END; at += 16) {
		uint32_t address, length;

		if (rom_word(at) != 0x535F || rom_word(at + 2) != 0x5F4D)
			continue; /* not "_SM_" */
		address = rom_word(at + SMBIOS_ADDRESS) |
			  rom_word(at + SMBIOS_ADDRESS + 2) << 16;
		length = rom_word(at + SMBIOS_LENGTH);
		if (address < BIOS_ROM_END && length <= BIOS_ROM_END - address)
			read_tables(machine, address, address + length);
		return;
	}
}

void look_at_machine(struct machine_facts *machine)
{
	struct registers ask = { 0 };

	machine->kbc_status = port_read(KBC_STATUS);
	machine->shift_state = far_read(0, BDA_SHIFT_STATE);
	machine->keyboard_mode = far_read(0, BDA_KEYBOARD_MODE);
	bios_call(INT_EQUIPMENT, &ask);
	machine->equipment = (uint16_t)ask.eax;
	for (uint32_t i = 0; i < 4; i++)
		machine->com_ports[i] = low_word(BDA_COM_PORTS + 2 * i);
	machine->pic1_mask = port_read(PIC1_DATA);
	machine->pic2_mask = port_read(PIC2_DATA);
	ask = (struct registers){ .eax = PCI_BIOS_PRESENT };
	bios_call(INT_PCI, &ask);
	if (!(ask.flags & EFLAGS_CF) && ask.edx == PCI_SIGNATURE)
		machine->pci_version = (uint16_t)ask.ebx;
	for (uint32_t i = 0; i < 8; i++) {
		char c = (char)far_read(ROM_SEGMENT, ROM_DATE + i);

		machine->bios_date[i] = c < ' ' || c > '~' ? '.' : c;
	}
	look_for_smbios(machine);
}
