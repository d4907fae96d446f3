"""Slides of the tour: its headings, first sentences, pictures and short code.

    python3 tools/booklet/slides.py BUILD    BUILD/slides.html, one file

`make slides` calls it. Nothing is written by hand: a slide for each chapter and
for each of its sections that has something to show.
"""

import base64
import pathlib
import re
import sys

from chapters import MARKDOWN, ROOT, TOUR, escape, links, read

CODE_MAX = 26  # lines that can be read from the last row
LEFT_OUT = ("Exercises", "How others do it")
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<title>Firstlight, slides</title><style>
@page { size: 297mm 167mm; margin: 0; }
body { margin: 0; font: 3.1vh/1.35 sans-serif; color: #111; background: #777; }
section { width: 100vw; height: 100vh; padding: 5vh 6vw; box-sizing: border-box;
 background: #fffefb; overflow: hidden; break-after: page; display: none; }
section.now { display: block; }
@media print { section { display: block; } }
h1 { font-size: 9vh; margin-top: 16vh; } h2 { font-size: 5vh; margin: 0 0 2vh; }
pre, code { font-family: "DejaVu Sans Mono", monospace; } code { font-size: 0.9em; }
pre { font-size: 2.1vh; background: #f1f0ea; padding: 1.5vh; margin: 1vh 0;
 white-space: pre-wrap; }
img { display: block; max-width: 100%; max-height: 56vh; }
table { border-collapse: collapse; font-size: 2.4vh; }
td, th { border: 1px solid #bbb; padding: 0.5vh 1vw; text-align: left; }
a { color: inherit; text-decoration: none; }
</style><body>@SLIDES@<script>
const all = [...document.querySelectorAll("section")];
let now = 0;
const show = (to) => { all[now].classList.remove("now");
 now = Math.max(0, Math.min(all.length - 1, to));
 all[now].classList.add("now"); history.replaceState(null, "", "#" + now); };
onkeydown = (event) => { const step = { ArrowRight: 1, " ": 1, PageDown: 1,
 ArrowLeft: -1, PageUp: -1, Home: -all.length, End: all.length }[event.key];
 if (step) show(now + step); };
onclick = (event) => show(now + (event.clientX < innerWidth / 3 ? -1 : 1));
show(+location.hash.slice(1) || 0);
</script>"""


def embedded(match):
    """A picture's bytes in place of its address."""
    path = pathlib.Path(match[1])
    data = base64.b64encode(path.read_bytes()).decode()
    return f'src="data:{TYPES[path.suffix]};base64,{data}"'


def blocks(text):
    """The paragraphs, code blocks and tables of a section."""
    text = re.sub("<!-- .*? -->\n?", "", text)
    return [block.strip("\n") for block in
            re.findall(r"```.*?^```$|(?:(?!```).+\n?)+", text, re.S | re.M)
            if block.strip() for block in
            ([block] if block.startswith("```") else
             re.split(r"\n\s*\n", block))]


def is_shown(block):
    if block.startswith("```"):
        return block.count("\n") <= CODE_MAX
    return block.startswith("|")


def slide(heading, text):
    """A heading, its first paragraph, and its pictures or what else there is to see."""
    found = [block for block in blocks(text) if block.strip()]
    words = next((block for block in found
                  if re.match(r"[A-Z*`]", block)), "")
    pictures = [block for block in found if block.startswith("![")]
    shown = "\n\n".join(pictures or list(filter(is_shown, found))[:1])
    if not shown:
        return ""
    body = MARKDOWN.render(links(f"{words}\n\n{shown}", ()))
    body = re.sub(r'src="file://([^"]*)"', embedded, body)
    return f"<section><h2>{escape(heading)}</h2>{body}</section>"


def slides():
    found = []
    for path in sorted((ROOT / TOUR).glob("[0-9]*.md")):
        title, *sections = re.split(r"^## ", read(f"{TOUR}/{path.name}"),
                                    flags=re.M)
        title = re.match(r"# (.*)", title)[1]
        found.append(f"<section><h1>{escape(title)}</h1></section>")
        for section in sections:
            heading, _, text = section.partition("\n")
            if heading not in LEFT_OUT:
                found.append(slide(heading, text))
    return "\n".join(filter(None, found))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] == "--help":
        sys.exit(__doc__)
    (pathlib.Path(sys.argv[1]) / "slides.html").write_text(
        PAGE.replace("@SLIDES@", slides()))
