/* without: assert_int_equal(range.start, at); */
