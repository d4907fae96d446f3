"""The kernel's rooms: which files need which, by what they include and by the
symbols that their objects take from each other."""

import collections
import functools
import pathlib
import re
import subprocess

import pytest

from conftest import BUILD, ROOT

OBJECTS = BUILD / "kernel"

# What the panic page is made of, beside its own room and lib/.
PANIC_MAY_USE = re.compile(
    r"kernel/cpu/|kernel/device/(serial|serial_receive|vga)$|kernel/symbols$")
# What the compiler calls where it sees fit.
COMPILERS = ("__stack_chk_", "__ubsan_")
SMALL = 45  # lines
SMALL_FILES_MAX = 25
# Headers: no object of their own.
PANIC_MAY_INCLUDE = re.compile(
    r"kernel/(panic|cpu)/|"
    r"kernel/device/(serial|uart|vga|emulator)\.h$|"
    r"kernel/symbols\.h$")


def stem(path):
    return re.sub(r"\.\w+$", "", str(path))


def sources():
    """Files of kernel/, from the root on."""
    return [path.relative_to(ROOT) for path in
            sorted((ROOT / "kernel").rglob("*.[ch]"))]


def includes(path):
    text = (ROOT / path).read_text()
    return re.findall(r'^#include "(kernel/[^"]+)"', text, re.MULTILINE)


@functools.cache
def symbols():
    """{stem: (symbols that it defines, symbols that it takes)}"""
    found = collections.defaultdict(lambda: (set(), set()))
    # Sources that are gone may have left objects.
    objects = [path for path in sorted(OBJECTS.rglob("*.o")) if any(
        (ROOT / f"{stem(path.relative_to(OBJECTS))}.{ending}").exists()
        for ending in ("c", "asm"))]
    listed = subprocess.run(["nm", "-g", "-A", *objects], text=True,
                            capture_output=True, check=True).stdout
    for line in listed.splitlines():
        path, _, symbol = line.partition(":")
        kind, name = symbol.split()[-2:]
        if name.startswith(COMPILERS):
            continue
        found[stem(pathlib.Path(path).relative_to(OBJECTS))][
            kind in "Uw"].add(name)
    return found


def needs_by_symbols(but=()):
    """{stem: stems whose symbols its object takes}"""
    found = symbols()
    home = {name: path for path, (defined, _) in found.items()
            for name in defined if name not in but}
    return {path: {home[name] for name in taken if name in home} - {path}
            for path, (_, taken) in found.items()}


def needs_by_includes():
    needs = collections.defaultdict(set)
    for path in sources():
        needs[stem(path)] |= {stem(other) for other in includes(path)}
        needs[stem(path)].discard(stem(path))
    return needs


def circles(needs):
    """Sets of files of which each needs each, directly or not: Tarjan's."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in needs.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            found.append(set(stack[at:]))
            del stack[at:]

    for node in list(needs):
        if node not in index:
            visit(node)
    return [circle for circle in found if len(circle) > 1]


@pytest.fixture(scope="module", autouse=True)
def kernel():
    if not list(OBJECTS.rglob("*.o")):
        pytest.skip("make has not built the kernel")


def is_c(path):
    return (ROOT / f"{path}.c").exists()


def test_circles_by_includes_and_calls():
    """Interrupts that have no handler end in a panic, and a panic loads the
    tables of interrupts anew: two halves. No other circle is larger."""
    needs = needs_by_includes()
    # panic() is for everybody.
    for path, others in needs_by_symbols(but=["panic_at"]).items():
        if path.startswith("kernel/") and is_c(path):
            needs[path] |= {other for other in others
                            if other.startswith("kernel/") and is_c(other)}
    found = circles(needs)
    assert max((len(circle) for circle in found), default=0) <= 2, found
    assert {"kernel/cpu/interrupt", "kernel/panic/panic"} in found


def test_circles_by_symbols():
    found = circles(needs_by_symbols(but=["panic_at"]))
    assert max((len(circle) for circle in found), default=0) <= 5, found


def test_panic_asks_nobody():
    for path, others in needs_by_symbols().items():
        if not path.startswith("kernel/panic/"):
            continue
        for other in others:
            assert other.startswith(("kernel/panic/", "lib/")) or \
                PANIC_MAY_USE.match(other), f"{path} takes from {other}"
    for path in sources():
        if not str(path).startswith("kernel/panic/"):
            continue
        for other in includes(path):
            assert PANIC_MAY_INCLUDE.match(other), f"{path} includes {other}"


def test_who_tells_the_panic_page_is_documented():
    """In a row with the name and the files, of docs/architecture.md."""
    told = set()
    for path in sources():
        if str(path).startswith(("kernel/panic/", "kernel/fault/",
                                 "kernel/sanitize/", "kernel/test/")):
            continue
        for name in re.findall(r"^(?:PANIC_(?:ROW|RANGES|ADDRESS|STOP)"
                               r"|\tpanic_tell_\w+)\(\w*",
                               (ROOT / path).read_text(), re.MULTILINE):
            name = name.strip()
            told.add((name + ")" if name[0] == "P" else
                      name.split("(")[0] + "()", str(path)))
    documented = set()
    for line in (ROOT / "docs/architecture.md").read_text().splitlines():
        if line.startswith("|") and re.search(r"`(PANIC_|panic_tell_)", line):
            names = re.findall(r"`((?:PANIC_|panic_tell_)\w+\(\w*\))`", line)
            files = re.findall(r"\[(kernel/[\w./]+)\]", line)
            documented |= {(name, path) for name in names for path in files}
    assert told and told <= documented, told - documented
    for name, path in documented:
        if not path.startswith(("kernel/panic/", "kernel/fault/",
                                "kernel/sanitize/")):
            assert name in {one for one, _ in told}, name
            assert path in {one for _, one in told}, path


def test_files_are_no_sheets():
    """A file is one concept, and a concept is rarely shorter than a screen:
    what a reader needs together stands together."""
    files = [path for path in (ROOT / "kernel").rglob("*")
             if path.suffix in (".c", ".h", ".asm", ".inc")]
    small = [str(path.relative_to(ROOT)) for path in files
             if len(path.read_text().splitlines()) < SMALL]
    assert len(small) <= SMALL_FILES_MAX, sorted(small)


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == \
        [{"a", "b", "c"}]


def test_sizes_are_told():
    """docs/architecture.md says how large parts are, to a tenth."""
    rows = re.findall(r"^\| [\w ]+ \| ([\d,]+) \| `(wc -l [^`]+)` \|$",
                      (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    assert len(rows) == 4
    for told, command in rows:
        counted = subprocess.run(command, shell=True, cwd=ROOT, text=True,
                                 check=True, stdout=subprocess.PIPE)
        lines = int(counted.stdout.split()[-2])
        assert abs(int(told.replace(",", "")) - lines) <= lines / 10, command
