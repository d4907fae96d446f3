/*
 * protocol.c - is each promise of docs/boot-protocol.md kept?
 *
 * Says "ok NAME" or "not ok NAME" for each, on COM1 and port E9h, and ends
 * with QEMU's status 33 when all are kept, 35 when not. Where the machine is
 * concerned, the tests choose machines that make a promise worth something:
 * RAM full of CCh for bss, several CPUs for NX, modules.
 */
#include <stdbool.h>

#include "boot/bootinfo.h"
#include "boot/layout.h"
#include "say.h"

#define GIB 0x40000000ULL
#define MAPPED (4 * GIB)
#define PAGE_MASK 0x000FFFFFFFFFF000ULL
#define BSS_BYTES 0x30000
#define STACK_MARGIN 64 /* bytes at the top that entry itself may use */
#define FLAGS_STATUS 0x8D7 /* of arithmetic, and bit 1 */
#define FPU_CONTROL 0x37F /* SDM 2A, FINIT */
#define MXCSR_RESET 0x1F80 /* SDM 1, "MXCSR Control and Status Register" */
/* ACPI, "Root System Description Pointer (RSDP)": what the checksum covers */
#define RSDP_V1_BYTES 20

void _start(void);
void check(const struct boot_info *info, uint64_t rsp, uint64_t rflags,
	   uint64_t rbp);

static uint8_t bss[BSS_BYTES];
static bool failed;

/* Before the compiler's first push: what the registers are at entry. */
__attribute__((naked, section(".text.start"))) void _start(void)
{
	__asm__("mov %rsp, %rsi\n\t"
		"pushfq\n\t"
		"pop %rdx\n\t"
		"mov %rbp, %rcx\n\t"
		"jmp check");
}

static void promise(const char *name, bool kept)
{
	if (!kept)
		failed = true;
	say(kept ? "ok " : "not ok ");
	say(name);
	say("\n");
}

#define READ_REGISTER(name)                                            \
	static uint64_t read_##name(void)                              \
	{                                                              \
		uint64_t value;                                        \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value)); \
		return value;                                          \
	}
READ_REGISTER(cr0)
READ_REGISTER(cr3)
READ_REGISTER(cr4)
READ_REGISTER(ds)
READ_REGISTER(es)
READ_REGISTER(ss)
READ_REGISTER(fs)
READ_REGISTER(gs)

static uint64_t read_efer(void)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(MSR_EFER));
	return (uint64_t)high << 32 | low;
}

struct __attribute__((packed)) table {
	uint16_t limit;
	uint64_t base;
};

/* ---- The CPU ------------------------------------------------------------- */

static void check_cpu(uint64_t rflags)
{
	promise("cr0", read_cr0() == BOOT_CR0);
	promise("cr4", read_cr4() == BOOT_CR4);
	promise("efer", read_efer() == (EFER_LME | EFER_LMA));
	promise("flags_clear", !(rflags & ~(uint64_t)FLAGS_STATUS));
	promise("segments", read_ds() && read_ds() == read_es() &&
				    read_ds() == read_ss() && !read_fs() &&
				    !read_gs());
	promise("pics_masked",
		port_read(PIC1_DATA) == 0xFF && port_read(PIC2_DATA) == 0xFF);
}

static void check_fpu(void)
{
	uint16_t control;
	uint32_t mxcsr;
	/* 1.0f, 2.0f, 3.0f, 4.0f: this file is compiled without SSE */
	uint32_t four[4]
		__attribute__((aligned(16))) = { 0x3F800000, 0x40000000,
						 0x40400000, 0x40800000 };

	__asm__ volatile("fnstcw %0" : "=m"(control));
	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	promise("fpu_initialised", control == FPU_CONTROL);
	promise("mxcsr_as_at_reset", mxcsr == MXCSR_RESET);
	__asm__ volatile("movaps %0, %%xmm0\n\t"
			 "addps %%xmm0, %%xmm0\n\t"
			 "movaps %%xmm0, %0"
			 : "+m"(four));
	promise("sse_works", four[1] == 0x40800000);
}

/* ---- Memory -------------------------------------------------------------- */

/* Walk the page tables: the physical address of a linear one, or all ones;
 * the size of its page in *size. */
