/*
 * count_accesses.c - a QEMU plugin that counts what the guest's instructions
 * do to video memory.
 *
 *	qemu-system-x86_64 -plugin count_accesses.so,out=FILE ...
 *
 * When QEMU ends, FILE holds one line: "reads R writes W bytes B". An access
 * is one load or store of an instruction, whatever its width.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "tests/bench/qemu_plugin.h"

static uint64_t reads, writes, bytes;
static const char *path;

/* All of ours runs identity-mapped or without paging. */
static void accessed(unsigned int cpu, uint32_t info, uint64_t address,
		     void *data)
{
	(void)cpu;
	(void)data;
	if (address < VGA_WINDOW_ADDR || address >= VGA_WINDOW_END)
		return;
	if (qemu_plugin_mem_is_store(info))
		writes++;
	else
		reads++;
	bytes += 1u << qemu_plugin_mem_size_shift(info);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
		qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i),
						 accessed, CB_NO_REGS, MEM_RW,
						 NULL);
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
	fprintf(file,
		"reads %" PRIu64 " writes %" PRIu64 " bytes %" PRIu64 "\n",
		reads, writes, bytes);
	fclose(file);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4) != 0) {
		fprintf(stderr, "count_accesses: out=FILE is missing\n");
		return 1;
	}
	path = strdup(argv[0] + 4);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
