# Benchmarks: counts of instructions and of accesses to devices, and ratios of
# them. No clock of the host's has a part in them.
#
#	bench		one table, and build/bench.json
#
# A source of figures is a rule for $(BUILD)/bench_NAME.jsonl (tests/bench/
# rows.py says what is in it), and a prerequisite of bench-figures.

PYTHON ?= sh tools/python.sh

bench_plugins := $(addprefix $(BUILD)/,count_accesses.so count_boot.so \
	count_off.so)
$(bench_plugins): $(BUILD)/%.so: tests/bench/%.c tests/bench/qemu_plugin.h \
		lib/boot/layout.h $(BUILD)/host-flags
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -fPIC -shared -o $@ $<

$(BUILD)/bench_kernel.jsonl: $(BUILD)/mkimage $(BUILD)/kernel.elf \
		$(BUILD)/programs.tar $(BUILD)/count_accesses.so \
		$(BUILD)/count_off.so \
		tests/bench/kernel.py \
		tests/bench/rows.py
	$(call say,BENCH,$@)
	$(Q)$(PYTHON) tests/bench/kernel.py $(BUILD)

# The loop that only reads a kernel.
$(BUILD)/bare.bin: tests/bench/bare.asm $(boot_incs) $(BUILD)/target-flags
	$(call say,NASM,$@)
	$(Q)$(NASM) -f bin $(NASM_WARNINGS) -I$(BUILD)/ -o $@ $<

$(BUILD)/bench_boot.jsonl: $(BUILD)/mkimage $(BUILD)/stage2.elf \
		$(BUILD)/bootsector.bin $(BUILD)/stage2.bin \
		$(BUILD)/test/kernels/bench-64k.elf \
		$(BUILD)/test/kernels/bench-16m.elf \
		$(BUILD)/count_boot.so $(BUILD)/bare.bin \
		tests/bench/boot.py tests/bench/rows.py
	$(call say,BENCH,$@)
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/bench/boot.py $(BUILD)

$(BUILD)/bench_panic.jsonl: $(BUILD)/mkimage $(BUILD)/kernel.elf \
		$(BUILD)/count_boot.so tests/bench/panic.py \
		tests/bench/boot.py tests/bench/rows.py
	$(call say,BENCH,$@)
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/bench/panic.py $(BUILD)

$(BUILD)/bench_idle.jsonl: $(BUILD)/mkimage $(BUILD)/kernel.elf \
		$(BUILD)/count_boot.so tests/bench/idle.py \
		tests/bench/boot.py tests/bench/rows.py
	$(call say,BENCH,$@)
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/bench/idle.py $(BUILD)

.PHONY: bench bench-figures
bench-figures: $(BUILD)/bench_kernel.jsonl $(BUILD)/bench_boot.jsonl \
	$(BUILD)/bench_panic.jsonl $(BUILD)/bench_idle.jsonl
bench: bench-figures
	$(Q)$(PYTHON) tests/bench/bench.py $(BUILD) $(BUILD)/bench_*.jsonl
