# Host tests: lib/ and the pure parts of the tools, on the machine that builds.
#
#	test-host	tests/host/test_*.c (cmocka) under ASan and UBSan, and a
#			million random formats beside libc's snprintf(), and
#			some random operations on memory beside models
#	test-fuzz	tests/fuzz/fuzz_*.c, each a fixed number of runs from a
#			fixed seed: the same every time
#	fuzz		the same for FUZZ_SECONDS each, with a new seed
#	format-soak	COUNT random formats beside libc's, on all cores
#	memory-soak	COUNT random operations each on frames, heap and ranges,
#			beside models of them, on all cores
#	bench-format	kvsnprintf() beside the host's snprintf()
#	bench-heap	the heap beside the host's malloc(), on recorded traces
#
# Each test leaves lines "ok NAME" or "not ok NAME" in $(BUILD)/results/*.txt.

FUZZ_CC ?= clang
FUZZ_SECONDS ?= 600
COUNT ?= 1000000000

results := $(BUILD)/results
sanitize := address,undefined

# What is tested. mkimage's copy of the loader is not needed by any test.
tested_src := $(wildcard lib/*.c) kernel/command_line.c \
	$(addprefix kernel/irq/,c1e.c io_apic.c pic.c) \
	kernel/cpu/machine_check.c \
	$(addprefix kernel/device/,serial.c serial_receive.c) \
	kernel/console/queue.c \
	$(addprefix kernel/input/,input.c show_input.c) kernel/time/clock.c \
	$(addprefix diag/,code.c console.c format.c page.c) \
	$(wildcard diag/show_*.c) \
	$(filter-out %_facts.c,$(wildcard kernel/panic/explain*.c)) \
	$(filter-out %/main.c %/pieces.c,\
	$(wildcard $(addprefix tools/,$(addsuffix /*.c,\
	file image elf explain mkimage symtab))))
host_test_names := $(patsubst tests/host/%.c,%,$(wildcard tests/host/test_*.c))
fuzz_names := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

# ---- Building ------------------------------------------------------------

# Of -O2 the compiler takes twice as long, most of all with what checks.
COMPILE_TEST = $(HOSTCC) $(HOST_CFLAGS) -Og -iquote tests/host \
	-fsanitize=$(sanitize) \
	-fno-sanitize-recover=all -fno-omit-frame-pointer $(host_flags)
COMPILE_FUZZ = $(FUZZ_CC) $(HOST_CFLAGS) -iquote tests/host \
	-fsanitize=fuzzer-no-link,$(sanitize) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer $(host_flags)
# As the kernel has it: no SSE, our own strlen and memcpy.
COMPILE_PLAIN = $(HOSTCC) $(HOST_CFLAGS) -iquote tests/host $(plain_flags)
$(eval $(call c_rule,test,COMPILE_TEST,test-flags,HOSTCC))
$(eval $(call c_rule,fuzz,COMPILE_FUZZ,test-flags,FUZZCC))
$(eval $(call c_rule,plain,COMPILE_PLAIN,test-flags,HOSTCC))
$(eval $(call flags_rule,test-flags,$$(HOSTCC) $$(FUZZ_CC) $$(HOST_CFLAGS)))

# lib/string.c must not replace the host's own functions.
$(BUILD)/test/lib/string.o $(BUILD)/fuzz/lib/string.o: host_flags := \
	-include tests/host/own_string.h
$(BUILD)/plain/lib/%.o: plain_flags := -include tests/host/own_string.h \
	-ffreestanding -mgeneral-regs-only -fno-omit-frame-pointer \
	-fstack-protector-strong

# Drivers without their devices.
on_ports := kernel/irq/pic.o \
	$(addprefix kernel/device/,serial.o serial_receive.o)
$(addprefix $(BUILD)/test/,$(on_ports)) \
$(addprefix $(BUILD)/fuzz/,$(on_ports)): \
	host_flags := -include tests/host/fake_port.h
$(BUILD)/test/kernel/irq/io_apic.o $(BUILD)/fuzz/kernel/irq/io_apic.o: \
	host_flags := -include tests/host/fake_mmio.h
$(BUILD)/test/kernel/time/clock.o $(BUILD)/fuzz/kernel/time/clock.o: \
	host_flags := -include tests/host/fake_time.h
$(BUILD)/test/kernel/input/input.o $(BUILD)/fuzz/kernel/input/input.o: \
	host_flags := -include tests/host/fake_cpu.h

define archive_rule
$(BUILD)/$(1)/tested.a: $(call objects,$(1),$(tested_src))
	$$(call say,AR,$$@)
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
endef
$(eval $(call archive_rule,test))
$(eval $(call archive_rule,fuzz))

host_tests := $(addprefix $(BUILD)/test/,$(host_test_names))
$(host_tests): $(BUILD)/test/%: $(BUILD)/test/tests/host/%.o \
		$(BUILD)/test/tests/host/format_diff.o $(BUILD)/test/tested.a
	$(call say,HOSTLD,$@)
	$(Q)$(COMPILE_TEST) -o $@ $^ -lcmocka

fuzzers := $(addprefix $(BUILD)/fuzz/,$(fuzz_names))
$(fuzzers): $(BUILD)/fuzz/%: $(BUILD)/fuzz/tests/fuzz/%.o \
		$(BUILD)/fuzz/tested.a
	$(call say,FUZZLD,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,$(sanitize) -o $@ $^

plain_lib := $(addprefix $(BUILD)/plain/lib/,digits.o format.o string.o)
$(BUILD)/format_soak: $(addprefix $(BUILD)/plain/tests/host/,format_soak.o \
		format_diff.o) $(plain_lib)
$(BUILD)/bench_format: $(BUILD)/plain/tests/host/bench_format.o $(plain_lib)
$(BUILD)/bench_heap: $(BUILD)/plain/tests/host/bench_heap.o \
		$(BUILD)/plain/lib/heap.o
$(BUILD)/format_soak $(BUILD)/bench_format $(BUILD)/bench_heap:
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -o $@ $^

$(BUILD)/memory_soak: $(addprefix $(BUILD)/test/tests/host/,memory_soak.o \
		model_frames.o model_heap.o model_ranges.o) \
		$(BUILD)/test/tested.a
	$(call say,HOSTLD,$@)
	$(Q)$(COMPILE_TEST) -o $@ $^

# ---- Running -------------------------------------------------------------

.PHONY: test-host test-fuzz fuzz format-soak memory-soak bench-format \
	bench-heap
test-host: $(host_test_names:%=run-%) run-format_soak run-memory_soak
	@grep '^not ok' $(^:run-%=$(results)/%.txt) > /dev/null; [ $$? -eq 1 ]

test-fuzz: $(fuzz_names:%=run-%)
	@grep '^not ok' $(^:run-%=$(results)/%.txt) > /dev/null; [ $$? -eq 1 ]

.PHONY: $(host_test_names:%=run-%) $(fuzz_names:%=run-%) run-format_soak \
	run-memory_soak
$(host_test_names:%=run-%): run-%: $(BUILD)/test/%
	@mkdir -p $(results)
	@sh tests/host/tap.sh $(results)/$*.txt $<

run-format_soak run-memory_soak: run-%: $(BUILD)/%
	@mkdir -p $(results)
	@$< 1000000 > $(results)/$*.txt; status=$$?; \
		cat $(results)/$*.txt && exit $$status

$(fuzz_names:%=run-%): run-%: $(BUILD)/fuzz/%
	@mkdir -p $(results)
	@sh tests/fuzz/run.sh $(results)/$*.txt $<

fuzz: $(fuzzers)
	@for fuzzer in $^; do \
		sh tests/fuzz/soak.sh $$fuzzer $(call given,FUZZ_SECONDS) || \
			exit 1; \
	done

format-soak: $(BUILD)/format_soak
	@$< $(call given,COUNT) $$(sh tools/cores.sh) $$(date +%s)

memory-soak: $(BUILD)/memory_soak
	@$< $(call given,COUNT) $$(sh tools/cores.sh) $$(date +%s)

bench-format: $(BUILD)/bench_format
	@$< $(BUILD)/bench_format.jsonl

bench-heap: $(BUILD)/bench_heap
	@$< $(BUILD)/bench_heap.jsonl $(wildcard tests/bench/traces/*.trace)

bench-figures: bench-format bench-heap
