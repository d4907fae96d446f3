/*
 * count_boot.c - a QEMU plugin that counts what a boot executes, step by step.
 *
 *	qemu-system-x86_64 -plugin count_boot.so,out=FILE,mark=A,mark=B[...]
 *
 * A mark is the linear address of an instruction, in the order in which they
 * are reached; counting starts at the first. When the last is reached, FILE
 * has a line for each: "INSTRUCTIONS BIOS CALLS NANOSECONDS", all since the
 * first mark:
 *
 *	INSTRUCTIONS	executed; each turn of a `rep` is one, as in -icount
 *	BIOS		those of them that the BIOS's code executed
 *	CALLS		of the BIOS by boot stages: their `int` and far calls
 *	NANOSECONDS	by the host's clock
 *
 * With count=off only the clock is read, and the guest is not slowed down.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "boot/layout.h"
#include "tests/bench/qemu_plugin.h"

#define MARKS_MAX 32
#define OPCODE_INT 0xCD
#define OPCODE_GROUP_5 0xFF /* with /3 in ModRM: call far (SDM 2A, CALL) */

static const char *path;
static uint64_t marks[MARKS_MAX];
static uintptr_t mark_count, marks_reached;
static bool counts = true;
static int version; /* of QEMU's plugin interface */
static uint64_t instructions, bios, calls, start;
static FILE *file;

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static bool running(void)
{
	return marks_reached && marks_reached < mark_count;
}

/* The callbacks' data is a number. Marks come in their order only. */
static void at_mark(unsigned int cpu, void *data)
{
	(void)cpu;
	if (!file || (uintptr_t)data != marks_reached)
		return;
	if (!marks_reached)
		start = now();
	fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		instructions, bios, calls, now() - start);
	if (++marks_reached == mark_count)
		fflush(file);
}

static void in_stage(unsigned int cpu, void *data)
{
	(void)cpu;
	if (!running())
		return;
	instructions++;
	calls += (uintptr_t)data;
}

static void in_bios(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (!running())
		return;
	instructions++;
	bios++;
}

static bool calls_bios(const struct qemu_plugin_insn *insn)
{
	uint8_t bytes[2] = { 0 };

	insn_bytes(version, insn, bytes, sizeof(bytes));
	return bytes[0] == OPCODE_INT ||
	       (bytes[0] == OPCODE_GROUP_5 && (bytes[1] >> 3 & 7) == 3);
}

/* Whose code is it? SeaBIOS runs in its ROM below 1 MiB, in its shadow's 32-bit
 * part above it, and at the end of RAM and of the address space. */
static bool is_stage(uint64_t address)
{
	return address >= BOOT_SECTOR_ADDR && address < LOADER_DATA_END;
}

static void count_instruction(struct qemu_plugin_insn *insn)
{
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	bool ours = is_stage(address);
	uintptr_t is_call = ours && calls_bios(insn);

	qemu_plugin_register_vcpu_insn_exec_cb(insn, ours ? in_stage : in_bios,
					       CB_NO_REGS, (void *)is_call);
}

static void mark_instruction(struct qemu_plugin_insn *insn)
{
	for (uintptr_t i = 0; i < mark_count; i++)
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
		if (counts)
			count_instruction(insn);
	}
}

static bool take_argument(const char *argument)
{
	if (strncmp(argument, "out=", 4) == 0)
		path = strdup(argument + 4);
	else if (strncmp(argument, "mark=", 5) == 0 && mark_count < MARKS_MAX)
		marks[mark_count++] = strtoull(argument + 5, NULL, 16);
	else if (strcmp(argument, "count=off") == 0)
		counts = false;
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
