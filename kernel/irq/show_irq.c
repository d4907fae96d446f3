/*
 * show_irq.c - the monitor's command irq: what has interrupted, how often.
 */
#include "format.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/irq/irq.h"
#include "kernel/monitor/command.h"

static const char *controllers_name(void)
{
	switch (irq_controllers()) {
	case IRQ_APIC:
		return "I/O APIC and local APIC";
	case IRQ_PIC:
		return "two 8259 controllers";
	default:
		return "none: no device can interrupt";
	}
}

static void show_irq_line(unsigned int irq)
{
	char number[8] = "local";

	if (irq != IRQ_LOCAL_TIMER)
		ksnprintf(number, sizeof(number), "%u", irq);
	kprintf("%5s   %02xh %12lu  %s\n", number, irq_vector(irq),
		irq_count(irq), irq_name(irq));
}

COMMAND(irq, .group = GROUP_DEVICES,
	.help = "show what has interrupted, and how often",
	.more = "IRQ numbers are those of the ISA bus; \"local\" is inside the "
		"processor.\nSpurious ones went away before they were taken.\n")
{
	kprintf("controllers: %s\n", controllers_name());
	kprintf("  IRQ vector        count\n");
	for (unsigned int irq = 0; irq < IRQS; irq++)
		if (irq_name(irq))
			show_irq_line(irq);
	kprintf("  NMI   %02xh %12lu\n", VECTOR_NMI,
		interrupt_count(VECTOR_NMI));
	kprintf("spurious    %12lu\n", irq_spurious());
}
