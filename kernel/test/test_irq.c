/*
 * test_irq.c - interrupts of devices, through whatever controllers there are.
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/pit.h"
#include "kernel/irq/controllers.h"
#include "kernel/irq/irq.h"
#include "kernel/irq/local_apic.h"
#include "kernel/kernel.h"
#include "kernel/memory/pages.h"
#include "kernel/test/test.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "x86/port.h"

#define TIMEOUT_US 5000000

static volatile uint64_t calls;

static void call(void)
{
	calls++;
}

/* Whether an interrupt comes so many more times. How soon is for a busy host
 * to decide. */
static bool comes(unsigned int irq, uint64_t times)
{
	uint64_t wanted = irq_count(irq) + times;
	struct deadline deadline = deadline_after_us(TIMEOUT_US);

	while (irq_count(irq) < wanted && !deadline_has_come(&deadline))
		cpu_pause();
	return irq_count(irq) >= wanted;
}

TEST(irq_interrupts_are_on)
{
	EXPECT(cpu_flags() & EFLAGS_IF);
}

/* 8259s that are not used let nothing through, others only what has a
 * handler. */
TEST(irq_pics_are_masked)
{
	unsigned int mask = port_read(PIC1_DATA);

	mask |= (unsigned int)port_read(PIC2_DATA) << 8;

	for (unsigned int irq = 0; irq < 16; irq++)
		if (irq != 2 &&
		    (irq_controllers() == IRQ_APIC || !irq_name(irq)))
			EXPECT(mask >> irq & 1);
}

/* The PIT's line, also where the timer is another. */
static bool pit_interrupts(void)
{
	bool came;

	if (!irq_handle(IRQ_PIT, "test", call))
		return false;
	calls = 0;
	pit_tick(TIMER_HZ);
	irq_enable(IRQ_PIT);
	/* More than one: each was ended. */
	came = comes(IRQ_PIT, 3) && calls >= 3;
	irq_disable(IRQ_PIT);
	return came;
}

/* After irq_disable() nothing comes any more. */
static bool stays_quiet(void)
{
	uint64_t before;

	sleep_ms(2 * 1000 / TIMER_HZ);
	before = calls;
	sleep_ms(5 * 1000 / TIMER_HZ);
	return calls == before;
}

TEST(irq_device_line)
{
	if (irq_controllers() == IRQ_PIC) {
		/* It is the timer's, and stays so. */
		EXPECT(comes(IRQ_PIT, 3));
		return;
	}
	EXPECT(pit_interrupts());
	EXPECT(stays_quiet());
	irq_handle(IRQ_PIT, NULL, NULL);
}

TEST(irq_counts_have_names)
{
	unsigned int irq = irq_controllers() == IRQ_APIC ? IRQ_LOCAL_TIMER :
							   IRQ_PIT;

	EXPECT(irq_name(irq) != NULL);
	EXPECT(irq_name(IRQ_COM2) == NULL);
	EXPECT(comes(irq, 2));
	EXPECT(interrupt_count(irq_vector(irq)) >= irq_count(irq));
}

/* The last one that begins at or below a global interrupt. */
static const struct acpi_io_apic *io_apic_of(const struct acpi_interrupts *acpi,
					     uint32_t global)
{
	const struct acpi_io_apic *found = &acpi->io_apics[0];

	for (uint32_t i = 1; i < acpi->io_apic_count; i++) {
		const struct acpi_io_apic *next = &acpi->io_apics[i];

		if (next->first <= global &&
		    (found->first > global || next->first > found->first))
			found = next;
	}
	return found;
}

/* The entry of IRQ 5 in its I/O APIC. */
static uint32_t read_input_5(void)
{
	const struct acpi_interrupts *acpi = &firmware_acpi()->interrupts;
	const struct acpi_io_apic *of = io_apic_of(acpi, acpi->isa[5].global);
	volatile uint32_t *registers =
		pages_map_device("I/O APIC", of->address, 0x20);

	registers[0] = 0x10 + 2 * (acpi->isa[5].global - of->first);
	return registers[4];
}

/* Each bit by the wire's own. The last kind, which is let through, is an ISA
 * wire's usual one, edge and high: with another, a wire without a device would
 * look as if it interrupted. An interrupt of a device would find no handler. */
