/*
 * main.c - the kernel's boot order.
 */
#include "boot/bootinfo.h"
#include "kernel/bench/bench.h"
#include "kernel/command_line.h"
#include "kernel/console/console.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/emulator.h"
#include "kernel/explore/explore.h"
#include "kernel/fault/kinds.h"
#include "kernel/input/input.h"
#include "kernel/irq/irq.h"
#include "kernel/kernel.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/monitor/command.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/process/archive.h"
#include "kernel/process/process.h"
#include "kernel/sanitize/sanitize.h"
#include "kernel/smp/smp.h"
#include "kernel/test/test.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "x86/tsc.h"

_Noreturn void kernel_main(const struct boot_info *info);

/* To be called before anything of it is used: the loader may be another. */
static void check_boot_info(const struct boot_info *info)
{
	if (info->magic != BOOT_INFO_MAGIC)
		panic("no boot_info at %p: magic %#lx is not %#lx",
		      (const void *)info, info->magic, BOOT_INFO_MAGIC);
	if (info->version != BOOT_INFO_VERSION ||
	    info->size < sizeof(struct boot_info))
		panic("boot_info version %u of %u bytes, version %d of %zu is "
		      "needed",
		      info->version, info->size, BOOT_INFO_VERSION,
		      sizeof(struct boot_info));
}

COMMAND_LINE_WORD(exit, .help = "leave QEMU: with status 33 when ready, 35 "
				"after a panic");

static void kmain(const struct boot_info *info)
{
	bool succeeded;

	gdt_start();
	interrupt_start();
	cpu_start(0, stacks);
	interrupt_let_nmis_through();
	check_boot_info(info);
	panic_tell_build(info->build_id);
	frames_start((struct frames_map){ (const void *)info->raw_map,
					  info->raw_count },
		     (struct frames_map){ (const void *)info->clean_map,
					  info->clean_count });
	pages_start(info->cpu_flags & CPU_PAGES_1G, info->cpu_flags & CPU_NX);
	range_start();
	kmalloc_start();
	threads_start();
	archive_start(info);

	command_line_set((const char *)info->command_line);
	if (command_line_has("exit"))
		panic_leave_qemu();
	fault_provoke(FAULT_BEFORE_CONSOLE);

	console_start(info->video.text_base, command_line_value("console"));
	report_loader(info);
	report_steps(info->time_stamps);
	firmware_start(info->rsdp);
	irq_start(&firmware_acpi()->interrupts, command_line_value("irq"));
	clock_start(&firmware_acpi()->timers, info->time_stamps[TIME_STAGE2],
		    irq_controllers() == IRQ_APIC);
	timer_start();
	threads_start_ticks();
	process_start_all();
	explore_run();
	smp_start(&firmware_acpi()->interrupts, info->page_tables);
	report_machine(info);
	report_ready();

	fault_provoke(FAULT_AFTER_CONSOLE);
	if (command_line_has("colors"))
		report_colors();
	test_run(info);
	fire_run();
	bench_run();
	succeeded = process_run_wanted();
	power_run();
	if (list_has(command_line_value("panic"), "return"))
		return;
	if (command_line_has("exit"))
		leave_qemu(succeeded ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
	input_start();
	report_input();
	monitor_run();
}

/* Called by entry.asm, which the loader calls (docs/boot-protocol.md). */
NO_STACK_PROTECTOR void kernel_main(const struct boot_info *info)
{
	stack_protector_start(tsc_read());
	sanitize_start();
	kmain(info);
	panic("kmain() returned");
}
