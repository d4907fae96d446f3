"""A document in parts, each as it stands there and as it should be."""

import collections
import re

import quotes
import tables
from citations import FILLED, Citations
from tree import Wrong, lines

# `line`: of its first line. `kind`: "table", "quote", or "citation" for all
# lines outside of these. `wrong`: why it can't be made; `should` is then what
# stands there.
Part = collections.namedtuple("Part", "line kind there should wrong")

MARKER = re.compile(r"<!-- (generated|quote): (.*)$")
END = "<!-- end -->"
MAKERS = {"generated": ("table", tables.make), "quote": ("quote", quotes.make)}


def parts(document):
    """Yields all parts of a document, in order."""
    text, citations, at = lines(document), None, 0
    try:
        if document in FILLED:
            citations = Citations()
    except Wrong as wrong:
        yield Part(1, "citation", [], [], str(wrong))
    while at < len(text):
        should = citations.filled(text[at]) if citations else text[at]
        yield Part(at + 1, "citation", [text[at]], [should], None)
        marker = MARKER.match(text[at])
        at += 1
        if marker:
            part = made_part(document, text, at, marker)
            yield part
            at += len(part.there)


def made_part(document, text, start, marker):
    """What stands between a marker and its end."""
    kind, make = MAKERS[marker[1]]
    stop = start
    while (stop < len(text) and text[stop] != END and
           not MARKER.match(text[stop])):
        stop += 1
    there = text[start:stop]
    if stop == len(text) or text[stop] != END:
        return Part(start, kind, there, there, f"a {kind} without {END}")
    words, closed, _ = marker[2].partition(" -->")
    try:
        if not closed:
            raise Wrong("a marker without its -->")
        return Part(start + 1, kind, there, make(words, document), None)
    except Wrong as wrong:
        return Part(start, kind, there, there, str(wrong))


def stale_line(part):
    """The first line of the document that is not as it should be."""
    same = 0
    for there, should in zip(part.there, part.should):
        if there != should:
            break
        same += 1
    return part.line + same
