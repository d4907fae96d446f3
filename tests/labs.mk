# The labs of docs/labs.md.
#
#	lab-start	LAB=N: take a piece of the tree away
#	lab		LAB=N: is it back?

PYTHON ?= sh tools/python.sh

.PHONY: lab-start lab
lab-start:
	@$(PYTHON) tests/labs/lab.py start $(call given,LAB)

# What was missing may be there now, and is found by a make that starts anew.
lab: need-test
	@$(MAKE) --no-print-directory all boot-kernels realmode-images
	@BUILD=$(BUILD) $(PYTHON) tests/labs/lab.py check $(call given,LAB)
