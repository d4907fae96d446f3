# Firstlight - a BIOS boot loader and a kernel, in one raw disk image.
# `make help` lists the targets.

# A kernel that tells undefined behaviour, beside the other: make SANITIZE=1.
SANITIZE ?= 0
BUILD := $(if $(filter 0,$(SANITIZE)),build,build/sanitize)
V ?= 0
Q := $(if $(filter 0,$(V)),@,)
say = $(if $(filter 0,$(V)),@printf '  %-8s%s\n' $(1) $(2),@:)

# A word for the shell: $(call quote,text), or of what a person gave for a
# variable, as it was given: $(call given,NAME).
quote = '$(subst ','\'',$(1))'
given = $(if $(findstring $(newline),$(value $(1))),$(error $(1) must be one \
	line))$(call quote,$(value $(1)))
define newline


endef

# Names of targets are made of it.
ifneq ($(shell printf %s $(call given,BUILD) | tr -d 'A-Za-z0-9_./+,@-'),)
$(error BUILD=$(value BUILD) must be a name of only A-Z a-z 0-9 _ . / + , @ -)
endif

# Goals that only build and test on the host use all cores, unless somebody said
# how many: make -j1. Others measure, ask, or start a make that decides anew;
# and before 4.2 make does not tell us whether somebody did.
parallel := all boot-kernels realmode-images test-host test-fuzz $(BUILD)/%
ifeq ($(filter-out $(parallel),$(MAKECMDGOALS))$(filter -j%,$(MAKEFLAGS) \
	$(shell echo "$$MAKEFLAGS"))$(filter 3.% 4.0% 4.1%,$(MAKE_VERSION)),)
MAKEFLAGS += -j$(shell sh tools/cores.sh)
endif

# ---- Tools ---------------------------------------------------------------

# The tool prefix: our own cross-compiler, the distribution's, or none.
own_prefix := $(BUILD:%/sanitize=%)/toolchain/bin/x86_64-elf-
ifeq ($(origin CROSS_COMPILE),undefined)
CROSS_COMPILE := $(if $(wildcard $(own_prefix)gcc),$(own_prefix),$(shell \
	for prefix in x86_64-elf- x86_64-linux-gnu-; do \
	command -v $${prefix}gcc >/dev/null && echo $$prefix && break; done))
endif
# With -R make has none of its own.
own_choice = $(filter default undefined,$(origin $(1)))
ifneq ($(call own_choice,CC),)
CC := $(CROSS_COMPILE)gcc
endif
HOSTCC ?= cc
NASM ?= nasm
OBJCOPY ?= $(CROSS_COMPILE)objcopy
NM ?= $(CROSS_COMPILE)nm
with_clang := $(findstring clang,$(notdir $(firstword $(CC))))
ifneq ($(call own_choice,LD),)
LD := $(if $(with_clang),ld.lld,$(CROSS_COMPILE)ld)
endif

# ---- Flags ---------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Werror

# Code for the bare machine. No SSE: interrupts need not save it.
TARGET_CFLAGS := -std=c17 -ffreestanding -nostdinc $(addprefix -isystem ,\
	$(shell $(CC) -print-file-name=include)) \
	$(if $(with_clang),--target=x86_64-unknown-none-elf) \
	-m64 -mno-red-zone -mgeneral-regs-only -fno-pic -fno-pie \
	-fno-asynchronous-unwind-tables -fno-common -fno-strict-aliasing \
	-g -ffile-prefix-map="$$PWD"=. $(WARNINGS) -Ilib -I.
# Together 8 KiB: each byte counts, and no compiler gives the same. Ubuntu's
# marks each function for CET, which is off here: 4 bytes each. The last of
# gcc's: a function begins with a line of its own, not of what is inlined there,
# and that is where a debugger stops.
STAGE2_CFLAGS := $(TARGET_CFLAGS) -Oz -fno-stack-protector \
	-fomit-frame-pointer -fcf-protection=none \
	-ffunction-sections -fdata-sections $(if $(with_clang),\
	-mllvm -disable-lsr,\
	-fno-tree-sra -fno-tree-loop-optimize -fno-move-loop-invariants \
	-gno-statement-frontiers)
