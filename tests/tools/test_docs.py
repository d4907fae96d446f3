"""make test-docs: each way in which a document rots is seen, with the place."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", name="clean")
def fixture_clean(tmp_path_factory):
    """A copy of the tree."""
    tree = tmp_path_factory.mktemp("docs") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(
        "build", ".git", "__pycache__", "compile_commands.json"))
    return tree


def docs(tree, *command, **environment):
    """(status, what it printed)"""
    done = subprocess.run([sys.executable, "-B", "tools/docs", *command],
                          cwd=tree, capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})
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
                  "links", r"README\.md:\d+: docs/mistakes\.md is not there"),
    "dead anchor": ("README.md", r"#the-last-thing-you-see", "#the-end",
                    "links", r"README\.md:\d+: no heading for \S*#the-end"),
    "no such target": ("README.md", r"`make doctor`", "`make nurse`",
                       "commands", r"README\.md:\d+: no target for make nurse"),
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
    "number of a chapter": ("kernel/irq/local_apic.h", '"Advanced.*"',
                            "chapter 10", "citations",
                            r"kernel/irq/local_apic\.h:\d+: .*cite the title"),
    "number on the next line": ("lib/acpi.h", 'Override\n \\* Structure"',
                                'Override"\n * 5.2.12.5', "citations",
                                r"lib/acpi\.h:\d+: .*cite the title"),
    "number in a document": ("docs/sources.md", '"Interrupt Stack Table"',
                             "6.14.5", "citations",
                             r"docs/sources\.md:\d+: .*cite the title"),
    # [W]: else it would be cited as a test of this code
    "code without words": ("lib/boot/errors.h",
                           r"#define [W]_NO_TEXT_TEXT.*\n", "", "tables",
                           r"a code without words: [W]_NO_TEXT\n(.*\n)*"
                           r".*a code without words: [W]_NO_TEXT"),
    "words without a code": ("lib/boot/errors.h", r"#define [W]_NO_TEXT\t.*\n",
                             "", "tables", r"words without a code: [W]_NO_TEXT"
                             r"_TEXT\n(.*\n)*.*words without a code"),
    "code of one digit": ("lib/boot/errors.h", r"0x54", "0x5", "errors",
                          r"neither a code nor words: .*0x5"),
    "code given twice": ("lib/boot/errors.h", r"0x54", "0x53", "errors",
                         r"the code of [W]_DIAG_DAMAGED: [W]_NO_TEXT"),
    "letter without words": ("lib/boot/errors.h", r"'S'.*", "'S'", "errors",
                             r"a code without words: [B]S_ERROR_SUM"),
    "code that C sees and we do not": (
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
    "layout that is not the compiler's": (
        "lib/boot/bootinfo.h", r"struct boot_info \{",
        "#define uint8_t uint16_t\nstruct boot_info {", "tables",
        r"struct boot_info is laid out otherwise by the compiler: \S+ error: "
        r'.*"bios_drive"'),
    "field of an unknown type": (
        "lib/boot/bootinfo.h", r"uint32_t raw_count;", "unsigned raw_count;",
        "tables", r"unknown type: unsigned"),
    "no field": ("lib/boot/bootinfo.h", r"uint32_t raw_count;",
                 "uint32_t raw_count : 4;", "tables", r"not a field: .*: 4"),
    "comment that goes on": ("lib/boot/image.h", r"#define BLOBS_MAX\t\t8",
                             "#define BLOBS_MAX 8 /* and", "tables",
                             r"a comment goes on in the next line: .*BLOBS_M"),
    "value that is no number": ("lib/boot/layout.h",
                                r"(#define REAL_STACK_END\t+)\w+", r"\1TOP",
                                "tables", r"not a plain number: TOP"),
    "end before its start": ("lib/boot/layout.h",
                             r"(#define REAL_STACK_END\t+)\w+", r"\g<1>0x1",
                             "tables", r"ends before it starts: REAL_STACK"),
    "table of an unknown kind": ("docs/errors.md", r"generated: errors",
                                 "generated: mistakes", "tables",
                                 r"docs/errors\.md:\d+: no table mistakes"),
    "struct that is lost": ("docs/boot-protocol.md", r"struct boot_video -->",
                            "struct lost -->", "tables", r"no struct lost in"),
    "marker without an end": ("docs/errors.md", r"(generated: errors) -->",
                              r"\1", "tables", r"a marker without its -->"),
    "table without an end": ("docs/errors.md", r"<!-- end -->\n", "", "tables",
                             r"docs/errors\.md:\d+: a table without <!-- end"),
    "quote without an end": ("docs/tour/06-a20.md", r"<!-- end -->\n", "",
                             "quotes", r"docs/tour/06-a20\.md:\d+: a quote "
                             r"without <!-- end"),
    "quote of what": ("docs/tour/06-a20.md", r'"a20_test:" to', "a20_test to",
                      "quotes", r'not FILE "FROM" \[to\|before "TO"\]'),
    "quote of a lost file": ("docs/tour/06-a20.md", r"quote: stage2/a20\.asm",
                             "quote: stage2/a21.asm", "quotes",
                             r"stage2/a21\.asm is not there"),
    "quote that fits twice": ("docs/tour/06-a20.md", r'"a20_test:" to', '"ret" to',
                              "quotes", r'more than one line starts with "ret"'),
    "quote that does not end": ("docs/tour/06-a20.md",
                                r'"a20_test:" to "ret"',
                                '"a20_test:" before "retf"', "quotes",
                                r'no line starts with "retf" after "a20_test'),
    "chapter that has grown": ("docs/tour/06-a20.md", r"\n## Exercises\n",
                               "\n" + "word " * 900 + "\n\n## Exercises\n",
                               "tables",
                               r"docs/tour\.md:\d+: .*short path takes \d+ min"),
    "chapter with an exercise more": (
        "docs/tour/05-cpu.md", r"\Z", "3. Again.\n", "tables",
        r"docs/tour\.md:\d+: a table is stale"),
    "heading that is no code": ("docs/errors.md", r"\n### 21\n",
                                "\n### 21\n\n### 2A\n", "errors",
                                r"docs/errors\.md: 2A is no code"),
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
    status, said = docs(clean, "check", "build")
    assert status == 0, said
    assert (clean / "build/results/docs.txt").read_text() == said


def test_update_mends_what_is_stale(clean):
    """Each document as it was, and no other file beside it."""
    stale = {"docs/boot-protocol.md": r"^\| `BOOT_INFO_VER.*$",
             "docs/errors.md": "A20 stays closed", "docs/hardware.md": "2/a20",
             "docs/tour/06-a20.md": r"^\tin\t.*$"}
    good = {path: path.read_text() for path in (clean / "docs").rglob("*.md")}
    for name, pattern in stale.items():
        broken = re.sub(pattern, "stale", good[clean / name], flags=re.M)
        assert broken != good[clean / name]
        (clean / name).write_text(broken)
    assert docs(clean, "update") == (
        0, "".join(f"  DOCS    {name}\n" for name in stale))
    assert {path: path.read_text() for path in (clean / "docs").rglob("*.md")
            } == good
    assert docs(clean, "update") == (0, "")
    assert not list(clean.rglob("*.new"))


def test_update_leaves_what_it_cannot_make(clean):
    document = clean / "docs/tour/06-a20.md"
    good = document.read_text()
    broken = good.replace('"a20_test:"', '"a20_look:"', 1)
    document.write_text(broken)
    status, said = docs(clean, "update")
    assert document.read_text() == broken
    document.write_text(good)
    assert status == 1
    assert re.match(r"docs/tour/06-a20\.md:\d+: .*a20_look", said)


def test_usage(clean):
    for command in ([], ["nonsense"], ["check"], ["update", "build"],
                    ["check", "build", "nothing"]):
        status, said = docs(clean, *command)
        assert status == 2
        assert "python3 tools/docs check BUILD" in said
    assert docs(clean, "--help")[0] == 0


def test_no_compiler(clean):
    status, said = docs(clean, "check", "build", HOSTCC="no-such-cc")
    assert status == 1
    assert re.search(r"no compiler to ask, .*no-such-cc.*setup\.sh", said)


def test_path_without_a_build(clean):
    status, said = docs(clean, "path", "none")
    assert status == 1
    assert said.startswith("docs: ") and "run make first" in said


@pytest.mark.parametrize("what", BREAKS)
def test_sees(clean, what):
    name, pattern, becomes, which, words = BREAKS[what]
    good = (clean / name).read_text()
    broken = re.sub(pattern, becomes, good)
    assert broken != good, f"{name} has no {pattern}"
    (clean / name).write_text(broken)
    status, said = docs(clean, "check", "build", which)
    (clean / name).write_text(good)
    assert status == 1
    assert f"not ok docs-{which}" in said
    assert re.search(words, said), said
