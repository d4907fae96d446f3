# docs.mk - documents: tables made from lib/boot, and what can rot in them.
#
#	docs		make all generated tables, citations and quotes new
#	test-docs	fail on a stale table or quote, a dead link, a wrong
#			citation, a name that is in no source

documents := README.md CONTRIBUTING.md $(wildcard docs/*.md docs/*/*.md)

$(BUILD)/docgen: $(call objects,host,$(wildcard tools/docgen/*.c))
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -o $@ $^

update_document := cmp -s $(BUILD)/document $$document || { \
	echo "  DOCGEN  $$document"; cp $(BUILD)/document $$document || exit 1; }

.PHONY: docs test-docs
docs: $(BUILD)/docgen
	@for document in $(documents); do \
		$(BUILD)/docgen $$document > $(BUILD)/document || exit 1; \
		$(update_document); \
	done
	@for document in docs/errors.md docs/hardware.md; do \
		sh tools/cite.sh $$document > $(BUILD)/document || exit 1; \
		$(update_document); \
	done
	@for document in $(documents); do \
		sh tools/quote.sh $$document > $(BUILD)/document || exit 1; \
		$(update_document); \
	done
	@rm -f $(BUILD)/document

test-docs: $(BUILD)/docgen
	@mkdir -p $(BUILD)/results
	@MAKE=$(call quote,$(MAKE)) sh tools/check-docs.sh $(BUILD) $(documents)

# What docs/tour/bios-calls.md tells, call by call.
.PHONY: bios-calls
bios-calls: all
	@BUILD=$(BUILD) /usr/bin/python3 tests/boot/tracing.py

# Pictures for the README: the boot report, all colours, a panic, the monitor,
# the diagnostics.
PICTURES ?= docs/img
.PHONY: screenshot
screenshot_image := $(BUILD)/screenshot.img
define take_screenshot
	$(Q)$(BUILD)/mkimage --kernel $(BUILD)/kernel.elf --cmdline '$(2)' \
		-o $(screenshot_image)
	$(Q)BUILD=$(BUILD) /usr/bin/python3 tests/boot/screenshot.py \
		$(screenshot_image) $(call given,PICTURES)/$(1).png '$(3)' $(4)
endef
screenshot: $(BUILD)/mkimage $(BUILD)/kernel.elf
	@mkdir -p $(call given,PICTURES)
	$(call take_screenshot,boot,,^>)
	$(call take_screenshot,colors,colors console=vga,^ F0 .*FE)
	$(call take_screenshot,panic,panic=string,machine is stopped)
	$(call take_screenshot,diag,diag,r: restart)
	$(call take_screenshot,monitor,console=vga,^firstlight: ready,\
		boot 'pagewalk 0x7c00' 'x/48 0x7c00' 'symbol kernel_main')