# The diagnostics: C in real mode, from a 386 on. For the formats' sake 32 bits
# are an int: for x86_64-elf-gcc -m16 they are a long.
DIAG_CFLAGS := $(filter-out -m64 -mno-red-zone --target=%,$(TARGET_CFLAGS)) \
	$(if $(with_clang),--target=i386-unknown-none-code16,-m16) \
	-march=i386 -mregparm=3 -fcf-protection=none -Os \
	-U__UINT32_TYPE__ -D__UINT32_TYPE__=unsigned \
	-U__INT32_TYPE__ -D__INT32_TYPE__=int \
	-fno-stack-protector -fomit-frame-pointer \
	-ffunction-sections -fdata-sections
# Every function has its frame, and none is left before it returns: the panic
# page shows who called whom.
KERNEL_CFLAGS := $(TARGET_CFLAGS) -O2 -fno-omit-frame-pointer \
	-mno-omit-leaf-frame-pointer -fno-optimize-sibling-calls \
	$(if $(with_clang),,-fno-shrink-wrap) \
	-fstack-protector-strong -mstack-protector-guard=global
# What checks the kernel (kernel/sanitize/sanitize.h). clang knows the checks of
# addresses only for Linux. Below SHADOW_OFFSET + address / 8 there is no room
# for a kernel of more than 3 MiB.
SHADOW_OFFSET := 0x3E0000
sanitized := $(filter-out 0,$(SANITIZE))
SANITIZE_CFLAGS := $(if $(sanitized),-DSANITIZE \
	-DSHADOW_OFFSET=$(SHADOW_OFFSET) \
	-fsanitize=undefined -fno-sanitize-recover=undefined)
ADDRESS_CFLAGS := $(if $(sanitized),-fsanitize=kernel-address \
	$(if $(with_clang),\
	--target=x86_64-unknown-linux-gnu $(addprefix -mllvm -asan-,\
	mapping-offset=$(SHADOW_OFFSET) stack=1 globals=1 use-after-scope=1 \
	instrumentation-with-call-threshold=0),\
	-fasan-shadow-offset=$(SHADOW_OFFSET) \
	-fsanitize-address-use-after-scope $(addprefix --param=asan-,\
	stack=1 globals=1 instrumentation-with-call-threshold=0)))
SANITIZE_LDFLAGS := $(if $(sanitized),\
	--wrap=memcpy --wrap=memmove --wrap=memset)
# Programs of ring 3. Above 4 GiB, where they lie, only addresses relative to
# RIP reach.
USER_CFLAGS := $(filter-out -fno-pic,$(TARGET_CFLAGS:-fno-pie=-fpie)) -O2 \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls \
	-fcf-protection=none -fno-stack-protector \
	-ffunction-sections -fdata-sections
HOST_CFLAGS := -std=c17 -D_DEFAULT_SOURCE -O2 -g $(WARNINGS) -iquote lib \
	-iquote .

# Each use of another section's label is a warning of NASM 2.16.02 and later.
NASM_WARNINGS := -w+all -w-unknown-warning -w-reloc -Werror
NASM_FLAGS := -f elf64 -g -F dwarf --reproducible $(NASM_WARNINGS) \
	-I$(BUILD)/ -I./
LD_FLAGS := -nostdlib -static --build-id=none -z noexecstack \
	-z max-page-size=0x1000 --gc-sections --fatal-warnings \
	$(shell $(LD) --help 2>/dev/null | grep -qe no-warn-rwx-segments && \
	echo --no-warn-rwx-segments)

# Kernel command line and further mkimage options, as in
#	make CMDLINE="exit" MKIMAGE_FLAGS="--geometry 255x63"
CMDLINE ?=
MKIMAGE_FLAGS ?=

# ---- Sources -------------------------------------------------------------

boot_headers := $(wildcard lib/boot/*.h)
boot_incs := $(boot_headers:lib/%.h=$(BUILD)/%.inc)
# Headers of the kernel that NASM reads too.
user_incs := $(BUILD)/user/calls.inc
kernel_incs := $(addprefix $(BUILD)/kernel/cpu/,gdt.inc stack.inc trap.inc)
asm_includes := $(boot_incs) $(kernel_incs) $(user_incs) \
	$(wildcard bootsector/*.inc stage2/*.inc kernel/*/*.inc)

stage2_lib := lib/crc32c.c lib/crc32c_sse42.c lib/exception.c lib/memmap.c \
	lib/own_ranges.c lib/string.c
