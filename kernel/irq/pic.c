#include "kernel/irq/controllers.h"

#include "boot/x86.h"
#include "x86/port.h"

#define PIC1_COMMAND 0x20
#define PIC2_COMMAND 0xA0

/* Initialisation: four bytes, the first to the command port. */
#define ICW1 0x11 /* edges, two controllers, ICW4 follows */
#define ICW3_FIRST (1 << PIC_CASCADE)
#define ICW3_SECOND PIC_CASCADE
#define ICW4 0x01 /* 8086 mode; the end of interrupt is sent by the kernel */

#define END 0x60		/* OCW2: specific, bits 0..2 are the level */
#define END_FIRST 0x20		/* OCW2: the one of highest priority */
#define READ_IN_SERVICE 0x0B /* OCW3 */

#define LEVELS 8 /* of each */

#define PORT_POST 0x80 /* writing here takes a moment and does nothing else */

static uint16_t pic_mask; /* as OCW1 of both, a set bit is an IRQ kept out */

static void pic_write_mask(void)
{
	port_write(PIC1_DATA, (uint8_t)pic_mask);
	port_write(PIC2_DATA, (uint8_t)(pic_mask >> 8));
}

/* The controllers of old machines need time between two writes. */
static void pic_write_slowly(uint16_t port, uint8_t value)
{
	port_write(port, value);
	port_write(PORT_POST, 0);
}

/* A mask reads back what was written, an empty bus FFh. */
static bool pic_is_present(void)
{
	pic_write_slowly(PIC2_DATA, 0xFF);
	pic_write_slowly(PIC1_DATA, 0xFB);
	return port_read(PIC1_DATA) == 0xFB;
}

/* Initialising does not end what is in service, which would hold back all of
 * lower priority. */
static void pic_end_all(uint16_t command)
{
	port_write(command, READ_IN_SERVICE);
	for (int i = 0; i < LEVELS && port_read(command); i++)
		port_write(command, END_FIRST);
}

/* Some firmware leaves them uninitialised, with masks that cannot be read: so
 * they are initialised before their presence is tested. */
bool pic_start(unsigned int vector)
{
	bool present;

	pic_mask = 0xFFFF;
	pic_write_slowly(PIC1_COMMAND, ICW1);
	pic_write_slowly(PIC1_DATA, (uint8_t)vector);
	pic_write_slowly(PIC1_DATA, ICW3_FIRST);
	pic_write_slowly(PIC1_DATA, ICW4);
	pic_write_slowly(PIC2_COMMAND, ICW1);
	pic_write_slowly(PIC2_DATA, (uint8_t)(vector + 8));
	pic_write_slowly(PIC2_DATA, ICW3_SECOND);
	pic_write_slowly(PIC2_DATA, ICW4);
	present = pic_is_present();
	pic_write_mask();
	pic_end_all(PIC1_COMMAND);
	pic_end_all(PIC2_COMMAND);
	return present;
}

void pic_enable(unsigned int irq)
{
	pic_mask &= (uint16_t) ~(1u << irq);
	if (irq >= 8)
		pic_mask &= (uint16_t) ~(1u << PIC_CASCADE);
	pic_write_mask();
}

void pic_disable(unsigned int irq)
{
	pic_mask |= (uint16_t)(1u << irq);
	pic_write_mask();
}

static bool pic_in_service(uint16_t command, unsigned int level)
{
	port_write(command, READ_IN_SERVICE);
	return port_read(command) >> level & 1;
}

bool pic_is_spurious(unsigned int irq)
{
	if (irq == 7)
		return !pic_in_service(PIC1_COMMAND, 7);
	if (irq != 15 || pic_in_service(PIC2_COMMAND, 7))
		return false;
	/* The first controller does not know that it is spurious. */
	port_write(PIC1_COMMAND, END | PIC_CASCADE);
	return true;
}

void pic_end(unsigned int irq)
{
	if (irq >= 8) {
		port_write(PIC2_COMMAND, (uint8_t)(END | (irq - 8)));
		irq = PIC_CASCADE;
	}
	port_write(PIC1_COMMAND, (uint8_t)(END | irq));
}
