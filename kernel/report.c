#include "kernel/kernel.h"

#include <stdarg.h>

#include "boot/errors.h"
#include "boot/layout.h"
#include "format.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/device/vga.h"
#include "kernel/input/input.h"
#include "kernel/irq/irq.h"
#include "kernel/irq/local_apic.h"
#include "kernel/memory/frames.h"
#include "kernel/process/archive.h"
#include "kernel/smp/smp.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "memmap.h"
#include "x86/cpuid.h"

#define TITLE VGA_ATTRIBUTE(VGA_WHITE, VGA_BLUE)
#define LABEL VGA_ATTRIBUTE(VGA_LIGHT_CYAN, VGA_BLACK)
#define WARNING VGA_ATTRIBUTE(VGA_YELLOW, VGA_BLACK)
#define READY VGA_ATTRIBUTE(VGA_LIGHT_GREEN, VGA_BLACK)

/* A row of the report: "label     text". */
__attribute__((format(printf, 2, 3))) static void
report_row(const char *label, const char *format, ...)
{
	va_list args;

	kprintf_colored(LABEL, "%-10s", label);
	va_start(args, format);
	kvprintf(format, args);
	va_end(args);
}

/* ---- Warnings ----------------------------------------------------------- */

/* The texts of errors.h have a '%' for each number. */
static void report_warning(unsigned int code, const char *text,
			   const uint64_t *numbers)
{
	char line[160];
	size_t used = 0;

	for (; *text && used < sizeof(line) - 17; text++) {
		if (*text == '%')
			used += (size_t)ksnprintf(line + used, 17, "%lX",
						  *numbers++);
		else
			line[used++] = *text;
	}
	line[used] = '\0';
	kprintf_colored(WARNING, "warning %02X: %s\n", code, line);
}

static void report_warnings(const struct boot_info *info)
{
	if (info->flags & BOOT_DRIVE_GUESSED)
		report_warning(W_DRIVE, W_DRIVE_TEXT,
			       (uint64_t[]){ info->bios_drive,
					     info->boot_drive });
	if (info->flags & BOOT_MAP_TRUNCATED)
		report_warning(W_MAP_TRUNCATED, W_MAP_TRUNCATED_TEXT,
			       (uint64_t[]){ MEM_RAW_MAX });
}

/* ---- What the loader did ------------------------------------------------- */

static const char *name_of(const char *const *names, size_t count,
			   size_t number)
{
	return number < count && names[number] ? names[number] : "?";
}
#define NAME_OF(names, number) \
	name_of(names, sizeof(names) / sizeof(names[0]), number)

static void report_boot(const struct boot_info *info)
{
	static const char *const disk[] = {
		[DISK_EDD] = "EDD", [DISK_CHS] = "CHS"
	};
	static const char *const a20[] = {
		[A20_WAS_OPEN] = "was open",
		[A20_BIOS] = "opened by the BIOS",
		[A20_PORT_92] = "opened by port 92h",
		[A20_KEYBOARD] = "opened by the keyboard controller",
	};

	report_row("boot",
		   "drive %02Xh by %s, %u retries, signature %08x; A20 %s\n",
		   info->boot_drive, NAME_OF(disk, info->disk_method),
		   info->disk_retries, info->disk_signature,
		   NAME_OF(a20, info->a20_method));
}

static void report_range(const char *label, const struct boot_range *range)
{
	report_row(label, "%08lx, %lu bytes loaded, %lu in memory", range->base,
		   range->bytes, range->memory);
}

static void report_files(const struct boot_info *info)
{
	report_range("kernel", &info->kernel);
	kprintf(", CRC-32C %08x\n", info->kernel_crc);
	for (uint32_t i = 0; i < info->module_count && i < MODULES_MAX; i++) {
		report_range("module", &info->modules[i]);
		kprintf("\n");
	}
	if (*command_line_text())
		report_row("command", "\"%s\"\n", command_line_text());
	command_line_report();
}

/* How long each step took; in ticks where the TSC's frequency is not known. */
static void report_times(const struct boot_info *info)
{
	static const char *const names[TIME_COUNT] = {
		[TIME_A20] = "A20",	     [TIME_MEMORY] = "map",
		[TIME_LOADED] = "load",	     [TIME_LONG_MODE] = "64 bit",
		[TIME_VERIFIED] = "CRC",     [TIME_KERNEL] = "kernel",
	};
	const char *unit = clock_rates()->measured_by ? "us" : "ticks";

	report_row("times", "%s", "");
	for (int i = TIME_STAGE2 + 1; i < TIME_COUNT; i++) {
		uint64_t span = info->time_stamps[i] - info->time_stamps[i - 1];

		if (clock_rates()->measured_by)
			span = clock_span_ns(span) / 1000;
		kprintf("%s%s %lu", i > TIME_STAGE2 + 1 ? ", " : "", names[i],
			span);
	}
	kprintf(" %s\n", unit);
}

/* ---- Interrupts, processors and the clock ------------------------------ */

/* Nothing of a machine with one processor. */
static void report_cpus(void)
{
	const struct smp_counts counts = smp_counts();

	if (counts.found < 2)
		return;
	kprintf("; %u of %u CPUs run", counts.running, counts.found);
	if (counts.failed)
		kprintf_colored(WARNING, ", %u could not be started",
				counts.failed);
	if (counts.again)
		kprintf_colored(WARNING, ", one began once more");
	if (counts.too_many)
		kprintf_colored(WARNING, ", %u are too many", counts.too_many);
}

