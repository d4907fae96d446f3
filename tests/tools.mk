# Tests of the tools around the build.
#
#	test-tools	tests/tools/test_*.py

.PHONY: test-tools
test-tools: all $(BUILD)/usbwrite $(BUILD)/coverage/edges $(bench_plugins) \
		$(BUILD)/test/kernels/bench-64k.elf
	@BUILD=$(BUILD) HOSTCC=$(call quote,$(HOSTCC)) DIST=loadgroup \
		sh tests/pytest.sh tests/tools
