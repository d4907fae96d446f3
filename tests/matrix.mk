# The boot matrix: every firmware, machine, bus, CPU, memory, bad BIOS.
#
#	matrix	boots all of tests/boot/table.py; build/matrix.html and .json
#	v86	puts the npm package v86, a PC in JavaScript, under build/:
#		with node it is a third PC; matrix does so itself, once
#
#	make matrix ROWS="q35|nvme" RUNS=5 JOBS=2
#	make matrix V86=		downloads nothing

PYTHON ?= sh tools/python.sh
ROWS ?=
RUNS ?= 1
JOBS ?= $(shell sh tools/cores.sh)
V86 ?= v86@0.5.462
v86_library := $(BUILD)/v86/node_modules/v86/build/libv86.mjs

# No npm or no network: the matrix says which rows it skips for want of v86.
.PHONY: matrix
matrix: all boot-kernels
	@if [ -n $(call given,V86) ] && [ ! -e $(v86_library) ] && \
		command -v npm > /dev/null; then \
		$(MAKE) --no-print-directory v86 || :; fi
	@BUILD=$(BUILD) QEMU=$(call given,QEMU) PYTHONDONTWRITEBYTECODE=1 \
		$(PYTHON) tests/boot/run_matrix.py \
		--rows $(call given,ROWS) \
		--runs $(call given,RUNS) --jobs $(call quote,$(JOBS))

.PHONY: v86
v86:
	$(call need,npm)
	@mkdir -p $(BUILD)/v86
	$(call say,NPM,$(call given,V86))
	$(Q)npm install --prefix $(BUILD)/v86 --fetch-retries 1 \
		--fetch-timeout 20000 \
		--loglevel error --no-package-lock --no-save --no-audit \
		--no-fund $(call given,V86)
