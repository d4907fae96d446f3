"""2. Is line 20 open?"""

from definition import Check, Guest, Lab, Piece, Tap

LAB = Lab(
    Piece("stage2/a20.asm", "a20_test:", "; port_92_open -",
          "a20_test:\n\tclc\n\tret\n\n"),
    "do 0:x and FFFF:x+10h differ, in one of several tests?", "a20_test",
    "ok a20: closed again",
    (Tap("a20", (
        Check("CF=0 A20 is open;", "a20: (was open|open now, .*)"),
        Check("CF=1 it is closed", "a20: closed again"),
        Check("tests, about 1 us each", "a20: .* polls later"),
     ), realmode=True, seconds=10),
     Guest((Check("make odd mebibytes reachable", "^test kernel: ready$"),),
           seconds=10, kernel="test/kernels/ready.elf", modules=(), cmdline="")),
    moves=SEED.move("%define TESTS_LONG\t0x8000",
                    [f"0x{tests:x}" for tests in range(0x8001, 0x804A)]),
    page="a20_test")
