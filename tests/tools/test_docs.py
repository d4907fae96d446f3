"""make test-docs: each way in which a document rots is seen, with the place."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()


@pytest.fixture(scope="module", name="clean")
def fixture_clean(tmp_path_factory):
    """A copy of the tree, and docgen beside it."""
    subprocess.run(["make", "-s", f"BUILD={BUILD}", f"{BUILD}/docgen"],
                   cwd=ROOT, check=True)
    tree = tmp_path_factory.mktemp("docs") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(
        "build", ".git", "__pycache__", "compile_commands.json"))
    (tree / "build/results").mkdir(parents=True)
    shutil.copy(BUILD / "docgen", tree / "build")
    return tree


def check(tree):
    """(status, what it printed)"""
    documents = ["README.md", "CONTRIBUTING.md", *sorted(
        str(path.relative_to(tree)) for path in (tree / "docs").rglob("*.md"))]
    done = subprocess.run(["sh", "tools/check-docs.sh", "build", *documents],
                          cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


# What is broken: a file, a pattern, what it becomes; then which check sees it
# and what it says.
BREAKS = {
    "renamed routine": ("stage2/a20.asm", r"\ba20_test\b", "a20_look",
                        "quotes", r"docs/tour/\S+\.md:\d+: stage2/a20\.asm: "
                        r'no line starts with "a20_test:"'),
    "changed code": ("stage2/a20.asm", r"\tinc\tdword \[probe\]",
                     "\tinc\tword [probe]", "quotes",
                     r"docs/tour/\S+\.md:\d+: the quote is stale"),
    "moved routine": ("stage2/bios.asm", r"\n; bios_call - ",
                      "\n; bios_call_moved - ", "quotes",
                      r'stage2/bios\.asm: no line starts with "; bios_call -"'),
    "edited quote": ("docs/tour/06-a20.md", r"\tin\tal, DELAY_PORT",
                     "\tin\tal, 0x80", "quotes",
                     r"docs/tour/06-a20\.md:\d+: the quote is stale"),
    "lost name": ("README.md", r"`make path`", "`make path` `no_such_" "name`",
                  "names", r"README\.md:\d+: no no_such_" r"name in the tree"),
    "lost file": ("README.md", r"`make path`", "`lib/none.c`",
                  "names", r"README\.md:\d+: no lib/none\.c in the tree"),
    "stale table": ("lib/boot/errors.h", "A20 stays closed", "A20 is closed",
                    "tables", r"docs/errors\.md:\d+: a table is stale"),
    "new citation": ("tests/boot/test_tour.py", r"\Z", "# HW-" "14\n", "tables",
                     r"docs/hardware\.md:\d+: what cites a row or code is "
                     r"stale"),
    "dead link": ("README.md", r"\(docs/errors\.md\)", "(docs/mistakes.md)",
                  "links", r"README\.md: docs/mistakes\.md is not there"),
    "dead anchor": ("README.md", r"#the-last-thing-you-see", "#the-end",
                    "links", r"README\.md: no heading for \S*#the-end"),
    "no such target": ("README.md", r"`make doctor`", "`make nurse`",
                       "commands", r"README\.md: no target for make nurse"),
    "code cites no row": ("stage2/a20.asm", "HW-" "23", "HW-" "99", "hardware",
                          r"no row for HW-" "99"),
    "row cites no code": ("stage2/a20.asm", "HW-" "23", "its row", "hardware",
                          r"stage2/a20\.asm does not cite HW-" r"23"),
    "row cites no test": ("tests/hostile/config.inc", "HW-" "23", "its row",
                          "hardware",
                          r"tests/hostile/config\.inc does not cite HW-" r"23"),
    "no heading for a code": ("docs/errors.md", r"\n### 21\n", "\n### 29\n",
                              "errors", r"docs/errors\.md: no '### 21'"),
    "no cause for a code": ("docs/errors.md", r"Cause: address line",
                            "address line", "errors",
                            r"docs/errors\.md: 21 has no 'Cause:'"),
    "test lost its code": ("tests/realmode/test_a20.asm", r"\bE_A" r"20\b", "33",
                           "errors", r"tests/realmode/test_a20\.asm does not "
                           r"name E_A" "20"),
    "number of a section": ("lib/paging.h", '"Canonical Addressing"', "3.3.7.1",
                            "citations", r"lib/paging\.h:\d+: .*cite the title"),
    "number of a chapter": ("kernel/cpu/local_apic.h", '"Advanced.*"',
                            "chapter 10", "citations",
                            r"kernel/cpu/local_apic\.h:\d+: .*cite the title"),
    "number on the next line": ("lib/acpi.h", 'Override\n \\* Structure"',
                                'Override"\n * 5.2.12.5', "citations",
                                r"lib/acpi\.h:\d+: .*cite the title"),
    "number in a document": ("docs/sources.md", '"Interrupt Stack Table"',
                             "6.14.5", "citations",
                             r"docs/sources\.md:\d+: .*cite the title"),
    # [W]: else it would be cited as a test of this code
    "code without words": ("lib/boot/errors.h",
                           r"#define [W]_NO_TEXT_TEXT.*\n", "", "tables",
                           r"has no words: [W]_NO_TEXT\n(.*\n)*"
                           r".*a code without words: [W]_NO_TEXT"),
    "words without a code": ("lib/boot/errors.h", r"#define [W]_NO_TEXT\t.*\n",
                             "", "tables", r"words without a code: [W]_NO_TEXT"
                             r"_TEXT\n(.*\n)*.*words without a code"),
    "code of one digit": ("lib/boot/errors.h", r"0x54", "0x5", "errors",
                          r"neither a code nor words: .*0x5"),
    "code given twice": ("lib/boot/errors.h", r"0x54", "0x53", "errors",
                         r"the code of [W]_DIAG_DAMAGED: [W]_NO_TEXT"),
    "letter without words": ("lib/boot/errors.h", r"'S'.*", "'S'", "errors",
                             r"has no words: [B]S_ERROR_SUM"),
    "code that C sees and docgen not": (
        "lib/boot/errors.h", r"#define [W]_DRIVE\t", "# define A_CODE\t",
        "tables", r"neither a #define nor a comment: # define"),
    "definition behind the C-only block": (
        "lib/boot/bootinfo.h", r"#endif\n\Z",
        "#define LATE_" "COMER 1 /* once */\n#endif\n", "tables",
        r"docs/boot-protocol\.md:\d+: a table is stale"),
    "end without a start": (
        "lib/boot/layout.h", r"#define REAL_STACK_ADDR.*\n", "", "tables",
        r"an _END without its _ADDR: REAL_STACK_END"),
    "value behind a comment": (
        "lib/boot/layout.h", r"#define STUB_SIZE\t\t5\t.*",
        "#define STUB_SIZE 5 /* bytes */ + 1", "tables",
        r"something behind the comment"),
    "row lost from the table": ("docs/errors.md", r"\| `54` \|.*\n", "",
                                "errors", r"no row '54' with the words of"),
}


def test_every_code_has_its_row():
    """Read here by a pattern of its own: what tools/ misses is seen."""
    header = (ROOT / "lib/boot/errors.h").read_text()
    table = (ROOT / "docs/errors.md").read_text()
    codes = re.findall(r"^#define\s+(\w+)\s+(?:0x|')(\w+)", header, re.M)
    assert len(codes) >= 22
    for name, code in codes:
        assert re.search(rf"^\| `{code}` \| .+ \| `{name}` \|$", table,
                         re.M), name


def test_all_is_well(clean):
    status, said = check(clean)
    assert status == 0, said


@pytest.mark.parametrize("what", BREAKS)
def test_sees(clean, what):
    name, pattern, becomes, which, words = BREAKS[what]
    good = (clean / name).read_text()
    broken = re.sub(pattern, becomes, good)
    assert broken != good, f"{name} has no {pattern}"
    (clean / name).write_text(broken)
    status, said = check(clean)
    (clean / name).write_text(good)
    assert status != 0
    assert f"not ok docs-{which}" in said
    assert re.search(words, said), said
