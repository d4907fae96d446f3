/*
 * test_explain.c - exceptions in words (kernel/panic/facts.h).
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "boot/bootinfo.h"
#include "boot/x86.h"
#include "cmocka_test.h"
#include "kernel/panic/facts.h"

#define STACK 0x10B000
#define TEXT 0x100000
#define NOT_CANONICAL 0x800000000000

static const struct named_range ranges[] = {
	{ STACK, STACK + 0x4000, "the boot stack", true, 0x1000 },
	{ STACK + 0x5000, STACK + 0x9000, "the NMI stack", true, 0x1000 },
	{ TEXT, TEXT + 0x5000, "the kernel's text", false, 0 },
	{ TEXT + 0x5000, TEXT + 0x6000, "the kernel's constants", false, 0 },
	{ TEXT + 0x6000, TEXT + 0xF0000, "the kernel's variables", false, 0 },
};

static struct trap_frame frame;
static struct trap_facts facts;

static int start(void **state)
{
	(void)state;
	frame = (struct trap_frame){ .rip = TEXT + 0x123,
				     .rsp = STACK + 0x3F00 };
	facts = (struct trap_facts){
		.frame = &frame,
		.ranges = ranges,
		.range_count = sizeof(ranges) / sizeof(*ranges),
		.stack_is_mapped = true,
		.gdt_entries = 7,
	};
	return 0;
}

static void expect(uint64_t vector, uint64_t error, const char *words)
{
	char text[EXPLAIN_MAX];

	frame.vector = vector;
	frame.error = error;
	explain(&facts, text, sizeof(text));
	assert_string_equal(text, words);
}

static void expect_page(uint64_t error, uint64_t cr2, const char *words)
{
	facts.cr2 = cr2;
	expect(VECTOR_PF, error, words);
}

static void test_null_pointer(void **state)
{
	(void)state;
	expect_page(0, 8, "#PF page fault: null pointer: read at 0x8");
	expect_page(PF_WRITE, 0xFFF,
		    "#PF page fault: null pointer: write at 0xfff");
	expect_page(PF_FETCH, 0, "#PF page fault: null pointer: jump to 0");
	frame.rip = 0;
	expect_page(0, 0, "#PF page fault: null pointer: jump to 0");
	expect_page(0, 0x1000,
		    "#PF page fault: read from a not-present page at "
		    "0x0000000000001000, where the memory map lists nothing");
}

static void test_not_present(void **state)
{
	(void)state;
	expect_page(0, 0x1234568000,
		    "#PF page fault: read from a not-present page at "
		    "0x0000001234568000, where the memory map lists nothing");
	expect_page(PF_WRITE, 0x1234568000,
		    "#PF page fault: write to a not-present page at "
		    "0x0000001234568000, where the memory map lists nothing");
	expect_page(PF_WRITE | PF_USER, 0x1234568000,
		    "#PF page fault: write to a not-present page at "
		    "0x0000001234568000, where the memory map lists nothing, "
		    "from ring 3");
	facts.memory_type = MEM_RESERVED;
	expect_page(0, 0xF0000000,
		    "#PF page fault: read from a not-present page at "
		    "0x00000000f0000000, reserved in the memory map");
	expect_page(PF_FETCH, 0x1234568000,
		    "#PF page fault: execute of a not-present page at "
		    "0x0000001234568000: a jump or return to nowhere");
	/* Without NX the error code does not tell. */
	frame.rip = 0x1234568000;
	expect_page(0, 0x1234568000,
		    "#PF page fault: execute of a not-present page at "
		    "0x0000001234568000: a jump or return to nowhere");
}

