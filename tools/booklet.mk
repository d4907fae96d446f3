# booklet.mk - for a class: paper, slides, the students' tree.
#
#	booklet		build/booklet.pdf; PAGE_URL=: where make page's page is
#	slides		build/slides.html, from the tour
#	handout		build/handout.tar.gz: LABS="1 2" takes their pieces away

PAGE_URL ?= page.html

.PHONY: booklet
booklet: $(bootsector_obj) $(BUILD)/stage2.elf $(BUILD)/kernel.elf
	$(call say,PRINT,$(BUILD)/booklet.pdf)
	$(Q)NM=$(call quote,$(NM)) $(PYTHON) -B tools/booklet $(BUILD) \
		$(call given,PAGE_URL)

# ---- For a class: docs/teaching.md -----------------------------------------

.PHONY: slides handout
slides:
	$(call say,SLIDES,$(BUILD)/slides.html)
	@mkdir -p $(BUILD)
	@$(PYTHON) -c 'import markdown_it' 2> /dev/null || { \
		echo "no markdown_it here; sh tools/setup.sh --booklet installs it" \
			>&2; exit 1; }
	$(Q)$(PYTHON) -B tools/booklet/slides.py $(BUILD)

handout:
	@LABS=$(call given,LABS) sh tools/handout.sh $(BUILD)
