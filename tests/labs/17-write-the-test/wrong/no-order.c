/* says: was given back is used again last */
/* without: test_slots_are_used_again_last */
