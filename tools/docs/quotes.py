"""Quotes: a document never holds code that somebody pasted.

It says what it quotes,

    <!-- quote: stage2/a20.asm "a20_test:" to "ret" -->
    <!-- end -->

and what stands between the two lines is made from the file: the lines from
the one that starts with the first pattern to the next that starts with the
second, that one included. With "before" instead of "to" it is left out; with
one pattern alone the quote is one line. Blanks before a line's text do not
count, but a pattern "^}" wants its text in the first column; a pattern that
ends in a word wants the whole word. The first pattern must fit one line of the
file and no other: a routine that was renamed or moved away makes this fail.
"""

import os
import re

from tree import Wrong, is_file, lines

LANGUAGES = {"asm": "nasm", "inc": "nasm", "c": "c", "h": "c", "sh": "sh",
             "py": "python", "mk": "make", "ld": "ld"}


def make(words, document):
    """The lines of the quote that a marker asks for."""
    name, first, last = place(words)
    link = os.path.relpath(name, os.path.dirname(document))
    language = LANGUAGES.get(name.rpartition(".")[2], "")
    return ["", f"[{name}]({link}):", "", f"```{language}",
            *lines(name)[first - 1:last], "```", ""]


def place(words):
    """(file, first line, last line) that a marker asks for."""
    match = re.fullmatch(r'(\S+) "([^"]*)"(?: (to|before) "([^"]*)")?', words)
    if not match:
        raise Wrong('not FILE "FROM" [to|before "TO"]')
    name, start, how, end = match.groups()
    if not is_file(name):
        raise Wrong(f"{name} is not there")
    text = lines(name)
    starts = [i for i, line in enumerate(text) if fits(line, start)]
    if not starts:
        raise Wrong(f'{name}: no line starts with "{start}"')
    if len(starts) > 1:
        raise Wrong(f'{name}: more than one line starts with "{start}"')
    first = starts[0]
    if not how:
        return name, first + 1, first + 1
    for last in range(first + 1, len(text)):
        if fits(text[last], end):
            break
    else:
        raise Wrong(f'{name}: no line starts with "{end}" after "{start}"')
    last += how == "to"
    while not text[last - 1]:
        last -= 1
    return name, first + 1, last


def fits(line, pattern):
    if pattern.startswith("^"):
        pattern = pattern[1:]
    else:
        line = line.lstrip(" \t")
    behind = line[len(pattern):]
    return line.startswith(pattern) and not (
        re.search(r"\w$", pattern) and re.match(r"\w", behind))
