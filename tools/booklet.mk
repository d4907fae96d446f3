# booklet.mk - paper: sources and prose side by side.
#
#	booklet		build/booklet.pdf; PAGE_URL=: where the page is published

PAGE_URL ?= page.html

.PHONY: booklet
booklet: $(bootsector_obj) $(BUILD)/stage2.elf $(BUILD)/kernel.elf
	$(call say,PRINT,$(BUILD)/booklet.pdf)
	$(Q)NM=$(call quote,$(NM)) $(PYTHON) -B tools/booklet $(BUILD) \
		$(call given,PAGE_URL)
