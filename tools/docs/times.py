"""How long the tour's chapters take, counted from their text.

For `generated: times 1 2.2 6`, which names the chapters and the exercises of
the short path.
"""

import re

import quotes
from tree import ROOT, Wrong, read

WORDS, LINES = 150, 15  # that are read in a minute: of prose, of code
EXERCISE = 8  # minutes
SHORT_MOST = 90  # minutes
QUOTE = re.compile(r"<!-- quote: (.*?) -->\n(.*?)<!-- end -->", re.S)
BLOCK = re.compile(r"^```.*?^```$", re.S | re.M)


def chapters():
    """{number: its text}"""
    return {int(path.name[:2]): read(f"docs/tour/{path.name}")
            for path in sorted((ROOT / "docs/tour").glob("[0-9]*.md"))}


def quoted_lines(text):
    """As the files have them: the document may not be up to date yet. A quote
    that cannot be made, which is said elsewhere, counts as it stands there."""
    count = 0
    for words, there in QUOTE.findall(text):
        try:
            _, first, last = quotes.place(words)
            count += last - first + 1
        except Wrong:
            count += sum(block.count("\n") - 1
                         for block in BLOCK.findall(there))
    return count


def reading(text):
    """Minutes for all but the exercises."""
    text = text.partition("\n## Exercises\n")[0]
    prose = QUOTE.sub("", text)
    drawn = sum(block.count("\n") - 1 for block in BLOCK.findall(prose))
    words = len(re.findall(r"\w\S*", BLOCK.sub("", prose)))
    return round(words / WORDS + (quoted_lines(text) + drawn) / LINES)


def exercises(text):
    return len(re.findall(r"^\d+\. ", text.partition("\n## Exercises\n")[2],
                          re.M))


def short_path(names):
    """(chapters, exercises) that the marker names, and their minutes."""
    chosen = [int(name) for name in names if "." not in name]
    done = [name for name in names if "." in name]
    text = chapters()
    minutes = sum(reading(text[number]) for number in chosen)
    return chosen, done, minutes + EXERCISE * len(done)


def times(names):
    """The rows of the table, and a sentence on the short path."""
    chosen, done, minutes = short_path(names.split())
    if minutes > SHORT_MOST:
        raise Wrong(f"the short path takes {minutes} minutes, "
                    f"{SHORT_MOST} at most")
    rows = [(str(number), str(reading(text)), str(EXERCISE * exercises(text)),
             "yes" if number in chosen else "")
            for number, text in chapters().items()]
    return rows, (f"The short path: {minutes} minutes, with the exercises "
                  f"{', '.join(done)}.")
