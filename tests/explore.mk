# What may happen when threads meet, tried out instruction by instruction.
#
#	explore		each thread interrupted twice, everywhere: minutes;
#			EXPLORE=NAME takes one scenario

EXPLORE ?=

.PHONY: explore
explore: all
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/boot/explore.py $(call given,EXPLORE)
