# The hostile BIOS: a flat disk image, whose switches the tests set.

all: $(BUILD)/hostile.img

$(BUILD)/hostile.img: tests/hostile/hostile.asm \
		$(wildcard tests/hostile/*.inc) $(BUILD)/target-flags
	$(call say,NASM,$@)
	@mkdir -p $(@D)
	$(Q)$(NASM) -f bin $(NASM_WARNINGS) -Itests/hostile/ -o $@ $<
