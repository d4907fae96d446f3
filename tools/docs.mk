# docs.mk - the documents: what is made from the tree, and what can rot in them.
#
#	docs		make all tables, citations and quotes new
#	test-docs	fail on a stale table or quote, a dead link, a wrong
#			citation, a name that is in no source

PYTHON ?= sh tools/python.sh
docs_tool = HOSTCC=$(call quote,$(HOSTCC)) MAKE=$(call quote,$(MAKE)) \
	NM=$(call quote,$(NM)) $(PYTHON) -B tools/docs

.PHONY: docs test-docs
docs:
	@$(docs_tool) update

test-docs:
	@$(docs_tool) check $(BUILD)

# What docs/tour/bios-calls.md tells, call by call.
.PHONY: bios-calls
bios-calls: all
	@BUILD=$(BUILD) $(PYTHON) tests/boot/tracing.py

# Pictures for the README: the boot report, all colours, a panic, the monitor,
# the diagnostics.
PICTURES ?= docs/img
.PHONY: screenshot
screenshot_image := $(BUILD)/screenshot.img
define take_screenshot
	$(Q)$(BUILD)/mkimage --kernel $(or $(5),$(BUILD)/kernel.elf) \
		--cmdline '$(2)' -o $(screenshot_image)
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/boot/screenshot.py \
		$(screenshot_image) $(call given,PICTURES)/$(1).png '$(3)' $(4)
endef
sanitized_elf := $(BUILD:%/sanitize=%)/sanitize/kernel.elf
.PHONY: debug-picture
debug-picture: $(BUILD)/firstlight.img
	@mkdir -p $(call given,PICTURES)
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/boot/debug_picture.py \
		$(call given,PICTURES)/debug.svg
screenshot: $(BUILD)/mkimage $(BUILD)/kernel.elf sanitized-kernel debug-picture
	@mkdir -p $(call given,PICTURES)
	$(call take_screenshot,boot,,^>)
	$(call take_screenshot,colors,colors console=vga,^ F0 .*FE)
	$(call take_screenshot,panic,panic=string,machine is stopped.* s\.)
	$(call take_screenshot,diag,diag,r: restart)
	$(call take_screenshot,monitor,console=vga,^firstlight: ready,\
		boot 'pagewalk 0x7c00' 'x/48 0x7c00' 'symbol kernel_main')
	$(call take_screenshot,use-after-free,panic=heap-use-after-free,\
		machine is stopped.* s\.,,$(sanitized_elf))
