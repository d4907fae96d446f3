# Tests of the page: its machine in Node, the page in headless Chromium.
#
#	test-page	makes engine and page, and tests them
#	test-page-here	the same where an engine is there, else it is skipped
#	bench-page	how long load, boot, steps and answers take on this host
#
# Each test leaves lines "ok NAME" or "not ok NAME" in $(BUILD)/results/*.txt.

NODE ?= node
page_tests := $(sort $(wildcard tests/page/test_*.mjs))

.PHONY: test-page test-page-here
test-page: page boot-kernels
	@status=0; for file in $(page_tests); do \
		BUILD='$(BUILD)' PAGE_ENGINE='$(PAGE_ENGINE)' \
			$(NODE) $$file || status=1; \
	done; exit $$status

test-page-here:
	@mkdir -p $(results)
	@missing=; [ -e $(PAGE_ENGINE)/engine.wasm ] || missing='no engine'; \
	for tool in '$(NODE)' '$(firstword $(PYTHON))'; do \
		command -v "$$tool" > /dev/null || missing="no $$tool"; \
	done; \
	$(PYTHON) -c 'import pygments' 2> /dev/null || missing='no Pygments'; \
	if [ -n "$$missing" ]; then \
		echo "skip page, $$missing: make test-page makes it" \
			> $(results)/page.txt; \
		cat $(results)/page.txt; \
	else \
		$(MAKE) --no-print-directory test-page; \
	fi

.PHONY: bench-page
bench-page: page
	@BUILD='$(BUILD)' $(NODE) tests/page/bench.mjs
