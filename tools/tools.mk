# tools.mk - targets around the build; the build itself is in Makefile.

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

c_sources := $(sort $(filter %.c,$(stage2_src) $(kernel_src) $(mkimage_src)))
$(eval $(call flags_rule,c-sources,$$(c_sources)))
$(BUILD)/compile_commands.json: $(BUILD)/target-flags $(BUILD)/host-flags \
		$(BUILD)/c-sources
	@echo '[' > $@.tmp
	$(call compile_command_entries,stage2,COMPILE_STAGE2,$(stage2_src))
	$(call compile_command_entries,kernel,COMPILE_KERNEL,$(kernel_src))
	$(call compile_command_entries,host,COMPILE_HOST,\
		$(mkimage_src) tools/h2inc.c)
	@(sed '$$s/,$$//' $@.tmp && echo ']') > $@ && rm $@.tmp
