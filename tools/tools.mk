# tools.mk - targets around the build; the build itself is in Makefile.

QEMU ?= qemu-system-x86_64
MEMORY ?= 128M
CPUS ?= 1

.PHONY: help
help:
	@cat tools/help.txt

.PHONY: doctor
doctor:
	@CC=$(call quote,$(CC)) LD=$(call quote,$(LD)) \
		OBJCOPY=$(call quote,$(OBJCOPY)) NASM=$(call quote,$(NASM)) \
		HOSTCC=$(call quote,$(HOSTCC)) QEMU=$(call given,QEMU) \
		sh tools/doctor.sh

# The toolchain stays: it takes an hour. So does the page's engine: minutes.
.PHONY: clean
clean:
	$(call say,RM,$(BUILD))
	$(Q)[ ! -d $(BUILD) ] || find $(BUILD) -mindepth 1 -maxdepth 1 \
		! -name toolchain ! -name page-engine -exec rm -rf {} +
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

# A compiler of our own. The build prefers it once it is there.
.PHONY: toolchain
toolchain:
	@sh tools/setup.sh --toolchain --check > /dev/null || \
		sh tools/setup.sh --toolchain
	@sh tools/toolchain.sh $(BUILD)

# ---- Booting -------------------------------------------------------------

machine = QEMU=$(call given,QEMU) MEMORY=$(call given,MEMORY) \
	CPUS=$(call given,CPUS) \
	QEMU_FLAGS=$(call given,QEMU_FLAGS)

# A panic that the command line asks for is no error of make's: its status is
# 35, that of panic=reset 1. So is a mistake that the explorer is to find.
asked := $(if $(filter panic panic=% explore=wrong-%,$(value CMDLINE)),$(if \
	$(filter panic=reset,$(value CMDLINE)),1,35))

# Make looks for its tools once, when it starts: build in a second one.
.PHONY: run
run: need-run
	@$(MAKE) --no-print-directory $(IMAGE)
	@$(machine) VIEW=$(call given,VIEW) sh tools/run.sh $(IMAGE)$(if \
		$(asked), || [ $$? -eq $(asked) ])

# make debug KERNEL=my.elf puts that kernel into an image of its own.
own_kernel = $(if $(filter file default undefined,$(origin KERNEL)),,$(call \
	given,KERNEL))
debug_image = $(if $(own_kernel),$(BUILD)/debug.img,$(IMAGE))
.PHONY: debug
debug: need-run
	@$(MAKE) --no-print-directory $(if $(own_kernel),$(BUILD)/mkimage,\
		$(IMAGE))
	@$(if $(own_kernel),$(BUILD)/mkimage --kernel $(own_kernel) \
		--cmdline $(call given,CMDLINE) $(MKIMAGE_FLAGS) \
		-o $(debug_image))
	@$(machine) $(if $(own_kernel),KERNEL=$(own_kernel)) \
		sh tools/debug/debug.sh $(debug_image) $(GDB_FLAGS)

# The same image in Bochs' own debugger.
.PHONY: bochs
bochs: need-run
	@$(MAKE) --no-print-directory $(IMAGE)
	@NM=$(CROSS_COMPILE)nm sh tools/debug/bochs.sh $(IMAGE)

# ---- Media ---------------------------------------------------------------

# make usb lists; make usb DEV=/dev/sdX writes, after asking.
.PHONY: usb
usb: $(IMAGE) $(BUILD)/usbwrite
	@$(BUILD)/usbwrite $(USB_FLAGS) $(IMAGE) $(if $(DEV),$(call given,DEV))

# $(1) command
need = @command -v $(1) > /dev/null || \
	{ echo "no $(1) here; sh tools/setup.sh installs it" >&2; exit 1; }

# The same bytes on other media.
.PHONY: iso floppy vdi vmdk vhd
iso: $(BUILD)/firstlight.iso
floppy: $(BUILD)/floppy.img