static uint64_t walk(uint64_t linear, uint64_t *size, bool *writable)
{
	uint64_t entry = read_cr3();

	*size = PAGE_SIZE;
	*writable = true;
	for (int shift = 39; shift >= 12; shift -= 9) {
		const uint64_t *level = (const void *)(entry & PAGE_MASK);

		entry = level[linear >> shift & 511];
		if (!(entry & PTE_PRESENT))
			return ~0ULL;
		if (!(entry & PTE_WRITE))
			*writable = false;
		*size = 1ULL << shift;
		if (shift == 12 || (shift < 39 && entry & PTE_HUGE))
			return (entry & PAGE_MASK & ~(*size - 1)) |
			       (linear & (*size - 1));
	}
	return ~0ULL;
}

static void check_map(const struct boot_info *info)
{
	uint64_t guard = info->stack_low - PAGE_SIZE, size;
	bool identical = true, writable;

	for (uint64_t at = 0; at < MAPPED; at += size) {
		uint64_t there = walk(at, &size, &writable);

		if (at != guard && (there != at || !writable))
			identical = false;
	}
	promise("stack_guarded", walk(guard, &size, &writable) == ~0ULL);
	promise("identity_mapped_to_4_gib", identical);
	promise("nothing_beyond",
		walk(MAPPED, &size, &writable) == ~0ULL &&
			walk(~0ULL, &size, &writable) == ~0ULL);
	promise("page_tables", info->page_tables == read_cr3());
}

static void check_memory(void)
{
	/* The same place but for A20: memory below 1 MiB, not ours. */
	volatile uint8_t *own = &bss[0];
	const volatile uint8_t *alias =
		(const volatile uint8_t *)((uintptr_t)own ^ 0x100000);
	uint8_t before = *alias;
	bool zero = true;

	for (uint64_t i = 0; i < sizeof(bss); i++)
		zero = zero && !bss[i];
	promise("bss_is_zero", zero);
	*own = (uint8_t)~before;
	promise("a20_is_open", *alias == before);
	*own = 0;
}

static void check_stack(const struct boot_info *info, uint64_t rsp,
			uint64_t rbp)
{
	volatile uint8_t *low = (volatile uint8_t *)info->stack_low;
	uint64_t back = *(const uint64_t *)rsp;

	promise("stack_aligned", rsp % 16 == 8);
	promise("stack_named", info->stack_low < rsp &&
				       rsp < info->stack_high &&
				       info->stack_high - rsp <= STACK_MARGIN);
	promise("stack_of_64_kib",
		info->stack_high - info->stack_low >= KERNEL_STACK_MIN);
	*low = 0x5A;
	promise("stack_is_memory", *low == 0x5A);
	promise("frame_chain_ends", rbp == 0);
	promise("return_address", back >= STAGE2_ADDR && back < STAGE2_END);
}

/* ---- boot_info ----------------------------------------------------------- */

/* What the clean map says of [base, base + bytes): its type, or 0. */
static uint32_t type_of(const struct boot_info *info, uint64_t base,
			uint64_t bytes)
{
	const struct mem_range *map = (const void *)info->clean_map;

	for (uint32_t i = 0; i < info->clean_count; i++) {
		if (map[i].base <= base &&
		    base + bytes <= map[i].base + map[i].length)
			return map[i].type;
	}
	return 0;
}

static void check_clean_map(const struct boot_info *info)
{
	const struct mem_range *map = (const void *)info->clean_map;
	bool sorted = true, pages = true, known = true;
	uint64_t end = 0;

	for (uint32_t i = 0; i < info->clean_count; i++) {
		sorted = sorted && map[i].base >= end && map[i].length;
		pages = pages && !((map[i].base | map[i].length) % PAGE_SIZE);
		known = known && !map[i].attributes &&
			((map[i].type >= MEM_USABLE &&
			  map[i].type <= MEM_BAD) ||
			 (map[i].type >= MEM_LOADER &&
			  map[i].type <= MEM_AP_PAGE));
		end = map[i].base + map[i].length;
	}
	promise("raw_map_counts",
		info->raw_count >= 1 && info->raw_count <= MEM_RAW_MAX);
	promise("clean_map_counts",
		info->clean_count >= 1 && info->clean_count <= MEM_CLEAN_MAX);
	promise("clean_map_sorted", sorted);
	promise("clean_map_whole_pages", pages);
	promise("clean_map_types", known);
}

