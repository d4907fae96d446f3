/*
 * qemu_plugin.h - the part of QEMU's plugin interface that the benchmarks'
 * plugins use (docs/devel/tcg-plugins.rst); the distribution does not install
 * QEMU's own header.
 */
#ifndef TESTS_BENCH_QEMU_PLUGIN_H
#define TESTS_BENCH_QEMU_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { CB_NO_REGS = 0, MEM_RW = 3 };

/* What QEMU knows, the plugin's version must lie between: QEMU 8 and older know
 * version 1, QEMU 9 and later none below 2. Of what is declared here only
 * qemu_plugin_insn_data() is not the same in all. */
struct qemu_info {
	const char *target_name;
	int version_min, version;
};

extern int qemu_plugin_version;
int qemu_plugin_version = 1;

/* Since version 2. */
__attribute__((weak)) void *qemu_plugin_scoreboard_new(size_t size);

/* QEMU reads the version once it has loaded the plugin. */
__attribute__((constructor)) static void choose_version(void)
{
	if (qemu_plugin_scoreboard_new)
		qemu_plugin_version = 2;
}

void qemu_plugin_register_vcpu_tb_trans_cb(
	qemu_plugin_id_t id,
	void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_insn_data(void); /* see insn_bytes() */
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*executed)(unsigned int cpu,
							     void *data),
					    int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      void (*accessed)(unsigned int cpu,
						       uint32_t info,
						       uint64_t address,
						       void *data),
				      int flags, int kind, void *data);
unsigned int qemu_plugin_mem_size_shift(uint32_t info);
_Bool qemu_plugin_mem_is_store(uint32_t info);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
				    void (*ended)(qemu_plugin_id_t, void *),
				    void *data);
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv);

/* What qemu_plugin_insn_data() is: it says where the bytes are, or, since
 * version 3, copies them. */
typedef const void *bytes_where(const struct qemu_plugin_insn *insn);
typedef size_t bytes_copy(const struct qemu_plugin_insn *insn, void *to,
			  size_t room);

/* An instruction's first bytes, at most `room`; version is QEMU's. */
static inline void insn_bytes(int version, const struct qemu_plugin_insn *insn,
			      uint8_t *to, size_t room)
{
	bytes_where *where = (bytes_where *)qemu_plugin_insn_data;
	bytes_copy *copy = (bytes_copy *)qemu_plugin_insn_data;
	size_t size = qemu_plugin_insn_size(insn);

	size = size < room ? size : room;
	if (version >= 3)
		copy(insn, to, size);
	else
		memcpy(to, where(insn), size);
}

#endif
