/*
 * count_off.c - a QEMU plugin that counts for how many instructions interrupts
 * are off at a stretch.
 *
 *	qemu-system-x86_64 -plugin count_off.so,from=A,entries=B,end=C,out=FILE
 *
 * It counts from the instruction at A on until the last CLI. B to C is where
 * interrupts enter. What switches interrupts off and on are CLI and STI; an
 * interrupt switches them off, and its IRETQ brings back what was. When QEMU
 * ends, FILE holds a line: "longest N from ADDRESS to ADDRESS", in hexadecimal
 * where the stretch begins and ends.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/qemu_plugin.h"

#define NESTED_MAX 64

static uint64_t from, entries, entries_end;
static char *path;
static int version;

static uint64_t executed;
static int counting;

static int off = 1;
static uint64_t off_since, off_at;
static int outer[NESTED_MAX]; /* off, in what was interrupted */
static unsigned int depth;

static uint64_t longest, longest_from, longest_to;

static void switch_off(uint64_t address)
{
	if (off)
		return;
	off = 1;
	off_since = executed;
	off_at = address;
}

static void switch_on(uint64_t address)
{
	if (off && counting && executed - off_since > longest) {
		longest = executed - off_since;
		longest_from = off_at;
		longest_to = address;
	}
	off = 0;
}

enum what { PLAIN, CLI, STI, ENTRY, IRETQ };

static enum what what_is(uint64_t address, const uint8_t *bytes)
{
	if (address >= entries && address < entries_end)
		return ENTRY;
	if (bytes[0] == 0xFA)
		return CLI;
	if (bytes[0] == 0xFB)
		return STI;
	return bytes[0] == 0x48 && bytes[1] == 0xCF ? IRETQ : PLAIN;
}

/* The stubs push one or two words and jump: the first of these instructions is
 * the entry. */
static uint64_t entered_at;

static void enter(uint64_t address)
{
	if (executed == entered_at + 1) {
		entered_at = executed;
		return;
	}
	entered_at = executed;
	if (depth < NESTED_MAX)
		outer[depth] = off;
	depth++;
	switch_off(address);
}

static void leave(uint64_t address)
{
	if (!depth)
		return;
	depth--;
	if (depth < NESTED_MAX && !outer[depth])
		switch_on(address);
}

struct insn {
	uint64_t address;
	enum what what;
};

static void executed_one(unsigned int cpu, void *data)
{
	const struct insn *insn = data;

	(void)cpu;
	executed++;
	if (insn->address == from) {
		counting = 1;
		off_since = executed;
		off_at = from;
	}
	switch (insn->what) {
	case CLI:
		switch_off(insn->address);
		break;
	case STI:
		switch_on(insn->address);
		break;
	case ENTRY:
		enter(insn->address);
		break;
	case IRETQ:
		leave(insn->address);
		break;
	default:
		break;
	}
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *at = qemu_plugin_tb_get_insn(tb, i);
		struct insn *insn = malloc(sizeof(*insn));
		uint8_t bytes[2] = { 0 };

		if (!insn)
			abort();
		insn_bytes(version, at, bytes, sizeof(bytes));
		insn->address = qemu_plugin_insn_vaddr(at);
		insn->what = what_is(insn->address, bytes);
		qemu_plugin_register_vcpu_insn_exec_cb(at, executed_one,
						       CB_NO_REGS, insn);
	}
}

static void ended(qemu_plugin_id_t id, void *data)
{
	FILE *file = fopen(path, "w");

	(void)id;
	(void)data;
	if (!file) {
		perror(path);
		return;
	}
	fprintf(file, "longest %" PRIu64 " from %" PRIx64 " to %" PRIx64 "\n",
		longest, longest_from, longest_to);
	fclose(file);
}

static int take(const char *argument)
{
	const char *value = strchr(argument, '=');

	if (!value)
		return 0;
	value++;
	if (strncmp(argument, "from=", 5) == 0)
		from = strtoull(value, NULL, 0);
	else if (strncmp(argument, "entries=", 8) == 0)
		entries = strtoull(value, NULL, 0);
	else if (strncmp(argument, "end=", 4) == 0)
		entries_end = strtoull(value, NULL, 0);
	else if (strncmp(argument, "out=", 4) == 0)
		path = strdup(value);
	else
		return 0;
	return 1;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (!take(argv[i])) {
			fprintf(stderr, "count_off: %s?\n", argv[i]);
			return 1;
		}
	}
	if (!from || !entries || !entries_end || !path) {
		fprintf(stderr,
			"count_off: from=, entries=, end= and out= are needed\n");
		return 1;
	}
	version = info->version;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