# A CD that shows the BIOS a hard disk (El Torito, hard-disk emulation). That
# has one partition, no more: the entry of UEFI's volume is cleared.
$(BUILD)/firstlight.iso: $(IMAGE)
	$(call need,xorriso)
	$(call say,XORRISO,$@)
	$(Q)rm -rf $(BUILD)/iso $@ && mkdir $(BUILD)/iso
	$(Q)cp $< $(BUILD)/iso/
	$(Q)dd if=/dev/zero of=$(BUILD)/iso/$(notdir $<) bs=1 seek=462 \
		count=16 conv=notrunc 2> /dev/null
	$(Q)TZ=UTC touch -t 197001010000 $(BUILD)/iso/*
	$(Q)SOURCE_DATE_EPOCH=0 xorriso -as mkisofs -quiet -V FIRSTLIGHT \
		-b $(notdir $<) -hard-disk-boot -c boot.catalog \
		-o $@ $(BUILD)/iso 2> $@.log || { cat $@.log >&2; exit 1; }

# 1,474,560 bytes are 80 cylinders of 2 heads of 18 sectors.
$(BUILD)/floppy.img: $(IMAGE)
	$(call say,PAD,$@)
	$(Q)[ $$(wc -c < $<) -le 1474560 ] || \
		{ echo "$< is larger than a floppy disk" >&2; exit 1; }
	$(Q){ cat $<; head -c $$((1474560 - $$(wc -c < $<))) /dev/zero; } \
		> $@.tmp && mv $@.tmp $@

# $(1) name, $(2) qemu-img's format and options
define disk_rule
$(1): $(BUILD)/firstlight.$(1)
$(BUILD)/firstlight.$(1): $(IMAGE)
	$$(call need,qemu-img)
	$$(call say,CONVERT,$$@)
	$$(Q)qemu-img convert -f raw -O $(2) $$< $$@
endef
$(eval $(call disk_rule,vdi,vdi))
$(eval $(call disk_rule,vmdk,vmdk))
$(eval $(call disk_rule,vhd,vpc -o subformat=fixed -o force_size=on))

# ---- Reading -------------------------------------------------------------

# The way from LBA 0 to kmain, file by file; with the page's engine also how
# many of the lines a good boot executes.
.PHONY: path
path: $(bootsector_obj) $(BUILD)/stage2.elf $(BUILD)/kernel.elf
	@$(docs_tool) path $(BUILD)
	@[ ! -e $(PAGE_ENGINE)/engine.wasm ] || { \
		$(MAKE) --no-print-directory page > /dev/null && \
		BUILD='$(BUILD)' $(NODE) tools/page/node/executed.mjs; }

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

json = $(subst ",\",$(subst \,\\,$(1)))

# $(1) stage, $(2) variable with the compiler's command, $(3) sources
define compile_command_entries
	@command=$(call quote,$(call json,$($(2)))); \
	for source in $(filter %.c,$(3)); do \
		printf '  {\n    "directory": "%s",\n    "file": "%s",\n' \
			$(call quote,$(call json,$(CURDIR))) "$$source"; \
		printf '    "command": "%s -c -o %s %s"\n  },\n' "$$command" \
			"$(BUILD)/$(1)/$${source%.c}.o" "$$source"; \
	done >> $@.tmp
endef

test_sources := $(wildcard tests/host/*.c)
host_sources := $(sort $(wildcard tools/*.c tools/*/*.c) $(tools_lib))
c_sources := $(sort $(filter %.c,$(stage2_src) $(diag_src) $(kernel_src) \
	$(host_sources) $(test_sources)))
$(eval $(call flags_rule,c-sources,$$(c_sources)))
$(BUILD)/compile_commands.json: $(BUILD)/target-flags $(BUILD)/host-flags \
		$(BUILD)/c-sources
	@echo '[' > $@.tmp
	$(call compile_command_entries,stage2,COMPILE_STAGE2,$(stage2_src))
	$(call compile_command_entries,diag,COMPILE_DIAG,$(diag_src))
	$(call compile_command_entries,kernel,COMPILE_KERNEL,$(kernel_src))
	$(call compile_command_entries,test,COMPILE_TEST,$(test_sources))
	$(call compile_command_entries,host,COMPILE_HOST,$(host_sources))
	@(sed '$$s/,$$//' $@.tmp && echo ']') > $@ && rm $@.tmp

# ---- For others ------------------------------------------------------------

# With a mkimage that needs no libc of the system it comes to; macOS has none to
# link.
static := $(if $(filter Darwin,$(shell uname -s)),,-static)
.PHONY: dist
dist: $(BUILD)/firstlight.img
	$(Q)$(HOSTCC) $(HOST_CFLAGS) $(static) -o $(BUILD)/mkimage-static \
		$(call objects,host,$(mkimage_src)) $(BUILD)/host/tools.a
	$(Q)MKIMAGE=$(BUILD)/mkimage-static sh tools/dist.sh $(BUILD) \
		$(shell cat VERSION)