static void report_irqs(const struct acpi_interrupts *acpi)
{
	switch (irq_controllers()) {
	case IRQ_APIC:
		report_row("irqs",
			   "%u inputs of %u I/O APIC%s, local APIC %u%s",
			   irq_inputs(), acpi->io_apic_count,
			   acpi->io_apic_count == 1 ? "" : "s", local_apic_id(),
			   local_apic_address() ? "" : " in x2APIC mode");
		break;
	case IRQ_PIC:
		report_row("irqs", "two 8259 controllers");
		break;
	default:
		report_row("irqs", "no controller: no device can interrupt");
		break;
	}
	report_cpus();
	kprintf("\n");
}

static void report_timer(void)
{
	const char *silent;

	report_row("clock", "%s", "");
	for (size_t n = 0; (silent = timer_silent(n)); n++)
		kprintf("%sthe %s never ticked", n ? ", " : "", silent);
	if (timer_name())
		kprintf("%s%s, %d Hz", timer_silent(0) ? ", " : "",
			timer_name(), TIMER_HZ);
	else if (!timer_silent(0))
		kprintf("nothing ticks");
}

static void report_clock(const struct boot_info *info)
{
	const struct clock_rates *rates = clock_rates();

	report_timer();
	kprintf("; TSC %s%lu.%03lu MHz",
		rates->measured_by ? "" : "cannot be measured, assumed: ",
		rates->tsc_hz / 1000000, rates->tsc_hz / 1000 % 1000);
	if (rates->measured_by)
		kprintf("%s by %s, %sinvariant",
			rates->steady ? "" : " roughly", rates->measured_by,
			info->cpu_flags & CPU_INVARIANT_TSC ? "" : "not ");
	kprintf("\n");
}

/* ---- What the machine is ------------------------------------------------- */

static void report_cpu(const struct boot_info *info)
{
	char vendor[CPUID_VENDOR_SIZE], brand[CPUID_BRAND_SIZE];

	cpuid_vendor(vendor);
	cpuid_brand(brand);
	report_row("cpu", "%s, %s;%s%s%s%s\n", vendor,
		   brand[0] ? brand : "no name",
		   info->cpu_flags & CPU_NX ? " nx" : "",
		   info->cpu_flags & CPU_PAGES_1G ? " 1g-pages" : "",
		   info->cpu_flags & CPU_SSE42 ? " sse4.2" : "",
		   info->cpu_flags & CPU_INVARIANT_TSC ? " invariant-tsc" : "");
}

/* "000000100000-000007fe0000 usable", in 39 columns. */
static void report_entry(const struct mem_range *map, uint32_t count,
			 uint32_t i, int width)
{
	if (i < count)
		kprintf_colored(frames_map_color(map[i].type),
				" %012lx-%012lx %-*s", map[i].base,
				memmap_end(&map[i]), width,
				memmap_type_name(map[i].type));
	else
		kprintf("%*s", 27 + width, "");
}

/* The BIOS's map beside what became of it. */
static void report_memory(const struct boot_info *info)
{
	static const char *const sources[] = {
		[MAP_E820] = "E820h", [MAP_E801] = "E801h", [MAP_88] = "88h"
	};
	struct frames_map raw = frames_raw_map();
	size_t count;
	const struct mem_range *clean = frames_map(&count);
	uint64_t usable = memmap_total(clean, count, MEM_USABLE);

	report_row("memory", "%lu KiB usable; by BIOS %s:%15safter cleaning:\n",
		   usable / 1024, NAME_OF(sources, info->map_source), "");
	for (uint32_t i = 0; i < raw.count || i < count; i++) {
		report_entry(raw.ranges, (uint32_t)raw.count, i, 13);
		report_entry(clean, (uint32_t)count, i, 0);
		kprintf("\n");
	}
	if (frames_out_of_reach())
		kprintf_colored(WARNING,
				"%10s %lu KiB more lie above %#lx, which this "
				"CPU cannot address\n",
				"", frames_out_of_reach() / 1024,
				frames_physical_end());
}

void report_loader(const struct boot_info *info)
{
	kprintf_colored(TITLE, " %-56sbuild %016lx ", "Firstlight",
			info->build_id);
	kprintf("\n");
	report_boot(info);
	report_cpu(info);
	report_memory(info);
	report_files(info);
}

/* What came as an archive of programs, but is none, or is damaged. */
static void report_programs(void)
{
	if (archive_exists() && archive_why_not())
		kprintf_colored(WARNING, "%-10s%s\n", "programs",
				archive_why_not());
}

void report_machine(const struct boot_info *info)
{
	report_irqs(&firmware_acpi()->interrupts);
	report_clock(info);
	report_times(info);
	report_programs();
	report_warnings(info);
}

void report_input(void)
{
	const struct input_sources *sources = input_sources();

	if (sources->keyboard)
		return;
	kprintf_colored(WARNING, "%-10s", "input");
	if (sources->serial)
		kprintf_colored(WARNING, "by COM1 only: there is no keyboard "
					 "controller\n");
	else
		kprintf_colored(WARNING,
				"none: there is no keyboard controller, and no "
				"COM1\n%10sUSB keyboards need the "
				"firmware's support (HW-33)\n",
				"");
}

void report_ready(void)
{
	kprintf_colored(READY, "firstlight: ready\n");
}

COMMAND_LINE_WORD(colors, .help = "show every colour on every background");

void report_colors(void)
{
	for (int background = 0; background < 16; background++) {
		for (int foreground = 0; foreground < 16; foreground++)
			kprintf_colored(VGA_ATTRIBUTE(foreground, background),
					" %X%X ", background, foreground);
		kprintf("\n");
	}
}
