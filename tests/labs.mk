# The labs of docs/labs.md.
#
#	lab-start	LAB=N: take a piece of the tree away
#	lab		LAB=N: is it back?
#	grade		FROM=DIR: what many handed in, DIR/STUDENT/labN/FILE;
#			JOBS at a time, SEEDED=1 with each student's own seed;
#			OF=DIR/STUDENT/labN: one, to look at in gdb
#	grade-graders	solutions that must fail, and that must pass, each built
#			once and run RUNS times, JOBS at once, beside LOAD busy
#			loops; LAB="0 d1" takes these, FEW=1 two solutions of each

PYTHON ?= sh tools/python.sh

.PHONY: lab-start lab grade grade-graders
lab-start:
	@$(PYTHON) tests/labs/lab.py start $(call given,LAB)

# lab.py has made build what the lab needs, and no more.
lab: need-test
	@BUILD=$(BUILD) $(PYTHON) tests/labs/lab.py check $(call given,LAB)

grade:
	@BUILD=$(BUILD) $(PYTHON) tests/labs/grade.py \
		$(if $(OF),--of $(call given,OF),$(call given,FROM)) \
		$(BUILD)/grades

grade-graders:
	@BUILD=$(BUILD) $(PYTHON) tests/labs/graders.py $(call given,LAB)

# A host test with no more than it tests: tests/host.mk links all of lib. That
# of lab 14 includes its file of the kernel.
define lab_test
$(BUILD)/labs/test_%: $(BUILD)/test/tests/host/test_%.o $(1)
	$$(call say,HOSTLD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(COMPILE_TEST) -o $$@ $$^ -lcmocka
endef
$(eval $(call lab_test,$(BUILD)/test/lib/%.o))
$(eval $(call lab_test))

# The same, with lib's unit changed.
define mutants_rule
$(BUILD)/labs/mutants/$(1)/%: $(BUILD)/labs/mutants/$(1)/%.c \
		$(BUILD)/test/tests/host/test_$(1).o
	$$(call say,HOSTLD,$$@)
	$$(Q)$$(COMPILE_TEST) -w -o $$@ $$^ -lcmocka
endef
$(eval $(call mutants_rule,ranges))

# Lab 0's own boot sector.
$(BUILD)/labs/sector.bin: tests/labs/00-boot-sector/sector.asm
	$(call say,NASM,$@)
	@mkdir -p $(@D)
	$(Q)$(NASM) -f bin $(NASM_WARNINGS) -o $@ $<

# Lab 16's kernel: ours, its door and what tests that; linked twice as ours is.
door_obj := $(call objects,kernel,$(addprefix tests/labs/16-faster-door/,\
	door.asm test_door.c))
$(BUILD)/labs/door-first.elf $(BUILD)/labs/door.elf: \
		$(BUILD)/link/kernel.ld $(kernel_obj) $(door_obj)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(link_stage)
$(BUILD)/labs/door.elf: $(BUILD)/labs/door-symbols.o
$(BUILD)/labs/door-symbols.o: link/symbols.asm $(BUILD)/labs/door-first.symbols
	$(call say,NASM,$@)
	$(Q)$(NASM) -f elf64 --reproducible $(NASM_WARNINGS) \
		-DTABLE='"$(BUILD)/labs/door-first.symbols"' -o $@ $<
