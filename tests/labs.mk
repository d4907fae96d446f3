# The labs of docs/labs.md.
#
#	lab-start	LAB=N: take a piece of the tree away
#	lab		LAB=N: is it back?

PYTHON ?= sh tools/python.sh

.PHONY: lab-start lab
lab-start:
	@$(PYTHON) tests/labs/lab.py start $(call given,LAB)

# lab.py has made build what the lab needs, and no more.
lab: need-test
	@BUILD=$(BUILD) $(PYTHON) tests/labs/lab.py check $(call given,LAB)
