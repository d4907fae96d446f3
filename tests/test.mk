# The whole suite.
#
#	test	every test a newcomer should run; ends on "N passed, N failed"

.PHONY: test
test: need-test
	$(Q)sh tests/run.sh $(BUILD)
