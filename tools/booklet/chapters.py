"""The tour's chapters as HTML, and which sources belong to which.

A file of the path belongs to the first chapter that quotes some lines of it;
one that no chapter quotes, to the chapter of the file before it.
"""

import collections
import html
import os
import pathlib
import re
import sys

from markdown_it import MarkdownIt

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/docs"))
import quotes  # noqa: E402
from tree import Wrong, lines, read  # noqa: E402

TOUR = "docs/tour"
HEAD = 8  # lines at most, of what shows a file but does not explain it
QUOTE = re.compile(r"<!-- quote: (.*?) -->\n.*?<!-- end -->", re.S)
MARKDOWN = MarkdownIt("commonmark").enable("table")

# `at`: the label where the page shows it. `files`: sources, in reading order.
Chapter = collections.namedtuple("Chapter", "number title text at files")


def chapters(path):
    """All chapters up to the one where the path ends."""
    found = []
    for document in sorted((ROOT / TOUR).glob("[0-9]*.md")):
        text = read(f"{TOUR}/{document.name}")
        number, title = re.match(r"# (\d+)\. (.*)", text).groups()
        at = re.search(r"^See it: .* at `(#\S+)`", text, re.M)
        found.append(Chapter(int(number), title, text, at and at[1], []))
    chapter = found[0]
    for name in path:
        chapter = home(name, found) or chapter
        chapter.files.append(name)
    for chapter in found:
        chapter.files.sort(key=lambda name: first_quote(name, chapter))
    last = max(chapter.number for chapter in found if chapter.files)
    return found[:last + 1]


def quoted(chapter):
    return [quotes.place(words) for words in QUOTE.findall(chapter.text)]


def home(name, all_chapters):
    """The first chapter that quotes more of a file than a head; else the first
    that quotes any of it, or None."""
    counts = [sum(last - first + 1 for file, first, last in quoted(chapter)
                  if file == name) for chapter in all_chapters]
    return next((chapter for least in (HEAD + 1, 1) for chapter, count
                 in zip(all_chapters, counts) if count >= least), None)


def first_quote(name, chapter):
    """Its place among the chapter's quotes; those without one come last."""
    files = [file for file, *_ in quoted(chapter)]
    return files.index(name) if name in files else len(files)


def reached(name):
    """{line: label} of those that the tour's tests see a boot come to."""
    wanted = {label for path in (ROOT / TOUR).glob("*.md") for label in
              re.findall(r"<!-- machine: (\S+) -->", path.read_text())}
    found, last = {}, ""
    for number, line in enumerate(lines(name), 1):
        label = re.match(r"(\.?)(\w+):", line)
        if not label or not name.endswith(".asm"):
            continue
        last = last if label[1] else label[2]
        whole = f"{last}.{label[2]}" if label[1] else last
        if whole in wanted:
            found[number] = whole
    return found


# ---- Prose -----------------------------------------------------------------


def prose(chapter, path):
    """A chapter's text as HTML. A quote of a file that the booklet holds
    becomes a reference to its lines, which stand beside it."""
    body = chapter.text.split("\n", 2)[2]
    body = re.sub(r"^(\[.*\]\(.*\) \| .*|\[The tour\].*|See it: .*)\n", "",
                  body, flags=re.M)

    def refer(match):
        name, first, last = quotes.place(match[1])
        if name in path:
            return (f'<p class="ref"><a href="#{name}:{first}">{name}, lines '
                    f"{first}–{last}</a></p>")
        code = "\n".join(lines(name)[first - 1:last])
        return f"`{name}`:\n\n```\n{code}\n```"

    return MARKDOWN.render(links(re.sub(
        "<!-- .*? -->", "", QUOTE.sub(refer, body)), path))


def links(text, path):
    """Links into the booklet stay; of others the words; pictures by path."""
    def changed(match):
        mark, words, target = match.groups()
        name = os.path.normpath(os.path.join(TOUR, target.partition("#")[0]))
        number = re.match(rf"{TOUR}/(\d+)-", name)
        if mark:
            return f'<img src="{(ROOT / name).as_uri()}">'
        if name in path:
            return f"[{words}](<#{name}:1>)"
        return f"[{words}](#chapter-{int(number[1])})" if number else words
    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]*)\)", changed, text)


def escape(text):
    return html.escape(text, quote=True)


__all__ = ["ROOT", "TOUR", "Wrong", "chapters", "escape", "links", "lines",
           "prose", "reached", "read"]
