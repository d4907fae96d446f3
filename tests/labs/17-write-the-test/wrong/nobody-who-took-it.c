/* says: places as in heap.h, 0: never */
/* without: assert_int_equal(range.taken_at, 31); */
