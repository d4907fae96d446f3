#include "kernel/device/serial.h"

#include "kernel/sync/spinlock.h"

static struct spinlock com1_lock = SPINLOCK("COM1");
SPINLOCK_LISTED(com1_lock);

size_t com1_send(const char *text, size_t length)
{
	SPINLOCK_HOLD(&com1_lock);

	return serial_send(text, length);
}

void com1_drain(void)
{
	SPINLOCK_HOLD(&com1_lock);

	serial_drain();
}

bool com1_start_receiving(void)
{
	SPINLOCK_HOLD(&com1_lock);

	return serial_start_receiving();
}

bool com1_fetch(void)
{
	SPINLOCK_HOLD(&com1_lock);

	return serial_fetch();
}

int com1_receive(void)
{
	SPINLOCK_HOLD(&com1_lock);

	return serial_receive();
}