static void test_forbidden(void **state)
{
	(void)state;
	expect_page(PF_PRESENT | PF_WRITE, TEXT,
		    "#PF page fault: write to a read-only page at "
		    "0x0000000000100000, in the kernel's text");
	expect_page(PF_PRESENT | PF_WRITE, TEXT + 0x5000,
		    "#PF page fault: write to a read-only page at "
		    "0x0000000000105000, in the kernel's constants");
	expect_page(PF_PRESENT | PF_FETCH, TEXT + 0x6000,
		    "#PF page fault: execute of a no-execute page at "
		    "0x0000000000106000, in the kernel's variables");
	expect_page(PF_PRESENT | PF_FETCH, STACK,
		    "#PF page fault: execute of a no-execute page at "
		    "0x000000000010b000, in the boot stack");
	expect_page(PF_PRESENT | PF_WRITE, 0x900000,
		    "#PF page fault: write to a read-only page at "
		    "0x0000000000900000");
	expect_page(PF_PRESENT | PF_USER, TEXT,
		    "#PF page fault: read from a protected page at "
		    "0x0000000000100000, in the kernel's text, from ring 3");
	expect_page(PF_PRESENT | PF_RESERVED, TEXT,
		    "#PF page fault: a reserved bit is set in a page table "
		    "entry on the way to 0x0000000000100000");
}

static void test_stack_overflow(void **state)
{
	(void)state;
	frame.rsp = STACK + 8;
	expect_page(PF_WRITE, STACK - 24,
		    "#PF page fault: write to a not-present page at "
		    "0x000000000010afe8, 24 bytes below the boot stack, in "
		    "its guard page: stack overflow");
	expect_page(PF_WRITE, STACK - 0x1000,
		    "#PF page fault: write to a not-present page at "
		    "0x000000000010a000, 4096 bytes below the boot stack, in "
		    "its guard page: stack overflow");
	expect_page(PF_WRITE, STACK - 0x1001,
		    "#PF page fault: write to a not-present page at "
		    "0x0000000000109fff, where the memory map lists nothing");
}

/* Behind one stack lies the guard page of the next: no overflow of that. */
static void test_guard_page_of_another_stack(void **state)
{
	(void)state;
	expect_page(0, STACK + 0x4000,
		    "#PF page fault: read from a not-present page at "
		    "0x000000000010f000, in the guard page below the NMI "
		    "stack");
}

static void test_double_fault(void **state)
{
	const char *head = "#DF double fault: an exception, and another one "
			   "on the way to its handler; ";
	const struct {
		uint64_t rsp;
		const char *words;
	} cases[] = {
		{ STACK - 8, "RSP is 8 bytes below the boot stack: stack "
			     "overflow" },
		{ STACK, "RSP is at the end of the boot stack: stack "
			 "overflow" },
		{ STACK + 0x20, "RSP is at the end of the boot stack: stack "
				"overflow" },
		{ NOT_CANONICAL, "RSP is 0x0000800000000000, not a canonical "
				 "address" },
		{ STACK + 0x3F00, "if it was a page fault, then at "
				  "0x0000000000004242" },
	};
	char words[EXPLAIN_MAX];

	(void)state;
	facts.cr2 = 0x4242;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		frame.rsp = cases[i].rsp;
		snprintf(words, sizeof(words), "%s%s", head, cases[i].words);
		expect(VECTOR_DF, 0, words);
	}
	facts.stack_is_mapped = false;
	frame.rsp = 0x1234568000;
	snprintf(words, sizeof(words),
		 "%sRSP is 0x0000001234568000, where no stack is", head);
	expect(VECTOR_DF, 0, words);
}

static void test_selectors(void **state)
{
	(void)state;
	expect(VECTOR_GP, 0x10,
	       "#GP general protection, error 0x10: selector 2 of the GDT");
	expect(VECTOR_GP, 0xFFF8,
	       "#GP general protection, error 0xfff8: selector 8191 of the "
	       "GDT, which has 7");
	expect(VECTOR_GP, 0x38,
	       "#GP general protection, error 0x38: selector 7 of the GDT, "
	       "which has 7");
	expect(VECTOR_GP, 0x80 * 8 + 2,
	       "#GP general protection, error 0x402: vector 128 of the IDT");
	expect(VECTOR_NP, 0x2B,
	       "#NP segment not present, error 0x2b: vector 5 of the IDT, on "
	       "the way to another handler");
	expect(VECTOR_SS, 0x14,
	       "#SS stack fault, error 0x14: selector 2 of the LDT, which "
	       "does not exist");
	expect(VECTOR_TS, 0x19,
	       "#TS invalid TSS, error 0x19: selector 3 of the GDT, on the "
	       "way to another handler");
}

