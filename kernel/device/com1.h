/*
 * com1.h - COM1 for those who share it: the console sends, input receives. Each
 * call holds COM1's lock, so its interrupt and a processor that sends never use
 * the UART at once. The panic page uses serial.h, without the lock.
 *
 * Context: any but NMI.
 */
#ifndef KERNEL_DEVICE_COM1_H
#define KERNEL_DEVICE_COM1_H

#include "kernel/device/serial.h"

/* Each as serial_...() of serial.h. */
size_t com1_send(const char *text, size_t length);
void com1_drain(void);
bool com1_start_receiving(void);
bool com1_fetch(void);
int com1_receive(void);

#endif
