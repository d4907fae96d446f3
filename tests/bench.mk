# Benchmarks: instruction counts, which are the same every time, and ratios of
# things measured side by side.
#
#	bench		one table, and build/bench.json
#
# A source of figures is a rule for $(BUILD)/bench_NAME.jsonl (tests/bench/
# rows.py says what is in it), and a prerequisite of bench-figures.

PYTHON ?= /usr/bin/python3

$(BUILD)/count_accesses.so: tests/bench/count_accesses.c lib/boot/layout.h \
		$(BUILD)/host-flags
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -fPIC -shared -o $@ $<

$(BUILD)/bench_kernel.jsonl: $(BUILD)/mkimage $(BUILD)/kernel.elf \
		$(BUILD)/count_accesses.so tests/bench/kernel.py \
		tests/bench/rows.py
	$(call say,BENCH,$@)
	$(Q)$(PYTHON) tests/bench/kernel.py $(BUILD)

.PHONY: bench bench-figures
bench-figures: $(BUILD)/bench_kernel.jsonl
bench: bench-figures
	$(Q)$(PYTHON) tests/bench/bench.py $(BUILD) $(BUILD)/bench_*.jsonl
