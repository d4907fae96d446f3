"""A debugging session as a picture: what is typed, and what gdb answers.

    BUILD=build python3 tests/boot/debug_picture.py docs/img/debug.svg
"""

import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from harness import guard
from harness.recipe import BUILD
from harness.words import ROOT

START = "AT=long make debug"
TYPED = ["x/4i $pc", "back 2", "x/2i $pc", "pt 0xb8000", "at stage2_main",
         "when-written &page_tables 8"]
SIZE, LEADING, COLUMN, MARGIN = 13, 18, 7.85, 14
STYLE = """
text { font: %dpx ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  fill: #d6d6d6; white-space: pre }
.typed { fill: #ffffff; font-weight: bold }
.here { fill: #8fd3ff }
""" % SIZE


def session():
    """[(line, class)] of the terminal."""
    commands = "".join(f"echo \\n@ {line}\\n\n{line}\n" for line in TYPED)
    with tempfile.TemporaryDirectory() as directory:
        script = pathlib.Path(directory) / "commands"
        script.write_text(commands)
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        output = guard.run(
            ["sh", "tools/debug/debug.sh", BUILD / "firstlight.img", "-batch",
             "-x", script], cwd=ROOT, env={**environment, "AT": "long"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            text=True).stdout
    shown = [(f"$ {START}", "typed")]
    # What stands before: gdb's words about the machine's first instruction.
    stops = output.index("Stops to come")
    first = output[output.rindex("long_mode_start ()", 0, stops):stops]
    shown += [(line, "") for line in first.splitlines()]
    for text in re.split(r"^@ ", output, flags=re.M)[1:]:
        command, *lines = text.rstrip().splitlines()
        shown.append(("", ""))
        shown.append((f"(gdb) {command}", "typed"))
        shown += [(re.sub("^Temporary breakpoint [0-9]+, ", "", line),
                   "here" if line.startswith("=>") else "")
                  for line in lines if line]
    return [(line.expandtabs(8)[:96], kind) for line, kind in shown]


def words(lines):
    """Without the numbers that another build has others of."""
    return [re.sub(r"\b(0x)?[0-9a-fA-F]{2,}\b|[0-9]+", "#", line)
            for line in lines]


def picture(lines):
    width = int(max(len(line) for line, _ in lines) * COLUMN) + 2 * MARGIN
    height = len(lines) * LEADING + 2 * MARGIN
    rows = "\n".join(
        '<text x="{}" y="{}"{}>{}</text>'.format(
            MARGIN, MARGIN + (i + 1) * LEADING - 5,
            f' class="{kind}"' if kind else "", html.escape(line))
        for i, (line, kind) in enumerate(lines) if line)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{height}" viewBox="0 0 {width} {height}">\n'
            f"<style>{STYLE}</style>\n"
            f'<rect width="100%" height="100%" rx="6" fill="#1d1f21"/>\n'
            f"{rows}\n</svg>\n")


def lines_of(svg):
    """The lines of a picture that was made here."""
    return [html.unescape(line) for line in
            re.findall(r"<text [^>]*>(.*)</text>", svg)]


def main():
    pathlib.Path(sys.argv[1]).write_text(picture(session()))


if __name__ == "__main__":
    main()
