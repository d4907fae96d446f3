"""Checks of the documents: each yields what is wrong, with its place."""

import functools
import os
import re
import subprocess

from citations import ROW
from codes import codes
from document import parts, stale_line
from manuals import numbered
from tree import (CODE, ROOT, TESTS, Wrong, documents, files, find, is_file,
                  lines, read)


def complaints_about(*kinds):
    stale = {"table": "a table is stale", "quote": "the quote is stale",
             "citation": "what cites a row or code is stale"}
    for document in documents():
        for part in parts(document):
            if part.kind not in kinds:
                continue
            if part.wrong:
                yield f"{document}:{part.line}: {part.wrong}"
            elif part.there != part.should:
                yield (f"{document}:{stale_line(part)}: {stale[part.kind]}, "
                       "run make docs")


def check_tables():
    """generated tables and citations are as they should be"""
    return complaints_about("table", "citation")


def check_quotes():
    """quoted code is as it stands in the tree, by pattern"""
    return complaints_about("quote")


def numbered_lines(document):
    return enumerate(lines(document), 1)


def check_names():
    """names_like_this, CAPITAL_NAMES and paths, in backticks, are in the tree"""
    ours = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+|[a-z0-9]+"
                      r"(/[a-z0-9_.-]+)+\.(asm|cc?|h|inc|ld|mjs|mk|sh|py)")
    known = set(files(*CODE, *TESTS))
    for name in files(*CODE, *TESTS):
        known.update(re.findall(r"[A-Za-z0-9_]+", read(name)))
    # Of a range X_ADDR to X_END the documents say X.
    known.update([word[:-len("_ADDR")] for word in known
                  if word.endswith("_ADDR")])
    for document in documents():
        for number, line in numbered_lines(document):
            for word in re.findall(r"`([^` ]+)`", line):
                if ours.fullmatch(word) and word not in known:
                    yield f"{document}:{number}: no {word} in the tree"


@functools.lru_cache(maxsize=None)
def anchors(document):
    """What its headings and <a id=""> can be linked as."""
    text = read(document)
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")
            for heading in headings} | set(re.findall(r'<a id="([^"]*)"', text))


def check_links():
    """relative links lead to a file, and to a heading in it"""
    for document in documents():
        for number, line in numbered_lines(document):
            for link in re.findall(r"\]\(([^) ]*)\)", line):
                if re.match(r"[a-z]*:", link):
                    continue
                name, _, heading = link.partition("#")
                target = document
                if name:
                    target = os.path.normpath(
                        os.path.join(os.path.dirname(document), name))
                if not (ROOT / target).exists():
                    yield f"{document}:{number}: {link} is not there"
                elif heading and heading not in anchors(target):
                    yield f"{document}:{number}: no heading for {link}"


def make_targets():
    # Make ends with 1 here: nothing is up to date, nothing is made.
    listed = subprocess.run([os.environ.get("MAKE") or "make", "-pnq"],
                            cwd=ROOT, capture_output=True, text=True,
                            check=False).stdout
    return set(" ".join(re.findall(r"^([a-z][a-z0-9_ -]*):", listed,
                                   re.M)).split())


def check_commands():
    """`make TARGET` names a target of the Makefile"""
    targets = make_targets()
    for document in documents():
        for number, line in numbered_lines(document):
            for target in re.findall(r"(?:^|`|&& )make ([a-z][a-z0-9-]*)",
                                     line):
                if target not in targets:
                    yield (f"{document}:{number}: no target for "
                           f"make {target}")


def check_hardware():
    """docs/hardware.md and the HW-n in the sources agree"""
    rows = re.findall(rf"^\| ({ROW}) \| .*? \| .*? \| (.*) \|$",
                      read("docs/hardware.md"), re.M)
    for row, cells in rows:
        for name in re.findall(r"`([^`]*)`", cells):
            if not is_file(name) or not re.search(rf"{row}(?![0-9])",
                                                  read(name)):
                yield f"docs/hardware.md: {name} does not cite {row}"
    for row, names in find(ROW, *CODE, *TESTS).items():
        if row not in dict(rows):
            yield f"docs/hardware.md: no row for {row}, which {names[0]} cites"


def check_errors():
    """docs/errors.md, lib/boot/errors.h and the tests agree"""
    document = "docs/errors.md"
    table, *sections = re.split(r"^### ", read(document), flags=re.M)
    sections = dict(section.split("\n", 1) for section in sections)
    rows = [line.replace("\\|", "|") for line in table.splitlines()]
    known = {code.code for code in codes()}
    for code, name, words, *_ in codes():
        if not any(f"| `{code}` |" in row and f"| `{name}` |" in row and
                   words in row for row in rows):
            yield f"{document}: no row '{code}' with the words of {name}"
        if code not in sections:
            yield f"{document}: no '### {code}'"
            continue
        for word in ("Says", "Cause", "Try", "Tests"):
            if not re.search(rf"^{word}: (?!-$)", sections[code], re.M):
                yield f"{document}: {code} has no '{word}:'"
        tests = re.search(r"^Tests: (.*)$", sections[code], re.M)
        for test in re.findall(r"`([^`]*)`", tests[1] if tests else ""):
            if not is_file(test) or not re.search(rf"\b{name}\b", read(test)):
                yield f"{document}: {test} does not name {name}"
    for heading in sections:
        if heading not in known:
            yield f"{document}: {heading} is no code"


def check_citations():
    """manuals are cited by title (docs/sources.md), not by a number"""
    for name in sorted({*documents(), *files(*CODE, *TESTS)}):
        for number, text in numbered(read(name)):
            yield (f"{name}:{number}: {text}: cite the title, see "
                   "docs/sources.md")


CHECKS = {function.__name__[len("check_"):]: function for function in (
    check_tables, check_quotes, check_names, check_links, check_commands,
    check_hardware, check_errors, check_citations)}


def complaints(check):
    """All that a check finds, as a list."""
    try:
        return list(dict.fromkeys(CHECKS[check]()))
    except Wrong as wrong:
        return [str(wrong)]
