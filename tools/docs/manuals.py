"""Citations of the manuals: by a title, which the next edition still has."""

import re

MANUAL = re.compile(r"(?:SDM|APM|ACPI)[ ,]")
# A citation ends with its bracket, comment or sentence.
END = re.compile(r"\)|\*/|;|[.:] |\.$")
# Of a section, a table or a figure. "ACPI 3.0" is a version.
NUMBER = re.compile(r"[0-9A-E]\.[0-9]+\.[0-9]|[^0-9][1-9][0-9]\.[0-9]|"
                    r"(chapter|section|table|figure)s? [0-9]|"
                    r"^(SDM|APM).*[0-9A-E]\.[0-9]")


def numbered(text):
    """Yields (line, citation) for each that has a number; it may go on in the
    next line, behind the comment's mark there."""
    if not MANUAL.search(text + " "):
        return
    lines = [line.lstrip(" \t*;#") for line in text.splitlines()]
    for i, (line, following) in enumerate(zip(lines, [*lines[1:], ""])):
        for match in MANUAL.finditer(f"{line} {following}"):
            if match.start() >= len(line):
                break
            citation = match.string[match.start():]
            end = END.search(citation)
            citation = citation[:end.start() + 1] if end else citation
            if NUMBER.search(citation):
                yield i + 1, citation
