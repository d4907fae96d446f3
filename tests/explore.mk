# What may happen when threads meet, tried out instruction by instruction.
#
#	explore		threads interrupted twice, at instructions: minutes;
#			EXPLORE=NAME takes one scenario
#	museum		known bugs, each made in a copy of the kernel: is it
#			found? BUG=NAME takes one of tests/museum
#	models		models of such code, in all orders: are they proven, and
#			is each mistake in them found? MODEL=NAME takes one,
#			MODEL=NAME:MUTANT shows the way to that failure
#	sweep		the kernel's tests of threads on 2 and 4 processors of
#			Bochs, which executes 1 to 32 instructions of each in
#			turn: always the same way; rows of make matrix

EXPLORE ?=
BUG ?=
MODEL ?=

.PHONY: explore
explore: all
	$(Q)BUILD=$(BUILD) $(PYTHON) tests/boot/explore.py $(call given,EXPLORE)

.PHONY: museum
museum:
	$(Q)$(PYTHON) tests/museum/museum.py $(BUILD)/museum $(call given,BUG)

.PHONY: models
models:
	$(Q)$(PYTHON) tests/models/models.py $(BUILD)/models $(call given,MODEL)

.PHONY: sweep
sweep:
	$(Q)$(MAKE) --no-print-directory matrix ROWS='bochs: threads on' V86=
