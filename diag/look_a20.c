/*
 * look_a20.c - is A20 open, and what opens it? In stage 2's order (HW-23).
 */
#include "diag/bios.h"
#include "diag/far.h"
#include "diag/look.h"
#include "x86/port.h"

/* A word that nobody reads any more: the boot sector has proven the sum. */
#define PROBE (HEADER_ADDR + HEADER_SUM)
#define HIGH_SEGMENT 0xFFFF /* its offset 10h is at 1 MiB */
#define TESTS_SHORT 32
#define TESTS_LONG 0x8000
#define DELAY_PORT 0x80 /* POST code port: a read takes 1 us */
#define KBC_POLLS 0x10000
#define NOT_TOLD 0xFF
#define NOT_THERE 0xFF

/* Does the byte at PROBE differ from the one 1 MiB above, now or soon? */
static bool a20_is_open(unsigned int tests)
{
	uint8_t before = far_read(0, PROBE);
	bool open = false;

	while (tests-- && !open) {
		far_write(0, PROBE, (uint8_t)(far_read(0, PROBE) + 1));
		port_read(DELAY_PORT);
		open = far_read(HIGH_SEGMENT, PROBE + 0x10) !=
		       far_read(0, PROBE);
	}
	far_write(0, PROBE, before);
	return open;
}

static void ask_bios(uint32_t function, struct bios_registers *answer)
{
	*answer = (struct bios_registers){ .eax = function };
	bios_call(INT_SYSTEM, answer);
}

static void bios_open(void)
{
	struct bios_registers answer;

	ask_bios(0x2401, &answer);
}

/* A 1 in bit 0 would reset the machine. */
static void port_92_open(void)
{
	uint8_t value = port_read(PORT_92);

	if (value != NOT_THERE)
		port_write(PORT_92,
			   (value | PORT_92_A20) & (uint8_t)~PORT_92_RESET);
}

/* Until the controller takes a byte; what it has for us is dropped. */
static bool keyboard_wait(void)
{
	for (uint32_t polls = 0; polls < KBC_POLLS; polls++) {
		uint8_t status = port_read(KBC_STATUS);

		if (status == NOT_THERE)
			return false;
		if (status & KBC_OUT_FULL)
			port_read(KBC_DATA);
		else if (!(status & KBC_IN_FULL))
			return true;
		port_read(DELAY_PORT);
	}
	return false;
}

static void keyboard_send(void)
{
	if (!keyboard_wait())
		return;
	port_write(KBC_STATUS, KBC_WRITE_OUTPUT);
	if (!keyboard_wait())
		return;
	port_write(KBC_DATA, KBC_OUTPUT_A20_ON);
	if (!keyboard_wait())
		return;
	port_write(KBC_STATUS, KBC_PULSE_NONE);
	keyboard_wait();
}

/* The BIOS's keyboard interrupt writes commands, too. */
static void keyboard_open(void)
{
	__asm__ volatile("cli");
	keyboard_send();
	__asm__ volatile("sti");
}

/* The first way that works; 0: none. */
static uint8_t find_method(void)
{
	static void (*const ways[])(void) = { [A20_BIOS] = bios_open,
					      [A20_PORT_92] = port_92_open,
					      [A20_KEYBOARD] = keyboard_open };

	for (uint8_t way = A20_BIOS; way <= A20_KEYBOARD; way++) {
		ways[way]();
		if (a20_is_open(TESTS_LONG))
			return way;
	}
	return 0;
}

void look_at_a20(struct a20_facts *a20)
{
	struct bios_registers answer;

	a20->was_open = a20_is_open(TESTS_SHORT);
	ask_bios(0x2402, &answer);
	a20->status_answer = answer.flags & EFLAGS_CF ? NOT_TOLD :
							(uint8_t)answer.eax;
	ask_bios(0x2403, &answer);
	a20->support_answer = answer.flags & EFLAGS_CF ? NOT_TOLD :
							 (uint8_t)answer.ebx;
	a20->port_92 = port_read(PORT_92);
	a20->method = a20->was_open ? A20_WAS_OPEN : find_method();
}
