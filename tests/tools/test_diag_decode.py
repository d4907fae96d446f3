"""build/diag-decode, as a person uses it."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PAGE = (ROOT / "docs/diagnostics.md").read_text()
CODE = re.search(r"build/diag-decode (FL2-\S+)", PAGE)[1]


def decode(*arguments, **options):
    return subprocess.run([BUILD / "diag-decode", *arguments], text=True,
                          capture_output=True, check=False, **options)


def test_the_documents_example():
    done = decode(CODE)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^drive +80h ", done.stdout, re.MULTILINE)
    assert re.search(r"^low_k +639 ", done.stdout, re.MULTILINE)
    assert max(map(len, done.stdout.split("\n"))) < 80


def test_a_whole_report_by_standard_input():
    done = decode(input=f"it hangs\nThe line is {CODE.lower()}\nthanks\n")
    assert done.returncode == 0
    assert done.stdout == decode(CODE).stdout


def test_wrong_lines():
    for line, words in ((CODE[:-1], "too short"),
                        (CODE[:-1] + "?", "too short"),
                        (CODE.replace("8", "9", 1), "checksum is wrong"),
                        ("hello", "does not begin with FL2")):
        done = decode(line)
        assert (done.returncode, done.stdout) == (1, "")
        assert words in done.stderr


def test_usage():
    assert decode("--help").stdout.startswith("usage: diag-decode CODE")
    assert decode("a", "b").returncode == 2
