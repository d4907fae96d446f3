# Do the tests notice mistakes in the boot stages?
#
#	mutate		make each mistake of tests/mutate/mutations.py in a copy
#			and see some boot turn red; MUTATION=word chooses

.PHONY: mutate
mutate: $(BUILD)/mkimage
	@$(PYTHON) tests/mutate/mutate.py $(BUILD)/mutate $(call given,MUTATION)
