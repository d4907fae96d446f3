#include "kernel/irq/irq.h"

#include <stdatomic.h>
#include <stddef.h>

#include "kernel/command_line.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/irq/controllers.h"
#include "kernel/irq/local_apic.h"
#include "kernel/panic/panic.h"
#include "kernel/sync/spinlock.h"
#include "string.h"

/* The 8259s have vectors of their own even where they are not used: what they
 * send by mistake must not be taken for something else. APICs take the upper
 * half of a vector as its priority: the timer's is above the devices'. */
#define VECTOR_PIC 0x20
#define VECTOR_APIC 0x30
#define VECTOR_SPURIOUS 0xFF

struct line {
	const char *name;
	void (*handler)(void); /* NULL: none */
	_Atomic uint64_t count;
};

static struct line irq_lines[IRQS];
static _Atomic uint64_t irq_spurious_count;

static enum irq_controllers irq_chosen;
static uint32_t irq_input_count;
static bool has_local_apic; /* and its registers can be reached */
static const struct acpi_interrupts *irq_wiring;

/* Guards the masks, which are read and written in two steps. */
static struct spinlock irq_lock = SPINLOCK("irq");
SPINLOCK_LISTED(irq_lock);

static void (*irq_end_call)(unsigned int irq);

void irq_at_end(void (*call)(unsigned int irq))
{
	irq_end_call = call;
}

/* ---- Arriving ------------------------------------------------------------ */

static void irq_call_handler(unsigned int irq)
{
	struct line *line = &irq_lines[irq];

	if (!line->handler) {
		irq_spurious_count++;
		return;
	}
	line->count++;
	line->handler();
}

static void irq_enter_from_pic(struct trap_frame *frame)
{
	unsigned int irq = (unsigned int)frame->vector - VECTOR_PIC;

	if (pic_is_spurious(irq)) {
		irq_spurious_count++;
		return;
	}
	irq_call_handler(irq);
	pic_end(irq);
	if (irq_end_call)
		irq_end_call(irq);
}

static void irq_enter_from_apic(struct trap_frame *frame)
{
	unsigned int irq = (unsigned int)frame->vector - VECTOR_APIC;

	irq_call_handler(irq);
	local_apic_end();
	if (irq_end_call)
		irq_end_call(irq);
}

/* No end of interrupt for this one: SDM 3A, "Spurious Interrupt". */
static void irq_enter_spurious(struct trap_frame *frame)
{
	(void)frame;
	irq_spurious_count++;
}

/* ---- Choosing ------------------------------------------------------------ */

static bool irq_start_apics(const struct acpi_interrupts *acpi)
{
	if (!has_local_apic)
		return false;
	irq_input_count = io_apic_start(acpi);
	/* I/O APICs have 8 bits for the processor's number. */
	return irq_input_count && local_apic_id() <= 0xFF;
}

static const char *irq_choice(size_t n)
{
	return n == 0 ? "pic" : NULL;
}

COMMAND_LINE_WORD(irq, .value = "pic", .needs_value = true,
		  .choice = irq_choice,
		  .help = "use the 8259 interrupt controllers, whatever ACPI "
			  "says");

void irq_start(const struct acpi_interrupts *acpi, const char *wanted)
{
	bool pics = pic_start(VECTOR_PIC);

	irq_wiring = acpi;
	for (unsigned int i = 0; i < PIC_IRQS; i++)
		interrupt_handle(VECTOR_PIC + i, irq_enter_from_pic);
	for (unsigned int i = 0; i < IRQS; i++)
		interrupt_handle(VECTOR_APIC + i, irq_enter_from_apic);
	interrupt_handle(VECTOR_SPURIOUS, irq_enter_spurious);

	has_local_apic = local_apic_start();
	irq_chosen = IRQ_APIC;
	if ((wanted && strcmp(wanted, "pic") == 0) || !irq_start_apics(acpi)) {
		irq_chosen = pics ? IRQ_PIC : IRQ_NONE;
		irq_input_count = PIC_IRQS;
	}
	irq_start_cpu();
}

/* A local APIC stands between the 8259s and the processor: there they are let
 * through by it. */
void irq_start_cpu(void)
{
	if (!has_local_apic)
		return;
	local_apic_start_cpu(VECTOR_SPURIOUS, &irq_wiring->nmi,
			     irq_chosen != IRQ_APIC);
	cpu_this()->apic_id = local_apic_id();
}

enum irq_controllers irq_controllers(void)
{
	return irq_chosen;
}

uint32_t irq_inputs(void)
{
	return irq_input_count;
}

/* ---- For drivers --------------------------------------------------------- */

unsigned int irq_vector(unsigned int irq)
{
	return (irq_chosen == IRQ_APIC ? VECTOR_APIC : VECTOR_PIC) + irq;
}

/* Where there is an input for it, it is masked then. */
static bool irq_route(unsigned int irq)
{
	if (irq == IRQ_LOCAL_TIMER)
		return irq_chosen == IRQ_APIC;
	if (irq_chosen == IRQ_APIC)
		return io_apic_route(&irq_wiring->isa[irq], irq_vector(irq),
				     local_apic_id());
	if (irq_chosen == IRQ_PIC)
		pic_disable(irq);
	return irq_chosen == IRQ_PIC;
}

bool irq_handle(unsigned int irq, const char *name, void (*handler)(void))
{
	SPINLOCK_HOLD(&irq_lock);

	ASSERT(irq < IRQS && irq != PIC_CASCADE);
	if (!irq_route(irq))
		return false;
	irq_lines[irq].name = name;
	irq_lines[irq].handler = handler;
	return true;
}

void irq_enable(unsigned int irq)
{
	SPINLOCK_HOLD(&irq_lock);

	ASSERT(irq < IRQ_LOCAL_TIMER && irq_lines[irq].handler);
	if (irq_chosen == IRQ_APIC)
		io_apic_enable(irq_wiring->isa[irq].global);
	else
		pic_enable(irq);
}

void irq_disable(unsigned int irq)
{
	SPINLOCK_HOLD(&irq_lock);

	ASSERT(irq < IRQ_LOCAL_TIMER);
	if (irq_chosen == IRQ_APIC)
		io_apic_disable(irq_wiring->isa[irq].global);
	else
		pic_disable(irq);
}

uint64_t irq_count(unsigned int irq)
{
	return irq < IRQS ? irq_lines[irq].count : 0;
}

const char *irq_name(unsigned int irq)
{
	return irq < IRQS ? irq_lines[irq].name : NULL;
}

uint64_t irq_spurious(void)
{
	return irq_spurious_count;
}
