/*
 * show_cpu.c - the monitor's command cpu.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "x86/cpuid.h"

#define LABEL 11 /* columns */

/* CPUID 1, EDX and ECX: SDM 2A, CPUID, "Feature Information". */
static const char *const leaf1_edx[] = {
	"fpu",	 "vme",	      "de",   "pse",  "tsc",	    "msr",
	"pae",	 "mce",	      "cx8",  "apic", [11] = "sep", "mtrr",
	"pge",	 "mca",	      "cmov", "pat",  "pse36",	    "psn",
	"clfsh", [21] = "ds", "acpi", "mmx",  "fxsr",	    "sse",
	"sse2",	 "ss",	      "htt",  "tm",   [31] = "pbe"
};
static const char *const leaf1_ecx[] = {
	"sse3",	     "pclmul",	    "dtes64", "monitor",      "ds-cpl",
	"vmx",	     "smx",	    "eist",   "tm2",	      "ssse3",
	"cnxt-id",   "sdbg",	    "fma",    "cx16",	      "xtpr",
	"pdcm",	     [17] = "pcid", "dca",    "sse4.1",	      "sse4.2",
	"x2apic",    "movbe",	    "popcnt", "tsc-deadline", "aes",
	"xsave",     "osxsave",	    "avx",    "f16c",	      "rdrand",
	"hypervisor"
};
/* CPUID 7.0, EBX and ECX: SDM 2A, CPUID. */
static const char *const leaf7_ebx[] = {
	"fsgsbase",	 "tsc-adjust", "sgx",	     "bmi1",
	"hle",		 "avx2",       [7] = "smep", "bmi2",
	"erms",		 "invpcid",    "rtm",	     [16] = "avx512f",
	[18] = "rdseed", "adx",	       "smap",	     [23] = "clflushopt",
	"clwb",		 [29] = "sha"
};
static const char *const leaf7_ecx[] = {
	[2] = "umip", "pku",	     [9] = "vaes",
	"vpclmul",    [16] = "la57", [22] = "rdpid"
};
/* CPUID 80000001h: APM 3, "Processor Signature and AMD Features". */
static const char *const extended_edx[] = { [11] = "syscall", [20] = "nx",
					    [22] = "mmxext",  [25] = "ffxsr",
					    "1g-pages",	      "rdtscp",
					    [29] = "lm",      "3dnowext",
					    "3dnow" };
static const char *const extended_ecx[] = {
	"lahf", [2] = "svm", [5] = "lzcnt", "sse4a", "misalignsse", "prefetchw"
};
/* CPUID 80000007h: APM 3, "Processor Power Management and RAS Capabilities". */
static const char *const power_edx[] = { [8] = "invariant-tsc" };

static uint32_t basic_max, extended_max;
static unsigned int cpu_column;

#define ADD(value, names)                                             \
	cpu_column = kprintf_bits(value, names,                       \
				  sizeof(names) / sizeof((names)[0]), \
				  cpu_column, LABEL - 1)

static struct cpuid cpu_leaf(uint32_t number)
{
	uint32_t max = number < CPUID_EXT_MAX ? basic_max : extended_max;

	return number <= max ? cpuid_read(number) : (struct cpuid){ 0 };
}

static void show_name(void)
{
	char vendor[CPUID_VENDOR_SIZE], brand[CPUID_BRAND_SIZE];

	cpuid_vendor(vendor);
	cpuid_brand(brand);
	kprintf("vendor     %s\nbrand      %s\n", vendor, brand);
}

static void show_model(void)
{
	uint32_t eax = cpu_leaf(1).eax;

	kprintf("model      family %u, model %u, stepping %u\n",
		cpuid_family(eax), cpuid_model(eax), eax & 0xF);
}

static void show_addresses(void)
{
	uint32_t eax = cpu_leaf(CPUID_EXT_ADDRESSES).eax;

	if (eax)
		kprintf("addresses  %u bits physical, %u bits virtual\n",
			eax & 0xFF, eax >> 8 & 0xFF);
}

static void show_features(void)
{
	struct cpuid one = cpu_leaf(1), seven = cpu_leaf(7);
	struct cpuid extended = cpu_leaf(CPUID_EXT_FEATURES);

	kprintf("features  ");
	cpu_column = LABEL - 1;
	ADD(one.edx, leaf1_edx);
	ADD(one.ecx, leaf1_ecx);
	ADD(seven.ebx, leaf7_ebx);
	ADD(seven.ecx, leaf7_ecx);
	ADD(extended.edx, extended_edx);
	ADD(extended.ecx, extended_ecx);
	ADD(cpu_leaf(CPUID_EXT_POWER).edx, power_edx);
	kprintf("\n");
}

COMMAND(cpu, .group = GROUP_PROCESSOR,
	.help = "show what the processor is and can do (CPUID)")
{
	basic_max = cpuid_read(0).eax;
	extended_max = cpuid_read(CPUID_EXT_MAX).eax;
	show_name();
	show_model();
	show_addresses();
	kprintf("leaves     up to %#x and %#x\n", basic_max, extended_max);
	show_features();
}