static void test_general_protection_without_selector(void **state)
{
	(void)state;
	expect(VECTOR_GP, 0,
	       "#GP general protection, error 0: the cause is not a "
	       "selector");
	frame.rax = NOT_CANONICAL;
	expect(VECTOR_GP, 0,
	       "#GP general protection, error 0: rax holds no "
	       "canonical address");
	frame.r15 = 0xFFFF000000000000;
	expect(VECTOR_SS, 0,
	       "#SS stack fault, error 0: rax, r15 hold no "
	       "canonical address");
	frame.rax = frame.r15 = 0;
	frame.rip = NOT_CANONICAL;
	expect(VECTOR_GP, 0,
	       "#GP general protection, error 0: RIP is not a "
	       "canonical address");
}

static void test_system_instructions(void **state)
{
	(void)state;
	frame.rcx = 0xFFFFFFFF00001234;
	memcpy(facts.code, "\x0F\x32", 2);
	expect(VECTOR_GP, 0,
	       "#GP general protection, error 0: there is no "
	       "MSR 0x1234");
	memcpy(facts.code, "\x0F\x30", 2);
	expect(VECTOR_GP, 0,
	       "#GP general protection, error 0: a value that "
	       "MSR 0x1234 does not take, or no such MSR");
	memcpy(facts.code, "\x0F\x22\xE0", 3);
	expect(VECTOR_GP, 0,
	       "#GP general protection, error 0: a value that "
	       "CR4 does not take");
}

static void test_debug(void **state)
{
	(void)state;
	facts.dr6 = 0xFFFF4FF0;
	expect(VECTOR_DB, 0, "#DB debug: single step, RFLAGS.TF is set");
	facts.dr6 = 0xFFFF0FF4;
	expect(VECTOR_DB, 0, "#DB debug: breakpoint register 2");
	facts.dr6 = 0xFFFF0FF0;
	expect(VECTOR_DB, 0, "#DB debug: INT1, or a task switch");
}

static void test_nmi(void **state)
{
	(void)state;
	expect(VECTOR_NMI, 0,
	       "NMI interrupt: neither memory nor an I/O card: a button, a "
	       "watchdog, or a debugger");
	facts.nmi_status = 0x80;
	expect(VECTOR_NMI, 0, "NMI interrupt: memory parity error");
	facts.nmi_status = 0x40;
	expect(VECTOR_NMI, 0, "NMI interrupt: error of an I/O card");
	facts.nmi_status = 0xFF;
	expect(VECTOR_NMI, 0, "NMI interrupt: port 61h does not say why");
}

static void test_opcodes(void **state)
{
	(void)state;
	memcpy(facts.code, "\x0F\x0B", 2);
	expect(VECTOR_UD, 0,
	       "#UD invalid opcode: UD2, put where no execution "
	       "is expected");
	memcpy(facts.code, "\xFF\xFF\x01\x02", 4);
	expect(VECTOR_UD, 0,
	       "#UD invalid opcode: code begins with ff ff 01 "
	       "02");
}

static void test_float(void **state)
{
	(void)state;
	facts.x87_status = 0x3804;
	facts.x87_control = 0x37B;
	expect(VECTOR_MF, 0,
	       "#MF x87 FPU error: division by zero, by an x87 "
	       "instruction before this one");
	facts.mxcsr = 0x1F80 & ~(4u << 7);
	facts.mxcsr |= 0x25; /* two of them are masked */
	expect(VECTOR_XM, 0, "#XM SIMD error: division by zero");
	facts.mxcsr = 0x03;
	expect(VECTOR_XM, 0,
	       "#XM SIMD error: invalid operation, denormal "
	       "operand");
}

