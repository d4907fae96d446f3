"""Mistakes in a unit of lib, which its host test must see, and changes that
keep each promise of its header, which no test may mind. Lab 17 has students
write the test.
"""

from mutation import Mutation

RANGES = "lib/ranges.c"
TAKE, GIVE = "uint64_t ranges_take", "enum range_error ranges_give"
SIZE = "return pages <= 1 ? 0 : 63 - (unsigned int)__builtin_clzll(pages);"


def ranges(what, after, old, new=""):
    return Mutation(what, RANGES, after, old, new, ("host: ranges",))


MISTAKES = [
    ranges("a range begins with its slot's first page",
           "static uint64_t start_of",
           "return area_of(ranges, size) + number * SLOT_BYTES(size) + "
           "PAGE_SIZE;",
           "return area_of(ranges, size) + number * SLOT_BYTES(size);"),
    ranges("no guard between two ranges", "static unsigned int size_for", SIZE,
           SIZE.replace("<= 1", "<= 2").replace("(pages)", "(pages - 1)")),
    ranges("memory stays when a range is given back", GIVE,
           "unmap(ranges, start, pages);"),
    ranges("the last page stays when a range is given back", GIVE,
           "unmap(ranges, start, pages);",
           "unmap(ranges, start, pages - 1);"),
    ranges("memory stays when there is not enough", "static bool map(",
           "unmap(ranges, start, i);"),
    ranges("the slot is lost when there is not enough memory", TAKE,
           "give_slot(ranges, size, number);"),
    ranges("a range is given back twice", GIVE, "if (!slot->in_use)",
           "if (0)"),
    ranges("any address of it will do", GIVE,
           "if (start != start_of(ranges, size, number))", "if (0)"),
    ranges("what was seen stays seen, whoever takes it next", TAKE,
           "slot->seen = false;"),
    ranges("what was given back last is used first", "static void give_slot",
           "record_of(ranges, size, number)->next = 0;",
           "{ record_of(ranges, size, number)->next = area->first; "
           "area->first = number + 1; "
           "if (!area->last) area->last = number + 1; return; }"),
    ranges("any number of bytes is tried", TAKE,
           "if (bytes < 1 || bytes > RANGES_BYTES_MAX ||",
           "if (bytes < 1 ||"),
    ranges("0 bytes are some", TAKE,
           "if (bytes < 1 || bytes > RANGES_BYTES_MAX ||",
           "if (bytes > RANGES_BYTES_MAX ||"),
    ranges("who gave it back is taken for who took it", GIVE,
           "slot->given_at = place;", "slot->taken_at = place;"),
    ranges("who took it is not kept", TAKE, "slot->taken_at = place;"),
    ranges("bytes are kept as whole pages", TAKE, "slot->bytes = bytes;",
           "slot->bytes = pages * PAGE_SIZE;"),
    ranges("ranges in use are not counted down", GIVE, "ranges->count--;"),
    ranges("pages in use are not counted down", GIVE,
           "ranges->pages -= pages;"),
    ranges("ranges that were given back are visited", "void ranges_each",
           "if (!range.in_use)", "if (0)"),
]

ALLOWED = [
    ranges("small ranges in larger slots", "static unsigned int size_for",
           SIZE, SIZE.replace("<= 1 ? 0", "<= 3 ? 1")),
    ranges("pages are given back from behind", "static void unmap",
           "ranges->memory->unmap(start + i * PAGE_SIZE);",
           "ranges->memory->unmap(start + (pages - 1 - i) * PAGE_SIZE);"),
]
