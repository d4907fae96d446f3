# What finds the rare fault: the same tests for a long time.
#
#	soak	printing under fire, allocating and sleeping, by 8 threads on
#		SOAK_CPUS processors, SOAK_SECONDS long
#	process-soak	a million calls by programs with random numbers and
#			values, on each machine of tests/boot/test_process.py

SOAK_SECONDS ?= 600
SOAK_CPUS ?= 4

.PHONY: soak
soak: all
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/boot/fire.py \
		$(call given,SOAK_SECONDS) $(call given,SOAK_CPUS)

.PHONY: process-soak
process-soak: all sanitized-kernel
	$(Q)BUILD=$(BUILD) ROUNDS=100 PYTHONDONTWRITEBYTECODE=1 \
		sh tests/pytest.sh tests/boot/test_process.py \
		-k 'random_calls or sanitized'
