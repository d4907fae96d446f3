"""9. Ranges with guards."""

from definition import Check, Guest, Lab, Piece, Tap

HEADER = "lib/ranges.h"
LEFT = """\
uint64_t ranges_take(struct ranges *ranges, uint64_t bytes, uint32_t place)
{
	uint64_t number;

	(void)place;
	if (take_slot(ranges, size_for(range_pages_of(bytes)), &number))
		give_slot(ranges, size_for(range_pages_of(bytes)), number);
	return 0;
}

enum range_error ranges_give(struct ranges *ranges, uint64_t start,
			     uint32_t place)
{
	unmap(ranges, start, 0);
	(void)place;
	return RANGE_FOREIGN;
}

"""


def promised(words, *tests):
    return Check(words, "|".join(f"test_{test}" for test in tests))


LAB = Lab(
    Piece("lib/ranges.c", "/* All of it or nothing.", "/* ---- What is known",
          LEFT),
    "ranges of addresses: whole pages of memory with a guard page",
    "ranges_take", "test_has_memory_and_guards",
    (Tap("ranges", (
        promised("a range with memory behind every page",
                 "has_memory_and_guards", "random_traffic"),
        promised("Give a range back, and the memory behind it.",
                 "given_back_is_absent"),
        promised("was given back is used again last",
                 "slots_are_used_again_last"),
        promised("If this is not RANGE_OK, nothing has changed",
                 "misuse_is_refused"),
        promised("the range itself, or one of its guards.", "find"),
        promised("1..RANGES_BYTES_MAX; whole pages are mapped", "sizes"),
        promised("0: too large, or no memory is left.",
                 "out_of_memory_leaves_nothing"),
        promised("and note that it was seen", "each_range_in_use", "words"),
     )),
     Guest((Check("a range with memory behind every page",
                  "^firstlight: ready$"),))),
    header=HEADER,
    page="ranges_take")
