/*
 * count_boot.c - a QEMU plugin that counts what a boot executes, step by step.
 *
 *	qemu-system-x86_64 -plugin count_boot.so,out=FILE,mark=A,mark=B[...]
 *
 * A mark is the linear address of an instruction, in the order in which they
 * are reached; counting starts at the first. When the last is reached, FILE
 * has a line for each: "INSTRUCTIONS BIOS CALLS PORTS HALTS", all since the
 * first mark:
 *
 *	INSTRUCTIONS	executed; each turn of a `rep` is one, as in -icount
 *	BIOS		those of them outside the boot stages: the BIOS's
 *	CALLS		of the BIOS by boot stages: their `int` and far calls
 *	PORTS		accesses to ports, by `in`, `out`, `ins`, `outs`
 *	HALTS		`hlt`: how often the CPU was put to sleep
 *
 * The BIOS's waiting is not counted: how often it asks whether the disk is
 * ready depends on when the host's thread has read it. It is what lies between
 * an `in` in its ROM and the same `in` again, when that is near and only `in`s
 * are between them.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "tests/bench/qemu_plugin.h"

#define MARKS_MAX 32
/* SDM 2A: INT, CALL, HLT */
#define OPCODE_INT 0xCD
#define OPCODE_GROUP_5 0xFF /* with /3 in ModRM: call far */
#define OPCODE_HLT 0xF4
#define INSN_MAX 15

static const char *path;
static uint64_t marks[MARKS_MAX];
static uintptr_t mark_count, marks_reached;
static int version; /* of QEMU's plugin interface */
static uint64_t instructions, bios, calls, ports, halts;
static FILE *file;

/* A status that is read again and again, with a clock perhaps, to give up; and
 * how many instructions there are to a round. */
#define POLLED_MAX 2
#define ROUND_MAX 200
static struct polled {
	uint64_t address; /* of the `in`, 0: none */
	uint64_t last;		/* executed then */
	uint64_t instructions, bios, ports; /* counts behind the first */
} polled[POLLED_MAX];
static unsigned int oldest;
static uint64_t executed_all; /* waiting included */

/* What an instruction adds to the counts; a callback's data, in front of the
 * address. */
enum { IN_BIOS = 1, IS_CALL = 2, IS_PORT = 4, IS_POLL = 8, IS_HALT = 16 };
#define KIND_BITS 5

static bool running(void)
{
	return marks_reached && marks_reached < mark_count;
}

/* Marks come in their order only. Two may lie at the same address: the later
 * one's callback is the first, so that each is reached by itself. */
static void at_mark(unsigned int cpu, void *data)
{
	(void)cpu;
	if (!file || (uintptr_t)data != marks_reached)
		return;
	fprintf(file,
		"%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		instructions, bios, calls, ports, halts);
	if (++marks_reached == mark_count)
		fflush(file);
}

static void forget_polled(void)
{
	memset(polled, 0, sizeof(polled));
}

/* The same `in` as before: the counts are what they were behind it. */
static void note_in(uint64_t address)
{
	for (unsigned int i = 0; i < POLLED_MAX; i++) {
		struct polled *it = &polled[i];

		if (it->address != address)
			continue;
		if (executed_all - it->last > ROUND_MAX) {
			forget_polled();
			break;
		}
		it->last = executed_all;
		instructions = it->instructions;
		bios = it->bios;
		ports = it->ports;
		return;
	}
	polled[oldest] = (struct polled){ address, executed_all, instructions,
					  bios, ports };
	oldest = (oldest + 1) % POLLED_MAX;
}

static void executed(unsigned int cpu, void *data)
{
	uintptr_t kind = (uintptr_t)data;

	(void)cpu;
	if (!running())
		return;
	executed_all++;
	instructions++;
	bios += !!(kind & IN_BIOS);
	calls += !!(kind & IS_CALL);
	ports += !!(kind & IS_PORT);
	halts += !!(kind & IS_HALT);
	if (kind & IS_POLL)
		note_in(kind >> KIND_BITS);
	else if (kind & IS_PORT)
		forget_polled();
}

/* Whose code is it? SeaBIOS runs in its ROM below 1 MiB, in its shadow's 32-bit
 * part above it, and at the end of RAM and of the address space. */
static bool is_stage(uint64_t address)
{
	return address >= BOOT_SECTOR_ADDR && address < LOADER_DATA_END;
}

static bool calls_bios(const uint8_t *bytes)
{
	return bytes[0] == OPCODE_INT ||
	       (bytes[0] == OPCODE_GROUP_5 && (bytes[1] >> 3 & 7) == 3);
}

/* in and out with a number or DX, ins and outs (SDM 2A, 2B); in front, sizes
 * and rep. */
static uintptr_t port_kind(const uint8_t *bytes, uint64_t address)
{
	bool in_rom = address >= BIOS_ROM_ADDR && address < BIOS_ROM_END;

	while (*bytes == 0x66 || *bytes == 0x67 || *bytes == 0xF2 ||
	       *bytes == 0xF3)
		bytes++;
	if ((*bytes & 0xF6) == 0xE4 && in_rom)
		return IS_PORT | IS_POLL;
	return (*bytes & 0xF4) == 0xE4 || (*bytes & 0xFC) == 0x6C ? IS_PORT : 0;
}

static void count_instruction(struct qemu_plugin_insn *insn)
{
	uint8_t bytes[INSN_MAX + 1] = { 0 };
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	bool ours = is_stage(address);
	uintptr_t kind;

	insn_bytes(version, insn, bytes, INSN_MAX);
	kind = (ours ? 0 : IN_BIOS) |
	       (ours && calls_bios(bytes) ? IS_CALL : 0) |
	       port_kind(bytes, address) |
	       (bytes[0] == OPCODE_HLT ? IS_HALT : 0);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, CB_NO_REGS,
					       (void *)(address << KIND_BITS |
							kind));
}

static void mark_instruction(struct qemu_plugin_insn *insn)
{
	for (uintptr_t i = mark_count; i-- > 0;)
		if (marks[i] == qemu_plugin_insn_vaddr(insn))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, at_mark,
							       CB_NO_REGS,
							       (void *)i);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		/* First: the instruction at a mark belongs to what follows. */
		mark_instruction(insn);
		count_instruction(insn);
	}
}

static bool take_argument(const char *argument)
{
	if (strncmp(argument, "out=", 4) == 0)
		path = strdup(argument + 4);
	else if (strncmp(argument, "mark=", 5) == 0 && mark_count < MARKS_MAX)
		marks[mark_count++] = strtoull(argument + 5, NULL, 16);
	else
		return false;
	return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	version = info->version;
	for (int i = 0; i < argc; i++) {
		if (!take_argument(argv[i])) {
			fprintf(stderr, "count_boot: what is %s?\n", argv[i]);
			return 1;
		}
	}
	file = path ? fopen(path, "w") : NULL;
	if (!file || mark_count < 2) {
		fprintf(stderr, "count_boot: out=FILE and two mark=ADDRESS\n");
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