TEST(irq_wires_are_told_to_the_io_apic)
{
	struct acpi_isa_irq wire = firmware_acpi()->interrupts.isa[5];
	uint32_t masked = 0x10000 | irq_vector(5), input[4], on, off;
	unsigned int routed = 0;

	if (irq_controllers() != IRQ_APIC)
		return;
	cpu_interrupts_off();
	for (uint32_t kind = 4; kind-- > 0;) {
		wire.active_low = kind & 1;
		wire.level = kind & 2;
		routed += io_apic_route(&wire, irq_vector(5), local_apic_id());
		input[kind] = read_input_5();
	}
	io_apic_enable(wire.global);
	on = read_input_5();
	io_apic_disable(wire.global);
	off = read_input_5();
	irq_handle(5, NULL, NULL);
	cpu_interrupts_on();
	EXPECT(routed == 4);
	for (uint32_t kind = 0; kind < 4; kind++)
		EXPECT(input[kind] ==
		       (masked | (kind & 1) << 13 | (kind & 2) << 14));
	EXPECT(!(on & 0x10000));
	EXPECT(off & 0x10000);
}

/* Pins of the local APIC, LVT LINT0 and LINT1: SDM 3A, "Local Vector Table". */
static uint32_t read_pin(uint32_t pin)
{
	uint64_t registers = local_apic_address();

	if (!registers)
		return (uint32_t)cpu_read_msr(0x835 + pin);
	return *(volatile uint32_t *)(registers + 0x350 + 0x10 * pin);
}

/* With a wrong polarity the wire may raise one. */
static void ignore_nmi(struct trap_frame *frame)
{
	(void)frame;
}

TEST(irq_nmi_wire_is_told_to_the_local_apic)
{
	const struct acpi_interrupts *acpi = &firmware_acpi()->interrupts;
	const struct acpi_nmi first = { 0, true, false };
	const struct acpi_nmi second = { 1, false, true };
	uint32_t pin[4];

	if (irq_controllers() != IRQ_APIC)
		return;
	interrupt_handle(VECTOR_NMI, ignore_nmi);
	cpu_interrupts_off();
	local_apic_start_cpu(0xFF, &first, false);
	pin[0] = read_pin(0);
	pin[1] = read_pin(1);
	local_apic_start_cpu(0xFF, &second, false);
	pin[2] = read_pin(0);
	pin[3] = read_pin(1);
	local_apic_start_cpu(0xFF, &acpi->nmi, false);
	timer_set_rate(TIMER_HZ);
	cpu_interrupts_on();
	interrupt_handle(VECTOR_NMI, NULL);
	EXPECT(pin[0] == 0x2400 && pin[1] == 0x10000);
	EXPECT(pin[2] == 0x10000 && pin[3] == 0x8400);
}

/* As the 8259s would send them: IRQ 7 and 15 that are in service nowhere. Their
 * handlers are not called (HW-36). */
static bool pics_are_seen_through(void)
{
	uint64_t before = irq_spurious();

	calls = 0;
	if (!irq_handle(7, "test", call) || !irq_handle(15, "test", call))
		return false;
	__asm__ volatile("int $0x27");
	__asm__ volatile("int $0x2F");
	irq_handle(7, NULL, NULL);
	irq_handle(15, NULL, NULL);
	return calls == 0 && irq_spurious() == before + 2;
}

/* Who takes an interrupt over asks for it anew. */
TEST(irq_handled_anew_is_masked)
{
	EXPECT(irq_handle(5, "test", call));
	irq_enable(5);
	EXPECT(irq_handle(5, NULL, NULL));
	EXPECT(port_read(PIC1_DATA) >> 5 & 1);
}

TEST(irq_spurious_is_counted)
{
	uint64_t before;

	EXPECT(pics_are_seen_through());
	before = irq_spurious();
	__asm__ volatile("int $0x25"); /* one without a handler */
	EXPECT(irq_spurious() == before + 1);
	__asm__ volatile("int $0xFF"); /* the local APIC's own */
	EXPECT(irq_spurious() == before + 2);

	/* Nothing was ended that was not in service: all goes on. */
	EXPECT(comes(irq_controllers() == IRQ_APIC ? IRQ_LOCAL_TIMER : IRQ_PIT,
		     3));
}
