# What finds the rare fault: the same tests for a long time.
#
#	soak	printing under fire, SOAK_SECONDS long

SOAK_SECONDS ?= 600

.PHONY: soak
soak: all
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/boot/fire.py \
		$(call given,SOAK_SECONDS)
