"""10. Small blocks of memory."""

from definition import Check, Guest, Lab, Piece, Tap

HEADER = "lib/heap.h"
LEFT = """\
void *heap_take(struct heap *heap, size_t bytes, uint32_t place)
{
	(void)heap;
	(void)bytes;
	(void)place;
	return NULL;
}

"""


def promised(words, *tests):
    return Check(words, "|".join(f"test_{test}" for test in tests))


LAB = Lab(
    Piece("lib/heap.c", "static void fill_page(", "/* ---- Releasing", LEFT),
    "small blocks of memory, many to a page", "heap_take",
    "test_sizes_and_alignment",
    (Tap("heap", (
        promised("that a block of 2^n bytes is aligned to 2^n",
                 "sizes_and_alignment"),
        promised("A page holds blocks of one size", "blocks_are_disjoint",
                 "random_traffic"),
        promised("NULL: there is no page left.", "out_of_pages"),
        promised("and the one that released it last", "misuse_is_refused",
                 "find", "cache_.*"),
        promised("what the heap keeps in the page was overwritten",
                 "damage_is_noticed"),
        promised("Call visit() for each block in use", "each_block_in_use"),
        promised("small blocks of memory", "pages_go_back", "words"),
     )),
     Guest((Check("a block with anything in it", "^firstlight: ready$"),))),
    header=HEADER,
    page="heap_take")
