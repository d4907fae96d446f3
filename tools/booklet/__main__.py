"""The booklet: the sources from LBA 0 to kmain beside the tour's prose.

    python3 tools/booklet BUILD [PAGE_URL]    BUILD/booklet.pdf

`make booklet` calls it. PAGE_URL is where build/page.html is published: the
links and QR codes lead there. Environment: NM.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import quote

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HERE = pathlib.Path(__file__).resolve().parent
COVER = (("modes.svg", "In which mode the CPU is, step by step"),
         ("boot.png", "What the screen shows in the end"),
         ("memory.svg", "What lies where, and when"))


def missing():
    """Names of what is not here."""
    found = [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    found += [name for name in ("qrencode",) if not shutil.which(name)]
    for name in ("pygments", "markdown_it"):
        try:
            __import__(name)
        except ImportError:
            found.append(name)
    return found


def code(url):
    """A QR code, as an address of a picture."""
    svg = subprocess.run(["qrencode", "-t", "SVG", "-m", "0", "--rle", "-o",
                          "-", url], check=True, capture_output=True).stdout
    return "data:image/svg+xml," + quote(svg)


def source(name, coloured):
    """A file as <p>s, one for each line, in a <div>."""
    from chapters import escape, read, reached
    labels = reached(name)
    rows = "".join(
        f'<p id="{name}:{number}"' +
        (f' data-at="#at={labels[number]}"' if number in labels else "") +
        f"><b>{number}</b>{line.expandtabs(8) if '<' not in line else line}</p>"
        for number, line in enumerate(
            coloured(name, read(name).expandtabs(8)).rstrip("\n").split("\n"),
            1))
    return f'<div data-name="{escape(name)}">{rows}</div>'


def document(path, url):
    """The booklet as HTML; layout.js makes pages of it."""
    from chapters import ROOT, chapters, escape, prose, reached
    sys.path.insert(0, str(ROOT / "tools/page"))
    from pack import coloured
    parts, places = [], {"#step=0"}
    for chapter in chapters(path):
        files = "".join(source(name, coloured) for name in chapter.files)
        places.add(chapter.at or "#step=0")
        parts.append(
            f'<section id="chapter-{chapter.number}" data-at="'
            f'{chapter.at or "#step=0"}"><h1>{chapter.number}. '
            f'{escape(chapter.title)}</h1><div class="source">{files}</div>'
            f'<div class="prose">{prose(chapter, path)}</div></section>')
    places |= {f"#at={label}" for name in path for label in
               reached(name).values()}
    codes = "".join(f'<img class="code" data-url="{escape(url + place)}" '
                    f'data-at="{place}" src="{code(url + place)}">'
                    for place in sorted(places))
    pictures = "".join(
        f'<figure><img src="{(ROOT / "docs/img" / name).as_uri()}">'
        f"<figcaption>{words}</figcaption></figure>" for name, words in COVER)
    text = (HERE / "booklet.html").read_text()
    for word, value in (("VERSION", (ROOT / "VERSION").read_text().strip()),
                        ("URL", escape(url)), ("PICTURES", pictures),
                        ("STYLE", (HERE / "booklet.css").read_text()),
                        ("LAYOUT", (HERE / "layout.js").read_text()),
                        ("CODES", codes), ("CHAPTERS", "\n".join(parts))):
        text = text.replace(f"@{word}@", value)
    return text


def print_pdf(page, pdf):
    """Chromium, with a profile that is removed afterwards."""
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-background-networking",
             "--allow-file-access-from-files", f"--user-data-dir={profile}",
             "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri()],
            capture_output=True, text=True, check=False)
    if done.returncode or not pdf.exists():
        sys.exit(f"booklet: {browser} printed nothing:\n{done.stderr[-2000:]}")


def main(build, url="page.html"):
    lacking = missing()
    if lacking:
        sys.exit(f"booklet: no {', no '.join(lacking)} here; "
                 "sh tools/setup.sh --booklet installs it")
    from chapters import Wrong
    from reading import sources
    build = pathlib.Path(build).resolve()
    try:
        text = document(sources(build), url)
    except Wrong as wrong:
        sys.exit(f"booklet: {wrong}")
    page, pdf = build / "booklet.html", build / "booklet.pdf"
    page.write_text(text)
    pdf.unlink(missing_ok=True)
    print_pdf(page, pdf)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] == "--help":
        sys.exit(__doc__)
    os.environ.setdefault("TZ", "UTC")
    main(*sys.argv[1:])
