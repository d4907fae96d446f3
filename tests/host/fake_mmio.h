/*
 * fake_mmio.h - in front of a driver, it takes the place of
 * kernel/device/mmio.h: the test is the device.
 */
#define KERNEL_DEVICE_MMIO_H

#include <stdint.h>

uint32_t mmio_read32(const volatile uint8_t *at);
void mmio_write32(volatile uint8_t *at, uint32_t value);
