"""17. Write the test."""

from definition import Check, Lab, Mutants, Piece

HEADER = "lib/ranges.h"
LEFT = """\
static void test_has_memory(void **state)
{
	uint64_t at = ranges_take(&ranges, 2 * PAGE_SIZE, 1);

	(void)state;
	assert_true(is_mapped(at));
	assert_true(is_mapped(at + PAGE_SIZE));
	assert_int_equal(ranges_give(&ranges, at, 2), RANGE_OK);
	assert_false(is_mapped(at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_has_memory, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
"""

LAB = Lab(
    Piece("tests/host/test_ranges.c", "static void test_has_memory_and_guards",
          "", LEFT),
    "ranges of addresses: whole pages of memory with a guard page",
    "ranges_take", "caught 1 of 18",
    (Mutants("ranges", (
        Check("Give a range back, and the memory behind it.",
              "memory stays when a range is given back"),
        Check("Give a range back, and the memory behind it.",
              "the last page stays when a range is given back"),
        Check("which is absent, before and behind.",
              "no guard between two ranges"),
        Check("begins with the slot's second page",
              "a range begins with its slot's first page"),
        Check("0: too large, or no memory is left.",
              "memory stays when there is not enough"),
        Check("0: too large, or no memory is left.",
              "the slot is lost when there is not enough memory"),
        Check("0: too large, or no memory is left.",
              "any number of bytes is tried"),
        Check("1..RANGES_BYTES_MAX; whole pages are mapped",
              "0 bytes are some"),
        Check("the range was given back already",
              "a range is given back twice"),
        Check("it is not the first byte of a range",
              "any address of it will do"),
        Check("was given back is used again last",
              "what was given back last is used first"),
        Check("as ranges_take() was told", "bytes are kept as whole pages"),
        Check("places as in heap.h, 0: never",
              "who gave it back is taken for who took it"),
        Check("places as in heap.h, 0: never", "who took it is not kept"),
        Check("count, pages; /* in use",
              "ranges in use are not counted down"),
        Check("count, pages; /* in use",
              "pages in use are not counted down"),
        Check("Call visit() for each range in use",
              "ranges that were given back are visited"),
        Check("ranges_each() met it in use before",
              "what was seen stays seen, whoever takes it next"),
     ), ("small ranges in larger slots",
         "pages are given back from behind")),),
    header=HEADER,
    moves=SEED.move("#define FILLED 0xCC",
                    [f"0x{byte:02X}" for byte in range(1, 0x100)]),
    page="ranges_take")
