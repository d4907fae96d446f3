"""The booklet, as it is printed: read back from the PDF."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PAGES_MAX = 60
MM = 72 / 25.4
# x, y, width, height of the two columns, as in booklet.css
COLUMNS = ((12, 13, 127, 191), (143, 13, 150, 178.5))


def setup(*options, **environment):
    return subprocess.run(["sh", "tools/setup.sh", "--booklet", *options],
                          cwd=ROOT, capture_output=True, text=True,
                          check=False, env={**os.environ, **environment})


@pytest.fixture(scope="module", name="pdf")
def fixture_pdf():
    if setup("--run", "--check").returncode:
        pytest.skip("sh tools/setup.sh --booklet installs what it needs")
    subprocess.run([sys.executable, "-B", "tools/booklet", BUILD,
                    "https://example.org/page.html"], cwd=ROOT, check=True)
    return BUILD / "booklet.pdf"


def column_pages(pdf, box):
    """The text of one column, page by page."""
    x, y, width, height = (str(round(value * MM)) for value in box)
    return subprocess.run(["pdftotext", "-layout", "-x", x, "-y", y, "-W",
                           width, "-H", height, pdf, "-"], check=True,
                          capture_output=True, text=True).stdout.split("\f")


def path_files():
    sys.path.insert(0, str(ROOT / "tools/docs"))
    from reading import sources  # pylint: disable=import-outside-toplevel
    return sources(BUILD)


def printed(pdf, files):
    """{file: its printed lines with their numbers, without blanks}"""
    found = dict.fromkeys(files, "")
    pages = zip(*(column_pages(pdf, box) for box in COLUMNS))
    for column in (column for page in pages for column in page):
        name = None
        for line in column.splitlines():
            bar = re.fullmatch(r"\s*(\S+)( \(goes on\))?", line)
            if bar and bar[1] in found:
                name = bar[1]
            elif name:
                found[name] += re.sub(r"\s", "", line)
    return found


def test_every_line_once(pdf):
    """Each line of the path, with its number, in order, once, as in the tree."""
    files = path_files()
    found = printed(pdf, files)
    for name in files:
        text = (ROOT / name).read_text().rstrip("\n").split("\n")
        assert found[name] == "".join(
            re.sub(r"\s", "", f"{number}{line}")
            for number, line in enumerate(text, 1)), name


def test_pages(pdf):
    """Not too many; each has its number and its link; nothing is cut off."""
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True,
                           capture_output=True, text=True
                           ).stdout.split("\f")[:-1]
    assert len(pages) <= PAGES_MAX
    for number, page in enumerate(pages[2:], 3):
        assert re.search(rf"\b{number} +https://example\.org/page\.html#\S+$",
                         page.rstrip()), number
        assert len(re.findall(r"\S", page)) > 600, f"page {number} is empty"
    assert not re.search(r", page 0\b", "".join(pages))
    text = re.sub(r"\s", "", "".join(
        page for column in zip(*(column_pages(pdf, box) for box in COLUMNS))
        for page in column))
    assert "cutoff:" not in text
    for chapter in sorted((ROOT / "docs/tour").glob("*.md"))[:13]:
        last = chapter.read_text().rstrip().rpartition("\n")[2]
        words = re.sub(r"[\s`*]|\]\(.*?\)|\[", "", last)
        assert words in text, f"the end of {chapter.name} is missing"


def test_what_is_missing_is_named(tmp_path):
    """Without its tools a sentence says which, and how to get them."""
    (tmp_path / "python3").symlink_to(shutil.which("python3"))
    done = subprocess.run([sys.executable, "-B", "-S", "-E", "tools/booklet",
                           BUILD], cwd=ROOT, capture_output=True, text=True,
                          check=False, env={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert re.match(r"booklet: no chromium, no qrencode\b.* here; sh "
                    r"tools/setup\.sh --booklet installs it\n", done.stderr)
