"""5. Page frames."""

from definition import Check, Guest, Lab, Piece, Tap


def promised(words, *tests):
    return Check(words, "|".join(f"test_{test}" for test in tests))


LAB = Lab(
    Piece("lib/frame_pool.c", "/* Nothing answers from here to the end",
          "/* A frame whose state says already",
          "paddr_t frame_pool_take(struct frame_pool *pool, "
          "enum frame_owner owner)\n{\n"
          "\t(void)pool;\n\t(void)owner;\n\treturn 0;\n}\n\n"),
    "page frames, handed out and taken back", "frame_pool_take",
    "test_takes_usable_frames_only",
    (Tap("frame_pool", (
        promised("Frames come from the usable ranges of a clean memory map",
                 "takes_usable_frames_only", "crosses_blocks"),
        promised("no frame below this address is handed out",
                 "keeps_to_its_bounds"),
        promised("0: there is none left", "empty_map"),
        promised("those given back are handed out again first",
                 "given_back_is_taken_again"),
        promised("whose it is from now on", "owners_.*", "last_owner.*"),
        promised("it was never handed out, or is back already",
                 "misuse_is_refused", "never_begun_.*"),
        promised("hand out a frame, with anything in it",
                 "contents_do_not_matter"),
        promised("somebody has written to a free one",
                 "write_to_a_free_frame_is_noticed"),
        promised("Memory that a map lists but no machine has is noticed",
                 "missing_memory_is_left_out"),
     )),
     Guest((Check("hand out a frame", "^firstlight: ready$"),))),
    header="lib/frame_pool.h",
    moves=SEED.move(
        "\treturn (uint64_t)frame ^ frame->next ^ 0xF4EEF4A3E0F4EEF4",
        [f"0xF4EEF4A3E0F4{low:04X}" for low in range(0x1000, 0xE000)]),
    page="frame_pool_take")
