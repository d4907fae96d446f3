/* says: 0: too large, or no memory is left. */
/* without: test_sizes */
