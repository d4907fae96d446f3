# Coverage of the boot stages, in instructions and directions of jumps.
#
#	coverage	boot every row and every real-mode test with QEMU's
#			execution log on; print by file what was reached, then
#			what was neither reached nor is in unreached.txt

coverage := $(BUILD)/coverage

$(coverage)/edges: tests/coverage/edges.c lib/boot/layout.h $(BUILD)/host-flags
	$(call say,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -o $@ $<

# Listings of what is linked: the same sources, the same flags.
define listing_rule
$(coverage)/$(1)/%.lst: %.asm $$(asm_includes) $(BUILD)/target-flags \
		tests/realmode/fake_io.inc tests/realmode.mk
	$$(call say,LISTING,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(NASM) $$(NASM_FLAGS) $$(fake_$(1)) -l $$@ -o $$@.o $$<
endef
$(foreach stage,bootsector stage2 realmode,\
	$(eval $(call listing_rule,$(stage))))
fake_realmode = $(if $(filter $(*F),$(realmode_faked)),\
	-p tests/realmode/fake_io.inc)

coverage_listings := $(coverage)/bootsector/bootsector/bootsector.lst \
	$(foreach source,$(wildcard stage2/*.asm),\
	$(coverage)/stage2/$(source:.asm=.lst) \
	$(coverage)/realmode/$(source:.asm=.lst))

.PHONY: coverage
coverage: all boot-kernels realmode-images $(coverage)/edges \
		$(BUILD)/bootsector.bin $(coverage_listings)
	@export BUILD=$(BUILD) QEMU=$(call given,QEMU) \
		OBJDUMP=$(call quote,$(CROSS_COMPILE)objdump); \
	$(PYTHON) tests/coverage/boots.py $(coverage)/logs; booted=$$?; \
	$(PYTHON) tests/coverage/report.py $(coverage)/logs \
		tests/coverage/unreached.txt && exit $$booted
