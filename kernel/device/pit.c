#include "kernel/device/pit.h"

#include "x86/port.h"

#define CHANNEL_0 0x40
#define CHANNEL_2 0x42
#define COMMAND 0x43

/* Command: channel, low byte then high byte, mode 2 (divide by n) */
#define SET_0 0x34
#define SET_2 0xB4
#define LATCH_2 0x80

#define SPEAKER 0x61 /* RBIL PORT 0061 */
#define SPEAKER_GATE 0x01 /* channel 2 counts */
#define SPEAKER_SOUND 0x02
#define SPEAKER_KEPT 0x0C /* the other bits that may be written */

static uint8_t pit_speaker;

static void pit_set(uint8_t command, uint16_t channel, uint32_t divisor)
{
	port_write(COMMAND, command);
	port_write(channel, (uint8_t)divisor);
	port_write(channel, (uint8_t)(divisor >> 8));
}

void pit_tick(uint32_t hz)
{
	pit_set(SET_0, CHANNEL_0, PIT_HZ / hz);
}

void pit_count_start(void)
{
	pit_speaker = port_read(SPEAKER) &
		      (SPEAKER_KEPT | SPEAKER_GATE | SPEAKER_SOUND);
	port_write(SPEAKER,
		   (uint8_t)((pit_speaker & SPEAKER_KEPT) | SPEAKER_GATE));
	pit_set(SET_2, CHANNEL_2, 0); /* 0 is 65536 */
}

/* It counts down. */
uint32_t pit_count(void)
{
	uint32_t low;

	port_write(COMMAND, LATCH_2);
	low = port_read(CHANNEL_2);
	return 0 - (low | (uint32_t)port_read(CHANNEL_2) << 8);
}

void pit_count_stop(void)
{
	port_write(SPEAKER, pit_speaker);
}