static void check_ranges(const struct boot_info *info)
{
	struct table gdt, idt;

	__asm__ volatile("sgdt %0" : "=m"(gdt));
	__asm__ volatile("sidt %0" : "=m"(idt));
	promise("gdt_named", gdt.base == info->gdt);
	promise("idt_named", idt.base == info->idt);
	promise("idt_has_all_exceptions", idt.limit >= EXCEPTIONS * 16 - 1);
	promise("loader_is_marked",
		type_of(info, info->gdt, gdt.limit + 1U) == MEM_LOADER &&
			type_of(info, info->idt, idt.limit + 1U) ==
				MEM_LOADER &&
			type_of(info, info->page_tables, 4096) == MEM_LOADER &&
			type_of(info, info->stack_low,
				info->stack_high - info->stack_low) ==
				MEM_LOADER &&
			type_of(info, (uintptr_t)info, info->size) ==
				MEM_LOADER);
	promise("kernel_is_marked", type_of(info, info->kernel.base,
					    info->kernel.memory) == MEM_KERNEL);
	promise("other_parts_are_marked",
		type_of(info, (uintptr_t)bss, sizeof(bss)) == MEM_KERNEL);
	promise("ap_page_is_marked",
		info->ap_page < 0x100000 && !(info->ap_page % PAGE_SIZE) &&
			type_of(info, info->ap_page, PAGE_SIZE) == MEM_AP_PAGE);
}

static void check_identity(const struct boot_info *info)
{
	promise("magic", info->magic == BOOT_INFO_MAGIC);
	promise("version", info->version == BOOT_INFO_VERSION);
	promise("size", info->size >= sizeof(*info));
	promise("kernel_entry", info->kernel_entry == (uintptr_t)_start);
	promise("kernel_range",
		info->kernel.base <= (uintptr_t)_start &&
			(uintptr_t)_start <
				info->kernel.base + info->kernel.bytes &&
			info->kernel.bytes <= info->kernel.memory);
	promise("disk_method",
		info->disk_method == DISK_EDD || info->disk_method == DISK_CHS);
	promise("a20_method", info->a20_method >= A20_WAS_OPEN &&
				      info->a20_method <= A20_KEYBOARD);
	promise("map_source",
		info->map_source >= MAP_E820 && info->map_source <= MAP_88);
}

static void check_modules(const struct boot_info *info)
{
	uint64_t end = info->kernel.base + info->kernel.memory;
	bool placed = true, marked = true;

	for (uint32_t i = 0; i < info->module_count; i++) {
		const struct boot_range *module = &info->modules[i];

		placed = placed && module->base >= end &&
			 !(module->base % PAGE_SIZE) && module->bytes;
		marked = marked && type_of(info, module->base,
					   module->memory) == MEM_MODULE;
		end = module->base + module->memory;
	}
	promise("modules_count", info->module_count <= MODULES_MAX);
	promise("modules_placed", placed);
	promise("modules_are_marked", marked);
}

static void check_rsdp(const struct boot_info *info)
{
	const uint8_t *rsdp = (const uint8_t *)info->rsdp;
	uint8_t sum = 0;

	for (int i = 0; rsdp && i < RSDP_V1_BYTES; i++)
		sum = (uint8_t)(sum + rsdp[i]);
	promise("rsdp", !rsdp || (!sum && rsdp[0] == 'R' && rsdp[7] == ' '));
	say(!rsdp			 ? "protocol: no RSDP\n" :
	    info->rsdp < BIOS_ROM_ADDR ? "protocol: RSDP in the EBDA\n" :
					 "protocol: RSDP in the ROM\n");
}

static void check_rest(const struct boot_info *info)
{
	const char *text = (const char *)info->command_line;
	bool in_order = info->time_stamps[0] != 0;

	for (int i = 1; i < TIME_COUNT; i++)
		in_order = in_order &&
			   info->time_stamps[i] >= info->time_stamps[i - 1];
	promise("time_stamps", in_order);
	promise("video",
		info->video.text_base == 0 || info->video.columns == 0 ||
			(info->video.columns == 80 && info->video.rows == 25));
	promise("command_line",
		text[0] == 'a' && text[1] == ' ' && text[2] == 'b' && !text[3]);
}

void check(const struct boot_info *info, uint64_t rsp, uint64_t rflags,
	   uint64_t rbp)
{
	check_identity(info);
	check_cpu(rflags);
	check_fpu();
	check_memory();
	check_map(info);
	check_stack(info, rsp, rbp);
	check_clean_map(info);
	check_ranges(info);
	check_modules(info);
	check_rsdp(info);
	check_rest(info);
	say(failed ? "protocol: broken\n" : "protocol: kept\n");
	leave(failed ? DEBUG_EXIT_FAILURE : DEBUG_EXIT_SUCCESS);
}
