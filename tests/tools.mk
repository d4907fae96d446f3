# Tests of the tools around the build.
#
#	test-tools	tests/tools/test_*.py

PYTEST ?= sh tools/python.sh -m pytest

.PHONY: test-tools
test-tools: all $(BUILD)/usbwrite $(BUILD)/coverage/edges $(bench_plugins) \
		$(BUILD)/test/kernels/bench-64k.elf
	@BUILD=$(BUILD) HOSTCC=$(call quote,$(HOSTCC)) \
		$(PYTEST) -q -p no:cacheprovider tests/tools
