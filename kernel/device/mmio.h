/*
 * mmio.h - a device's registers in memory, where pages_map_device() has made
 * them accessible: each access is one access of the bus. Any context.
 */
#ifndef KERNEL_DEVICE_MMIO_H
#define KERNEL_DEVICE_MMIO_H

#include <stdint.h>

static inline uint32_t mmio_read32(const volatile uint8_t *at)
{
	return *(const volatile uint32_t *)at;
}

static inline void mmio_write32(volatile uint8_t *at, uint32_t value)
{
	*(volatile uint32_t *)at = value;
}

#endif
