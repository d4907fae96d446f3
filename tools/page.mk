# page.mk - see it boot: a PC in a page.
#
#	page-engine	compile Bochs to WebAssembly: minutes, done once
#	page		build/page.html: engine, image and sources in one file
#
# The engine stays in build/page-engine, which make clean leaves alone.

PAGE_ENGINE ?= $(abspath $(BUILD:%/sanitize=%))/page-engine
BOCHS_SOURCE ?=
page_engine := tools/page/engine
page_engine_src := $(wildcard $(page_engine)/*.cc $(page_engine)/*.h)

# $(1) file, $(2) what it depends on: changes when their contents do, whatever
# their dates say; a checkout must not cost minutes
define page_recipe_rule
$(PAGE_ENGINE)/$(1): FORCE
	@mkdir -p $$(@D)
	@cat $(2) > $$@.new
	@if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi
endef
$(eval $(call page_recipe_rule,bochs.recipe,$(addprefix $(page_engine)/,\
	fetch.sh build.sh instrument.h)))
$(eval $(call page_recipe_rule,engine.recipe,$(page_engine)/link.sh \
	$(page_engine_src)))

.PHONY: page-engine
page-engine:
	@[ -e $(PAGE_ENGINE)/engine.wasm ] || \
		sh tools/setup.sh --run --page --check > /dev/null || \
		sh tools/setup.sh --run --page
	@$(MAKE) --no-print-directory $(PAGE_ENGINE)/engine.wasm

$(PAGE_ENGINE)/bochs.done: $(PAGE_ENGINE)/bochs.recipe
	$(call say,FETCH,Bochs)
	$(Q)BOCHS_SOURCE='$(BOCHS_SOURCE)' sh $(page_engine)/fetch.sh \
		$(PAGE_ENGINE)/bochs
	$(call say,EMCC,Bochs: this takes minutes)
	$(Q)sh $(page_engine)/build.sh $(PAGE_ENGINE)/bochs
	$(Q)touch $@

$(PAGE_ENGINE)/engine.wasm: $(PAGE_ENGINE)/bochs.done \
		$(PAGE_ENGINE)/engine.recipe
	$(call say,EMCC,$@)
	$(Q)sh $(page_engine)/link.sh $(PAGE_ENGINE)/bochs $(PAGE_ENGINE)
