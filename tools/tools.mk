# tools.mk - targets around the build; the build itself is in Makefile.

QEMU ?= qemu-system-x86_64
MEMORY ?= 128M

.PHONY: help
help:
	@cat tools/help.txt

.PHONY: doctor
doctor:
	@CC='$(CC)' LD='$(LD)' OBJCOPY='$(OBJCOPY)' NASM='$(NASM)' \
		HOSTCC='$(HOSTCC)' QEMU='$(QEMU)' sh tools/doctor.sh

# The toolchain stays: it takes an hour.
.PHONY: clean
clean:
	$(call say,RM,$(BUILD))
	$(Q)[ ! -d $(BUILD) ] || find $(BUILD) -mindepth 1 -maxdepth 1 \
		! -name toolchain -exec rm -rf {} +
	$(Q)rm -f compile_commands.json

# ---- Missing tools: setup.sh, when something is not there -----------------

.PHONY: need-run need-test
need-run:
	@for tool in $(foreach tool,CC LD OBJCOPY NASM HOSTCC QEMU,\
			$(firstword $($(tool)))); do \
		command -v $$tool > /dev/null || exec sh tools/setup.sh --run; \
	done

need-test:
	@sh tools/setup.sh --check > /dev/null || sh tools/setup.sh

# ---- Booting -------------------------------------------------------------

# Make looks for its tools once, when it starts: build in a second one.
.PHONY: run
run: need-run
	@$(MAKE) --no-print-directory $(IMAGE)
	@QEMU='$(QEMU)' MEMORY='$(MEMORY)' QEMU_FLAGS='$(QEMU_FLAGS)' \
		VIEW='$(VIEW)' sh tools/run.sh $(IMAGE)

.PHONY: debug
debug: need-run
	@$(MAKE) --no-print-directory $(IMAGE)
	@QEMU='$(QEMU)' MEMORY='$(MEMORY)' QEMU_FLAGS='$(QEMU_FLAGS)' \
		sh tools/debug/debug.sh $(IMAGE) $(GDB_FLAGS)

# ---- Reading -------------------------------------------------------------

# The way from LBA 0 to kmain, file by file.
.PHONY: path
path: $(bootsector_obj) $(stage2_obj) $(kernel_obj)
	@sh tools/path.sh $(BUILD)

# ---- Style ---------------------------------------------------------------

.PHONY: lint format
lint:
	@sh tools/lint.sh $(BUILD)

format:
	@sh tools/format.sh $$(git ls-files '*.c' '*.h')

# ---- Editors -------------------------------------------------------------

# For clangd and its like. One entry per source and stage it is built for.
.PHONY: compile_commands
compile_commands: $(BUILD)/compile_commands.json \
	$(if $(filter build,$(BUILD)),compile_commands.json)

compile_commands.json:
	$(Q)ln -sfn $(BUILD)/$@ $@

# $(1) stage, $(2) variable with the compiler's command, $(3) sources
define compile_command_entries
	@command='$(subst ','\'',$(subst ",\",$(subst \,\\,$($(2)))))'; \
	for source in $(filter %.c,$(3)); do \
		printf '  {\n    "directory": "%s",\n    "file": "%s",\n' \
			'$(CURDIR)' "$$source"; \
		printf '    "command": "%s -c -o %s %s"\n  },\n' "$$command" \
			"$(BUILD)/$(1)/$${source%.c}.o" "$$source"; \
	done >> $@.tmp
endef

test_sources := $(wildcard tests/host/*.c)
c_sources := $(sort $(filter %.c,$(stage2_src) $(kernel_src) $(mkimage_src) \
	$(test_sources)))
$(eval $(call flags_rule,c-sources,$$(c_sources)))
$(BUILD)/compile_commands.json: $(BUILD)/target-flags $(BUILD)/host-flags \
		$(BUILD)/c-sources
	@echo '[' > $@.tmp
	$(call compile_command_entries,stage2,COMPILE_STAGE2,$(stage2_src))
	$(call compile_command_entries,kernel,COMPILE_KERNEL,$(kernel_src))
	$(call compile_command_entries,test,COMPILE_TEST,$(test_sources))
	$(call compile_command_entries,host,COMPILE_HOST,\
		$(mkimage_src) tools/h2inc.c)
	@(sed '$$s/,$$//' $@.tmp && echo ']') > $@ && rm $@.tmp
