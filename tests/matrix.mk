# The boot matrix: every firmware, machine, bus, CPU, memory, bad BIOS.
#
#	matrix	boots all of tests/boot/table.py; build/matrix.html and .json
#	v86	puts the npm package v86, a PC in JavaScript, under build/:
#		with node it is a third PC for the matrix
#
#	make matrix ROWS="q35|nvme" RUNS=5 JOBS=2

PYTHON ?= /usr/bin/python3
ROWS ?=
RUNS ?= 1
JOBS ?= $(shell nproc)
V86 ?= v86@0.5.462

.PHONY: matrix
matrix: all boot-kernels
	@BUILD='$(BUILD)' QEMU='$(QEMU)' PYTHONDONTWRITEBYTECODE=1 \
		$(PYTHON) tests/boot/run_matrix.py \
		--rows '$(value ROWS)' --runs $(RUNS) --jobs $(JOBS)

.PHONY: v86
v86:
	$(call need,npm)
	@mkdir -p $(BUILD)/v86
	$(Q)npm install --prefix $(BUILD)/v86 --no-package-lock --no-save \
		--no-audit --no-fund $(V86)
