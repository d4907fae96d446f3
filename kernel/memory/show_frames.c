/*
 * show_frames.c - the monitor's command frames.
 */
#include "boot/layout.h"
#include "kernel/console/kprintf.h"
#include "kernel/memory/frames.h"
#include "kernel/monitor/command.h"

#define KIB_PER_FRAME (PAGE_SIZE / 1024)

static void show_frame(uint64_t address)
{
	uint8_t state;

	if (!frame_state(address, &state)) {
		kprintf("%#lx lies in no usable range of the map\n", address);
		return;
	}
	kprintf("%#lx: %s", address_page(address),
		state & FRAME_OUT ? "" : "free; last owner: ");
	kprintf("%s%s\n", frame_owner_name(state & FRAME_OWNER),
		state & FRAME_MAPPED ? ", mapped at a second address" : "");
}

COMMAND(frames, .group = GROUP_MEMORY, .arguments = "[ADDR]", .most = 1,
	.help = "show how many page frames are out, and to whom",
	.more = "frames 0x123000 shows whose that one is.\n")
{
	uint64_t address;

	if (count > 1) {
		if (command_number(words[1], &address))
			show_frame(address);
		return;
	}
	for (unsigned int i = FRAME_NOBODY + 1; i < FRAME_OWNERS; i++)
		if (frames_out(i))
			kprintf("%10lu  %8lu KiB  %s\n", frames_out(i),
				frames_out(i) * KIB_PER_FRAME,
				frame_owner_name(i));
	kprintf("%10lu  %8lu KiB  can still be taken\n", frames_available(),
		frames_available() * KIB_PER_FRAME);
	if (frames_missing())
		kprintf("%10lu  %8lu KiB  are listed by the map, but are no "
			"RAM\n",
			frames_missing(), frames_missing() * KIB_PER_FRAME);
}
