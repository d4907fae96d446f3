"""6. Following an address."""

from definition import Check, Guest, Lab, Piece, Tap

ASKED = (("^> ", "pagewalk 0x100000\r"),
         ("page of 4 KiB: read, execute", "pagewalk 0x3000000\r"),
         ("page of 2048 KiB: read, write", "pagewalk 0\r"))

LAB = Lab(
    Piece("lib/paging.c", "bool paging_walk(", "paddr_t paging_physical(",
          "bool paging_walk(paddr_t root, vaddr_t address,\n"
          "\t\t bool (*read)(paddr_t from, uint64_t *entry),\n"
          "\t\t struct paging_walk *walk)\n{\n"
          "\t(void)root;\n\t(void)address;\n\t(void)read;\n"
          "\t*walk = (struct paging_walk){ .levels = 1 };\n"
          "\treturn false;\n}\n\n"),
    "Returns whether the address is mapped", "paging_walk",
    "test_walk_shows_each_step",
    (Tap("paging", (
        Check("false: it can't be read",
              "test_walk_stops_where_it_cannot_read"),
        Check("What the CPU reads on its way to an address",
              "test_walk_shows_each_step"),
        Check("as every step allows them", "test_user_needs_every_level"),
        Check("Where a mapped address leads.", "test_.*"),
     )),
     Guest((Check("from the PML4 on, as far as entries are present",
                  "^0x100000 is physical 0x100000, in a page of 4 KiB"),
            Check("the last one is that of the page, or not present",
                  "^0 is not mapped$")),
           cmdline="", types=ASKED, ends="0 is not mapped\n", status=None)),
    header="lib/paging.h",
    page="long_mode_start")
