# What the boot tests boot: kernels for one purpose each, and foreign ones.
#
#	boot-kernels	tests/boot/kernels and tests/foreign, into
#			$(BUILD)/test/kernels, and what else the rows want
#	test-sanitize	boot tests that look at the kernel, and a few rows of
#			the matrix, with the sanitized kernel
#
# Their rows are in tests/boot/table.py; tests/run.sh runs them with the rest.

boot_kernels := $(BUILD)/test/kernels
boot_ready := ready large huge many hole far apart
bench_ready := bench-64k bench-16m
boot_faults := UD DE BP GP PF STACK DEEP DF JUMP MF NAMELESS SCROLLED \
	NOSCREEN NOREPORT NOTHING RESET RETURN WAIT
boot_foreign := $(patsubst tests/foreign/%.c,foreign-%,\
	$(wildcard tests/foreign/*.c))

BOOT_KERNEL = $(CC) $(TARGET_CFLAGS) -O2 -fno-stack-protector $(boot_flags)

# ready.c in several sizes and places
$(boot_kernels)/%.elf: load := 0x100000
$(boot_kernels)/large.o: boot_flags := -DBSS=0x600000
$(boot_kernels)/huge.o: boot_flags := -DBSS=0xC800000
$(boot_kernels)/many.o: boot_flags := -DFILLER=0x300000
$(boot_kernels)/hole.o $(boot_kernels)/far.o: boot_flags := -mcmodel=large
$(boot_kernels)/hole.elf: load := 0xFEC00000
$(boot_kernels)/far.elf: load := 0x80000000
$(boot_kernels)/%.elf: gap := 0
$(boot_kernels)/%apart.elf: gap := 0x30000000
$(boot_kernels)/bench-64k.o: boot_flags := -DFILLER=0x10000
$(boot_kernels)/bench-16m.o: boot_flags := -DFILLER=0x1000000
$(patsubst %,$(boot_kernels)/%.o,$(boot_ready) $(bench_ready)): \
		$(boot_kernels)/%.o: tests/boot/kernels/ready.c

$(boot_faults:%=$(boot_kernels)/%.o): $(boot_kernels)/%.o: \
		tests/boot/kernels/fault.c
$(boot_faults:%=$(boot_kernels)/%.o): boot_flags = -DFAULT=$(basename $(@F))

$(boot_kernels)/protocol.o $(boot_kernels)/protocol-apart.o: \
		tests/boot/kernels/protocol.c

$(boot_kernels)/%.o: $(boot_headers) tests/boot/kernels/say.h \
		lib/x86/port.h $(BUILD)/target-flags tests/boot.mk
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(BOOT_KERNEL) -c -o $@ $(filter %.c,$^)

$(boot_kernels)/%.elf: $(boot_kernels)/%.o tests/boot/kernels/kernel.ld
	$(call say,LD,$@)
	$(Q)$(LD) $(LD_FLAGS) --defsym=load=$(load) \
		--defsym=gap=$(gap) -T $(filter %.ld,$^) \
		-o $@ $<

# As the comment in tests/foreign/kernel.c says it, with no flag of ours.
$(boot_kernels)/foreign-%.elf: tests/foreign/%.c tests/foreign/kernel.ld
	$(call say,FOREIGN,$@)
	@mkdir -p $(@D)
	$(Q)$(CROSS_COMPILE)gcc -ffreestanding -fno-pie -fno-stack-protector \
		-mno-red-zone -c -o $(@:.elf=.o) $<
	$(Q)$(CROSS_COMPILE)ld -static -T tests/foreign/kernel.ld -o $@ \
		$(@:.elf=.o)

# The same kernel, linked without a script: each linker puts its headers and
# padding somewhere else in front.
linked := $(boot_kernels)/linked
boot_linked := gnu-1m gnu-1m-shared $(if $(shell command -v clang && \
	command -v ld.lld),lld-2m lld-alone lld-128m)
$(linked)-gnu-1m.elf: link_flags := -Ttext=0x100000
$(linked)-gnu-1m-shared.elf: link_flags := -Ttext=0x100000 -z noseparate-code
$(linked)-lld-2m.elf: link_flags := -Ttext=0x200000
$(linked)-lld-alone.elf: link_flags :=
$(linked)-lld-128m.elf: link_flags := -Ttext=0x8000000

$(linked)-gnu%.elf: tests/foreign/kernel.c tests/boot.mk
	$(call say,FOREIGN,$@)
	@mkdir -p $(@D)
	$(Q)$(CROSS_COMPILE)gcc -ffreestanding -fno-pie -fno-stack-protector \
		-mno-red-zone -c -o $(@:.elf=.o) $<
	$(Q)$(CROSS_COMPILE)ld -static $(link_flags) -o $@ $(@:.elf=.o)

$(linked)-lld%.elf: tests/foreign/kernel.c tests/boot.mk
	$(call say,FOREIGN,$@)
	@mkdir -p $(@D)
	$(Q)clang --target=x86_64-unknown-none-elf -ffreestanding -fno-pie \
		-fno-stack-protector -mno-red-zone -c -o $(@:.elf=.o) $<
	$(Q)ld.lld -static $(link_flags) -o $@ $(@:.elf=.o)

# RAM is never zero at power-on but in emulators (HW-11).
boot_garbage := $(BUILD)/test/low.bin $(BUILD)/test/high.bin
$(BUILD)/test/low.bin: size := 600K
$(BUILD)/test/high.bin: size := 8M
$(boot_garbage): tests/boot.mk
	@mkdir -p $(@D)
	$(Q)head -c $(size) /dev/zero > $@.zeros
	$(Q)tr '\0' '\314' < $@.zeros > $@ && rm $@.zeros

# Less than the CRC takes at once.
$(BUILD)/test/tiny.txt: tests/boot.mk
	@mkdir -p $(@D)
	$(Q)echo tiny > $@

# Stage 2 as a CPU without CPUID sees it.
$(BUILD)/test/no-cpuid/cpu.o: stage2/cpu.asm tests/boot/no_cpuid.inc \
		$(asm_includes) $(BUILD)/target-flags
	$(call say,NASM,$@)
	@mkdir -p $(@D)
	$(Q)$(NASM) $(NASM_FLAGS) -p tests/boot/no_cpuid.inc -o $@ $<
$(BUILD)/test/no-cpuid.elf: $(BUILD)/link/stage2.ld \
		$(BUILD)/test/no-cpuid/cpu.o $(filter-out %/cpu.o,$(stage2_obj))
	$(call say,LD,$@)
	$(Q)$(LD) $(LD_FLAGS) -T $< -o $@ $(filter %.o,$^)

.PHONY: boot-kernels
boot-kernels: $(patsubst %,$(boot_kernels)/%.elf,$(boot_ready) \
	$(boot_faults) $(boot_foreign) $(boot_linked:%=linked-%) protocol \
	protocol-apart) \
	$(boot_garbage) \
	$(BUILD)/test/tiny.txt $(BUILD)/test/no-cpuid.bin \
	$(if $(filter 0,$(SANITIZE)),sanitized-kernel)

# A build of its own, see SANITIZE in the Makefile.
make_sanitized = +$(Q)$(MAKE) --no-print-directory SANITIZE=1 \
	BUILD=$(BUILD:%/sanitize=%)/sanitize

.PHONY: sanitized-kernel test-sanitize
sanitized-kernel:
	$(make_sanitized) $(BUILD)/sanitize/kernel.elf

# The others try the loader or the debugger, take too long there (explore), or
# boot the sanitized kernel themselves (process).
sanitize_tests := memory locks sanitize kernel faults fire irq smp console \
	monitor monitor_line power ends
sanitize_rows := qemu memory=(16M|5G)$$|not handed out

test-sanitize:
	$(make_sanitized) all boot-kernels
	@BUILD=$(BUILD:%/sanitize=%)/sanitize PYTHONDONTWRITEBYTECODE=1 \
		sh tests/pytest.sh \
		$(sanitize_tests:%=tests/boot/test_%.py)
	$(make_sanitized) matrix V86= ROWS=$(call quote,$(sanitize_rows))
