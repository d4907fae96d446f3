# Real-mode tests: stage 2's 16-bit routines, unmodified, beside a fake BIOS.
#
#	test-realmode	tests/realmode/test_*.asm, each an image that boots
#			through our own boot sector with the test as stage 2
#
# Each test leaves lines "ok NAME" or "not ok NAME" in $(BUILD)/results/*.txt.

realmode := $(BUILD)/realmode
realmode_names := $(patsubst tests/realmode/test_%.asm,%,\
	$(wildcard tests/realmode/test_*.asm))
realmode_images := $(realmode_names:%=$(realmode)/%.img)

# The routines that each program is about, beside failure.asm.
realmode_disk := disk bios
realmode_a20 := a20 bios
realmode_low_memory := memory bios
realmode_memory := memory bios
realmode_cpu := cpu
realmode_range := memory bios
realmode_load := load memory bios
realmode_bios := bios
realmode_console := console error bios
realmode_video := video bios
realmode_modes := modes exceptions long_mode bios
realmode_diag := diag keys bios

# Routines without a global name that tests call all the same.
realmode_exports := blob_check header_crc protected_mode

$(realmode)/clobbers.inc: tests/realmode/clobbers.awk $(wildcard stage2/*.asm)
	@mkdir -p $(@D)
	$(Q)awk -f $< $(filter %.asm,$^) > $@

realmode_includes := $(asm_includes) $(realmode)/clobbers.inc \
	$(wildcard tests/realmode/*.inc) $(BUILD)/target-flags

$(realmode)/%.o: tests/realmode/%.asm $(realmode_includes)
	$(call say,NASM,$@)
	@mkdir -p $(@D)
	$(Q)$(NASM) $(NASM_FLAGS) -o $@ $<

# Ports and CPUID of these are the test's.
realmode_faked := a20 console cpu keys modes
$(realmode_faked:%=$(realmode)/stage2/%.o): fake_io := \
	-p tests/realmode/fake_io.inc
$(realmode)/stage2/%.o: stage2/%.asm $(realmode_includes)
	$(call say,NASM,$@)
	@mkdir -p $(@D)
	$(Q)$(NASM) $(NASM_FLAGS) $(fake_io) -o $@ $<
	$(Q)$(OBJCOPY) $(realmode_exports:%=--globalize-symbol=%) $@

$(realmode)/realmode.ld: tests/realmode/realmode.ld $(boot_headers)
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -undef -x assembler-with-cpp -D__ASSEMBLER__ \
		-Ilib $< -o $@

define realmode_rule
$(realmode)/$(1).elf: $(realmode)/realmode.ld $(realmode)/harness.o \
		$(realmode)/fake_bios.o $(realmode)/test_$(1).o \
		$(realmode)/stage2/failure.o \
		$(realmode_$(1):%=$(realmode)/stage2/%.o)
	$$(call say,LD,$$@)
	$$(Q)$$(LD) $$(LD_FLAGS) -T $$< -Map $$(@:.elf=.map) -o $$@ \
		$$(filter %.o,$$^)
endef
$(foreach name,$(realmode_names),$(eval $(call realmode_rule,$(name))))

$(realmode)/no_kernel.elf: $(realmode)/no_kernel.o
	$(call say,LD,$@)
	$(Q)$(LD) $(LD_FLAGS) -Ttext=0x101000 -o $@ $<

$(realmode)/%.img: $(realmode)/%.bin $(realmode)/no_kernel.elf $(BUILD)/mkimage
	$(call say,MKIMAGE,$@)
	$(Q)$(BUILD)/mkimage --stage2 $< --kernel $(realmode)/no_kernel.elf \
		-o $@

.PHONY: test-realmode realmode-images
realmode-images: $(realmode_images)

test-realmode: $(realmode_images)
	@BUILD=$(BUILD) QEMU=$(call given,QEMU) PYTHONDONTWRITEBYTECODE=1 \
		sh tests/pytest.sh tests/realmode
