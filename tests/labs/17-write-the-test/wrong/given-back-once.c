/* says: the range was given back already */
/* without: assert_int_equal(ranges_give(&ranges, at, 33), RANGE_GIVEN); */
