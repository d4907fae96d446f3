/* says: 0: too large, or no memory is left. */
/* without: test_out_of_memory_leaves_nothing */
