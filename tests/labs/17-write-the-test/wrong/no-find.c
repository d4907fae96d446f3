/* says: as ranges_take() was told */
/* without: test_find */
