/*
 * show_registers.c - the monitor's command regs.
 */
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/monitor/command.h"

/* SDM 1, "EFLAGS Register"; SDM 3A, "Control Registers" and "Extended Feature
 * Enable Register". */
static const char *const flags[] = {
	"cf", NULL, "pf",  NULL,  "af", NULL,	     "zf",
	"sf", "tf", "if",  "df",  "of", [14] = "nt", [16] = "rf",
	"vm", "ac", "vif", "vip", "id"
};
static const char *const cr0[] = { "pe",	"mp", "em",	   "ts",
				   "et",	"ne", [16] = "wp", [18] = "am",
				   [29] = "nw", "cd", "pg" };
static const char *const cr4[] = {
	"vme",	 "pvi",	    "tsd",	   "de",
	"pse",	 "pae",	    "mce",	   "pge",
	"pce",	 "osfxsr",  "osxmmexcpt",  "umip",
	"la57",	 "vmxe",    "smxe",	   [16] = "fsgsbase",
	"pcide", "osxsave", [20] = "smep", "smap",
	"pke",	 "cet",	    "pks"
};
static const char *const efer[] = { "sce",  [8] = "lme", [10] = "lma", "nxe",
				    "svme", "lmsle",	 "ffxsr" };

#define SHOW(name, value, names) \
	show_register(name, value, names, sizeof(names) / sizeof((names)[0]))

static void show_register(const char *name, uint64_t value,
			  const char *const *names, size_t count)
{
	kprintf("%-6s %016lx ", name, value);
	kprintf_bits(value, names, count, 24, 24);
	kprintf("\n");
}

static void show_table(const char *name, struct table_register table)
{
	kprintf("%-6s %016lx  %u bytes\n", name, table.base, table.limit + 1u);
}

COMMAND(regs, .group = GROUP_PROCESSOR,
	.help = "show the control registers, with the bits that are set",
	.more = "The general registers are those of this command: the panic "
		"page shows them.\n")
{
	struct table_register gdtr, idtr;
	uint16_t tr;

	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	__asm__ volatile("sidt %0" : "=m"(idtr));
	__asm__ volatile("str %0" : "=r"(tr));
	SHOW("rflags", cpu_flags(), flags);
	SHOW("cr0", cpu_cr0(), cr0);
	kprintf("cr2    %016lx  address of the last page fault\n", cpu_cr2());
	kprintf("cr3    %016lx  page tables\n", cpu_cr3());
	SHOW("cr4", cpu_cr4(), cr4);
	SHOW("efer", cpu_read_msr(MSR_EFER), efer);
	show_table("gdtr", gdtr);
	show_table("idtr", idtr);
	kprintf("cs %04x   ss %04x   tr %04x\n", cpu_cs(), cpu_ss(), tr);
	kprintf("rsp    %016lx\n", (uint64_t)__builtin_frame_address(0));
}