stage2_src := $(wildcard stage2/*.asm stage2/*.c) $(stage2_lib)
kernel_src := $(filter-out $(if $(sanitized),,kernel/sanitize/%),$(wildcard \
	kernel/*.asm kernel/*/*.asm kernel/*.c kernel/*/*.c lib/*.c))
diag_src := $(wildcard diag/*.asm diag/*.c) lib/crc32c.c lib/memmap.c \
	lib/own_ranges.c
# Programs of ring 3, and what they share.
programs := $(notdir $(basename $(wildcard user/programs/*.c)))
user_lib := $(wildcard user/*.asm user/*.c) $(addprefix lib/,digits.c format.c \
	string.c words.c)
# What the programs of the host share; each takes from it what it needs.
tools_lib := $(wildcard tools/file/*.c tools/image/*.c tools/elf/*.c) \
	lib/crc32c.c lib/symbol.c
explain_lib := $(filter-out %/main.c,$(wildcard tools/explain/*.c))
mkimage_src := $(wildcard tools/mkimage/*.c) $(explain_lib)

objects = $(patsubst %.c,$(BUILD)/$(1)/%.o,\
	$(patsubst %.asm,$(BUILD)/$(1)/%.o,$(2)))
bootsector_obj := $(call objects,bootsector,$(wildcard bootsector/*.asm))
stage2_obj := $(call objects,stage2,$(stage2_src))
diag_obj := $(call objects,diag,$(diag_src))
kernel_obj := $(call objects,kernel,$(kernel_src))

# ---- The image -----------------------------------------------------------

.DEFAULT_GOAL := all
.PHONY: all
all: $(BUILD)/firstlight.img $(BUILD)/programs.tar $(BUILD)/size-budget \
	$(BUILD)/explain $(BUILD)/diag-decode compile_commands

# What a PC says that has started the image by UEFI: a program, and the FAT
# volume in which it is looked for. mkimage carries it.
$(BUILD)/uefi.efi: uefi/page.asm
$(BUILD)/uefi.bin: uefi/volume.asm $(BUILD)/uefi.efi
$(BUILD)/uefi.efi $(BUILD)/uefi.bin: $(BUILD)/boot/layout.inc \
		$(BUILD)/target-flags
	$(call say,NASM,$@)
	$(Q)$(NASM) -f bin $(NASM_WARNINGS) -I$(BUILD)/ -I./ \
		-DPAGE='"$(BUILD)/uefi.efi"' -o $@ $(filter %.asm,$^)

# What is booted; IMAGE=my.img is another, which no rule makes.
IMAGE := $(BUILD)/firstlight.img
$(BUILD)/firstlight.img: $(BUILD)/mkimage $(BUILD)/kernel.elf \
		$(BUILD)/programs.tar $(BUILD)/image-flags
	$(call say,MKIMAGE,$@)
	$(Q)$(BUILD)/mkimage --kernel $(BUILD)/kernel.elf \
		--module $(BUILD)/programs.tar \
		--cmdline $(call given,CMDLINE) $(MKIMAGE_FLAGS) -o $@

# Prints how much of its room each stage uses.
$(BUILD)/size-budget: $(BUILD)/bootsector.elf $(BUILD)/stage2.bin \
		$(BUILD)/diag.bin $(BUILD)/kernel.bin tools/size-budget.sh
	$(Q)sh tools/size-budget.sh $(BUILD) > $@ && cat $@

$(BUILD)/%.bin: $(BUILD)/%.elf
	$(call say,OBJCOPY,$@)
	$(Q)$(OBJCOPY) -O binary $< $@

$(BUILD)/bootsector.elf: $(bootsector_obj)
$(BUILD)/stage2.elf: $(stage2_obj)
# What the diagnostics call and read in stage 2, at its addresses (diag/door.h).
STAGE2_FOR_DIAG := far_return bios_call key_read serial_read serial_lost \
	ports_putc serial_alive debugcon_alive mode_read text_mode_ensure \
	video_mode video_columns video_rows low_memory_end memory_map_read \
	raw_map raw_count map_source boot_flags a20_enable a20_method \
	cpu_check cpu_signature cpu_edx cpu_ecx cpu_ext_edx \
	low_memory_check video_init blobs_load long_mode_enter
$(BUILD)/diag.elf: $(diag_obj) $(BUILD)/stage2.elf
# Or it would have the diagnostics' own when it is made for their sake.
$(BUILD)/stage2.elf: link_mode :=
$(BUILD)/diag.elf: link_mode = -m elf_i386 $(shell $(NM) \
	$(BUILD)/stage2.elf | awk '$(foreach name,$(STAGE2_FOR_DIAG),\
	$$3 == "$(name)" ||) 0 { print "--defsym=stage2_" $$3 "=0x" $$1 }')
link_stage = $(LD) $(LD_FLAGS) $(link_mode) -T $< -Map $(@:.elf=.map) -o $@ \
	$(filter %.o,$^)
$(BUILD)/%.elf: $(BUILD)/link/%.ld $(BUILD)/target-flags
	$(call say,LD,$@)
	$(Q)$(link_stage)

# The kernel is linked twice: from the first, symtab makes the table that gives
# function, file and line of each address, which the second holds in addition.
# No code may move by that, so the second must give the same table.
$(BUILD)/kernel-first.elf: $(BUILD)/link/kernel.ld $(kernel_obj) \
		$(BUILD)/target-flags
	$(call say,LD,$@)
	$(Q)$(link_stage) $(SANITIZE_LDFLAGS)

$(BUILD)/%.symbols: $(BUILD)/%.elf $(BUILD)/symtab
	$(call say,SYMTAB,$@)
	$(Q)$(BUILD)/symtab $< $@

$(BUILD)/kernel-symbols.o: link/symbols.asm $(BUILD)/kernel-first.symbols \
		$(BUILD)/target-flags
	$(call say,NASM,$@)
	$(Q)$(NASM) -f elf64 --reproducible $(NASM_WARNINGS) \
		-DTABLE='"$(BUILD)/kernel-first.symbols"' -o $@ $<

$(BUILD)/kernel.elf: $(BUILD)/link/kernel.ld $(kernel_obj) \
		$(BUILD)/kernel-symbols.o $(BUILD)/target-flags
	$(call say,LD,$@)
	$(Q)$(link_stage) $(SANITIZE_LDFLAGS)
	$(Q)$(BUILD)/symtab $@ $(BUILD)/kernel.symbols
	$(Q)cmp $(BUILD)/kernel-first.symbols $(BUILD)/kernel.symbols

$(BUILD)/link/%.ld: link/%.ld $(boot_headers) lib/calls.h $(BUILD)/target-flags
	$(call say,CPP,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -undef -x assembler-with-cpp -D__ASSEMBLER__ \
		$(filter -D%,$(SANITIZE_CFLAGS)) -Ilib $< -o $@

# ---- Programs ------------------------------------------------------------

user_obj := $(call objects,user,$(user_lib))
# The file need not be mapped: no room between its segments.
$(programs:%=$(BUILD)/user/%.elf): link_mode := -n
$(programs:%=$(BUILD)/user/%.elf): $(BUILD)/user/%.elf: \
		$(BUILD)/link/program.ld $(BUILD)/user/user/programs/%.o \
		$(user_obj) \
		$(BUILD)/target-flags
	$(call say,LD,$@)
	$(Q)$(link_stage)

# Without symbols; what the kernel needs of them is in a file beside it.
$(BUILD)/programs/%: $(BUILD)/user/%.elf
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-all $< $@

$(BUILD)/programs/%.symbols: $(BUILD)/user/%.elf $(BUILD)/symtab
	@mkdir -p $(@D)
	$(Q)$(BUILD)/symtab $< $@

program_files := $(sort $(programs) $(programs:%=%.symbols))
$(BUILD)/programs.tar: $(program_files:%=$(BUILD)/programs/%)
	$(call say,TAR,$@)
	$(Q)tar --format=ustar --owner=0 --group=0 --numeric-owner --mtime=@0 \
		--mode=644 -C $(BUILD)/programs -cf $@ $(program_files)

$(BUILD)/host/tools.a: $(call objects,host,$(tools_lib))
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $^

# $(1) program, $(2) its sources, $(3) what it takes from: tools.a, or nothing
define host_program
$(BUILD)/$(1): $(call objects,host,$(2)) $(addprefix $(BUILD)/host/,$(3))
	$$(call say,HOSTLD,$$@)
	$$(Q)$$(HOSTCC) $$(HOST_CFLAGS) -o $$@ $$^
endef
$(eval $(call host_program,mkimage,$(mkimage_src),tools.a))
$(eval $(call host_program,explain,$(wildcard tools/explain/*.c),tools.a))
$(eval $(call host_program,symtab,$(wildcard tools/symtab/*.c),tools.a))
$(eval $(call host_program,usbwrite,$(wildcard tools/usbwrite/*.c),tools.a))
$(eval $(call host_program,h2inc,$(wildcard tools/h2inc/*.c)))
$(eval $(call host_program,diag-decode,tools/diag-decode.c diag/code.c,tools.a))

# mkimage carries boot sector, stage 2 and diagnostics inside itself.
$(BUILD)/host/tools/mkimage/pieces.o: $(BUILD)/bootsector.bin \
	$(BUILD)/stage2.bin $(BUILD)/diag.bin $(BUILD)/uefi.bin

# ---- Compiling -----------------------------------------------------------

define h2inc_rule
$(BUILD)/$(1)/%.inc: $(2)/%.h $(BUILD)/h2inc
	$$(call say,H2INC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(BUILD)/h2inc $$< > $$@.tmp && mv $$@.tmp $$@
endef
$(eval $(call h2inc_rule,boot,lib/boot))
$(eval $(call h2inc_rule,kernel,kernel))
$(eval $(call h2inc_rule,user,lib))

define asm_rule
$(BUILD)/$(1)/%.o: %.asm $$(asm_includes) $(BUILD)/target-flags
	$$(call say,NASM,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(NASM) $$(NASM_FLAGS) $$(asm_format) -o $$@ $$<
endef
$(foreach stage,bootsector stage2 diag kernel user,\
	$(eval $(call asm_rule,$(stage))))
$(BUILD)/diag/%.o: asm_format := -f elf32

define c_rule
$(BUILD)/$(1)/%.o: %.c $(BUILD)/$(3)
	$$(call say,$(4),$$@)
	@mkdir -p $$(@D)
	$$(Q)$$($(2)) -MMD -MP -c -o $$@ $$<
endef
COMPILE_STAGE2 = $(CC) $(STAGE2_CFLAGS)
COMPILE_DIAG = $(CC) $(DIAG_CFLAGS)
COMPILE_KERNEL = $(CC) $(KERNEL_CFLAGS) $(sanitize_cflags)
$(BUILD)/kernel/%: sanitize_cflags = $(SANITIZE_CFLAGS) $(ADDRESS_CFLAGS)
# What the checks themselves use is not checked by them.
$(BUILD)/kernel/kernel/sanitize/%: sanitize_cflags = \
	$(filter -D%,$(SANITIZE_CFLAGS))
unchecked := $(addprefix $(BUILD)/kernel/,$(addprefix kernel/memory/,frames.o \
	kmalloc.o range.o) $(addprefix lib/,format.o frame_pool.o heap.o \
	ranges.o string.o symbol.o) kernel/symbols.o)
$(unchecked): sanitize_cflags = $(SANITIZE_CFLAGS)
COMPILE_USER = $(CC) $(USER_CFLAGS)
COMPILE_HOST = $(HOSTCC) $(HOST_CFLAGS) -DPIECES='"$(BUILD)/"'
$(eval $(call c_rule,stage2,COMPILE_STAGE2,target-flags,CC))
$(eval $(call c_rule,diag,COMPILE_DIAG,target-flags,CC))
$(eval $(call c_rule,kernel,COMPILE_KERNEL,target-flags,CC))
$(eval $(call c_rule,user,COMPILE_USER,target-flags,CC))
$(eval $(call c_rule,host,COMPILE_HOST,host-flags,HOSTCC))

# A file per set of flags, touched only when they change.
define flags_rule
$(BUILD)/$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' $$(call quote,$(2)) > $$@.new
	@if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi
endef
$(eval $(call flags_rule,target-flags,$$(CC) $$(STAGE2_CFLAGS) \
	$$(DIAG_CFLAGS) $$(KERNEL_CFLAGS) $$(USER_CFLAGS) $$(SANITIZE_CFLAGS) \
	$$(ADDRESS_CFLAGS) $$(NASM) $$(NASM_FLAGS) $$(LD) $$(LD_FLAGS)))
$(eval $(call flags_rule,host-flags,$$(HOSTCC) $$(HOST_CFLAGS)))
$(eval $(call flags_rule,image-flags,$$(call given,CMDLINE) $$(MKIMAGE_FLAGS)))

.PHONY: FORCE
FORCE:
.SECONDARY:
.DELETE_ON_ERROR:

# Not those of the other build below, nor of copies of the tree (make museum),
# nor GCC's: .d is D's ending, too.
-include $(shell find $(BUILD) \( -path $(BUILD)/sanitize -o \
	-path '$(BUILD)/*/build' -o -path $(BUILD)/toolchain -o \
	-path $(BUILD)/page-engine \) -prune -o -name '*.d' -print 2>/dev/null)

-include tools/*.mk tests/*.mk