static void test_no_fpu(void **state)
{
	(void)state;
	facts.cr0 = CR0_TS;
	expect(VECTOR_NM, 0, "#NM no x87 FPU: CR0.TS is set");
	facts.cr0 = CR0_EM;
	expect(VECTOR_NM, 0, "#NM no x87 FPU: CR0.EM is set");
}

static void test_machine_check(void **state)
{
	(void)state;
	facts.machine_check.global = 5;
	expect(VECTOR_MC, 0, "#MC machine check: MCG_STATUS 0x5");
	facts.machine_check.count = 2;
	facts.machine_check.banks[0] =
		(struct machine_check_bank){ 3, 0xB200000000000800, 0x1234 };
	facts.machine_check.banks[1] =
		(struct machine_check_bank){ 4, 0xBE00000000000135, 0x5678 };
	expect(VECTOR_MC, 0,
	       "#MC machine check: MCG_STATUS 0x5, bank 3 says "
	       "0xb200000000000800, bank 4 says 0xbe00000000000135 at 0x5678");
}

static void test_simple_ones(void **state)
{
	(void)state;
	expect(VECTOR_DE, 0,
	       "#DE divide error: division by zero, or a "
	       "quotient that is too large");
	expect(VECTOR_BP, 0, "#BP breakpoint: INT3 before RIP");
	expect(VECTOR_OF, 0, "#OF overflow: INTO found OF set");
	expect(21, 0x2, "#CP control protection: vector 21, error 0x2");
	expect(15, 0, "reserved: vector 15, error 0");
	expect(9, 0, "reserved: a 386 with its 387 had this one");
	expect(32, 0, "interrupt 0x20: this vector has no handler");
	expect(255, 0, "interrupt 0xff: this vector has no handler");
}

/* Every vector has words, and none needs more room than there is. */
static void test_every_vector_fits(void **state)
{
	char text[EXPLAIN_MAX + 1];

	(void)state;
	memset(&frame, 0xAA, sizeof(frame));
	memset(facts.code, 0xAA, sizeof(facts.code));
	facts.dr6 = UINT64_MAX;
	memset(&facts.machine_check, 0xFF, sizeof(facts.machine_check));
	facts.machine_check.count = MACHINE_CHECK_BANKS;
	facts.mxcsr = 0x3F;
	facts.x87_status = 0x3F;
	for (uint64_t vector = 0; vector < VECTORS; vector++) {
		frame.vector = vector;
		for (frame.error = 0; frame.error < 64; frame.error += 21) {
			explain(&facts, text, sizeof(text));
			assert_in_range(strlen(text), 9, EXPLAIN_MAX - 1);
		}
	}
}

static void test_too_little_room(void **state)
{
	char text[12];

	(void)state;
	frame.vector = VECTOR_PF;
	explain(&facts, text, sizeof(text));
	assert_string_equal(text, "#PF page fa");
	explain(&facts, text, 1);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_null_pointer, start),
		cmocka_unit_test_setup(test_not_present, start),
		cmocka_unit_test_setup(test_forbidden, start),
		cmocka_unit_test_setup(test_stack_overflow, start),
		cmocka_unit_test_setup(test_guard_page_of_another_stack, start),
		cmocka_unit_test_setup(test_double_fault, start),
		cmocka_unit_test_setup(test_selectors, start),
		cmocka_unit_test_setup(test_general_protection_without_selector,
				       start),
		cmocka_unit_test_setup(test_system_instructions, start),
		cmocka_unit_test_setup(test_debug, start),
		cmocka_unit_test_setup(test_nmi, start),
		cmocka_unit_test_setup(test_opcodes, start),
		cmocka_unit_test_setup(test_float, start),
		cmocka_unit_test_setup(test_no_fpu, start),
		cmocka_unit_test_setup(test_machine_check, start),
		cmocka_unit_test_setup(test_simple_ones, start),
		cmocka_unit_test_setup(test_every_vector_fits, start),
		cmocka_unit_test_setup(test_too_little_room, start),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
