# page.mk - see it boot: a PC in a page.
#
#	page-engine	compile Bochs to WebAssembly: minutes, done once
#	page		build/page.html: engine, image and sources in one file
#
# The engine stays in build/page-engine, which make clean leaves alone.

NODE ?= node
PAGE_ENGINE ?= $(BUILD:%/sanitize=%)/page-engine
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
	$(Q)BOCHS_SOURCE=$(call given,BOCHS_SOURCE) sh $(page_engine)/fetch.sh \
		$(PAGE_ENGINE)/bochs
	$(call say,EMCC,"Bochs (minutes)")
	$(Q)sh $(page_engine)/build.sh $(PAGE_ENGINE)/bochs
	$(Q)touch $@

$(PAGE_ENGINE)/engine.wasm: $(PAGE_ENGINE)/bochs.done \
		$(PAGE_ENGINE)/engine.recipe
	$(call say,EMCC,$@)
	$(Q)sh $(page_engine)/link.sh $(PAGE_ENGINE)/bochs $(PAGE_ENGINE)

# ---- mkimage in the page ---------------------------------------------------

# Only where there is an emscripten: the page says so without.
EMCC ?= emcc
have_emcc := $(shell command -v $(firstword $(EMCC)))
page_mkimage := $(BUILD)/page/mkimage

$(page_mkimage).wasm: $(mkimage_src) $(tools_lib) $(page_engine)/no_pieces.c
	$(call say,EMCC,$@)
	@mkdir -p $(@D)
	$(Q)env -u EM_CACHE NODE_PATH=/usr/share/nodejs $(EMCC) -Os \
		-std=gnu17 -iquote lib -iquote . -iquote tools/mkimage \
		-s MODULARIZE=1 -s EXPORT_NAME=Mkimage -s FORCE_FILESYSTEM=1 \
		-s ALLOW_MEMORY_GROWTH=1 -s EXIT_RUNTIME=0 \
		-s ENVIRONMENT=web,worker,node \
		-s EXPORTED_RUNTIME_METHODS=FS,callMain \
		-o $(page_mkimage).js $(filter-out %/pieces.c,$(filter %.c,$^))

# ---- The page --------------------------------------------------------------

# make page IMAGE=my.img KERNEL=my.elf: another image, another kernel's sources.
# Without KERNEL ours is not taken for the one in IMAGE: it has no names.
page_is_ours := $(if $(filter command%,$(origin IMAGE)),,yes)
KERNEL ?= $(if $(page_is_ours),$(BUILD)/kernel.elf)
# Ours without the archive of programs, which would not fit into 1 MiB of page.
page_image := $(if $(page_is_ours),$(BUILD)/page/kernel.img,$(IMAGE))

$(BUILD)/page/kernel.img: $(KERNEL) $(BUILD)/mkimage FORCE
	@mkdir -p $(@D)
	$(Q)$(BUILD)/mkimage --kernel $(KERNEL) \
		--cmdline $(call given,CMDLINE) $(MKIMAGE_FLAGS) -o $@

.PHONY: page
page: page-engine $(page_image) $(BUILD)/bootsector.elf $(BUILD)/stage2.elf \
		$(if $(have_emcc),$(page_mkimage).wasm)
	$(call say,PACK,$(BUILD)/page.html)
	$(Q)CROSS_COMPILE=$(call given,CROSS_COMPILE) \
		$(PYTHON) tools/page/pack.py \
		--build $(BUILD) --engine $(PAGE_ENGINE) \
		--image $(page_image) $(if $(KERNEL),--kernel $(KERNEL)) \
		$(if $(have_emcc),--mkimage $(page_mkimage)) \
		$(if $(CMDLINE),--all-sources) -o $(BUILD)/page.html

.PHONY: timeline page-pictures
timeline: page
	@BUILD='$(BUILD)' $(NODE) tools/page/node/timeline.mjs

# The drawings of docs/img, and a picture of the page where there is Chromium
page-pictures: page
	@BUILD='$(BUILD)' $(NODE) tools/page/node/pictures.mjs $(PICTURES)
	@BUILD='$(BUILD)' $(NODE) tests/page/screenshot.mjs $(PICTURES)/page.png
