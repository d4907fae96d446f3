"""tools/explain-panic.sh: from a panic page to lines of the source."""

import os
import re
import subprocess

import pytest

from conftest import ROOT

SOURCE = "kernel/symbols.c"
LINE = (ROOT / SOURCE).read_text().splitlines().index("{") + 1
PAGE = f"""firstlight: ready

KERNEL PANIC in symbols_cover() at {SOURCE}:{LINE}
what happened

rax 0000000000000000   rbx 0000000000000000   rcx  0000000000000000
#0  1008a1 symbols_cover() at {SOURCE}:{LINE}
--- interrupted by #PF page fault, vector 14 ---
#1  1008a9 kmain() at {SOURCE}:{LINE + 2}
#2  4141414141414141 is not the kernel's code
The machine is stopped. Build 0, up 1 ticks.
"""


def explain(text, image=ROOT / "README.md", **variables):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("COLOR", "NO_COLOR")}
    done = subprocess.run(["sh", "tools/explain-panic.sh", image], cwd=ROOT,
                          input=text, text=True, capture_output=True,
                          env={**environment, **variables}, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def old(tmp_path):
    """An image that is older than any source."""
    path = tmp_path / "old.img"
    path.touch()
    os.utime(path, (0, 0))
    return path


def young(tmp_path):
    path = tmp_path / "young.img"
    path.touch()
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_around_and_calls(end, tmp_path):
    source = (ROOT / SOURCE).read_text().splitlines()
    told = explain(PAGE.replace("\n", end), young(tmp_path)).splitlines()
    assert told[:2] == ["", f"The kernel panicked in symbols_cover() at {SOURCE}:"
                            f"{LINE}"]
    shown = [re.fullmatch(r"([> ]) +(\d+)  (.*)", line)
             for line in told[2:9]]
    assert [int(line[2]) for line in shown] == \
        list(range(LINE - 3, LINE + 4))
    assert [line[3] for line in shown] == source[LINE - 4:LINE + 3]
    assert [line[1] for line in shown] == list("   >   ")
    assert told[9:] == [
        "  --- interrupted by #PF page fault, vector 14 ---",
        f"  called from kmain() at {SOURCE}:{LINE + 2}",
        "         " + source[LINE + 1].strip(),
        "  called from 4141414141414141 is not the kernel's code", ""]


def test_the_same_line_under_another_name(tmp_path):
    """A function that the compiler put into its caller."""
    told = explain(PAGE.replace("1008a1 symbols_cover", "1008a1 caller"),
                   young(tmp_path))
    assert told == explain(PAGE, young(tmp_path))


def test_steps_that_found_the_fault(tmp_path):
    """They are not among the callers."""
    step = f"#0  1008a1 symbols_cover() at {SOURCE}:{LINE}\n"
    finder = f"#0  1008a0 check() at {SOURCE}:{LINE}1\n"
    assert explain(PAGE.replace(step, finder + step), young(tmp_path)) == \
        explain(PAGE, young(tmp_path))
    # Where the place is not among the steps, all are shown.
    assert "called from check()" in \
        explain(PAGE.replace(step, finder), young(tmp_path))


def test_backslashes_of_the_source(tmp_path):
    file = "kernel/report.c"
    lines = (ROOT / file).read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "\\n" in line)
    told = explain(PAGE.replace(f"{SOURCE}:{LINE + 2}", f"{file}:{number}"),
                   young(tmp_path))
    assert "         " + lines[number - 1].strip() in told.splitlines()


def test_nothing_without_a_panic():
    assert explain("firstlight: ready\n#1 of a list\nThe end\n") == ""


def test_a_page_that_does_not_end():
    told = explain(PAGE[:PAGE.index("--- ")])
    assert "The kernel panicked in symbols_cover()" in told


def test_several_pages(tmp_path):
    assert explain(PAGE * 3, young(tmp_path)) == \
        explain(PAGE, young(tmp_path)) * 3


def test_colors_when_they_are_wanted(tmp_path):
    plain = explain(PAGE, young(tmp_path))
    colored = explain(PAGE, young(tmp_path), COLOR="always")
    assert "\033" not in plain
    assert re.search(r"\033\[1;31m> +\d+  \{\033\[0m", colored)
    assert re.sub(r"\033\[[0-9;]*m", "", colored) == plain
    assert "\033" not in explain(PAGE, COLOR="always", NO_COLOR="1")


def test_a_source_that_has_changed_since(tmp_path):
    image = old(tmp_path)
    assert f"{SOURCE} has changed since {image} was made." in \
        explain(PAGE, image)
    assert "has changed" not in explain(PAGE, young(tmp_path))


@pytest.mark.parametrize("name", ["/etc/passwd", "../../etc/passwd",
                                  "kernel/../../x", "kernel", "none.c",
                                  "$(touch x)", "a b", "`id`", "-n"])
def test_the_guest_does_not_choose_files(name):
    told = explain(PAGE.replace(SOURCE, name))
    assert "The kernel panicked in " in told
    assert "root:" not in told
    assert "leave" not in told.replace("symbols_cover", "")


def test_no_place():
    assert "The kernel panicked in 0x1234\n" in \
        explain("KERNEL PANIC in 0x1234\nThe machine is stopped.\n")
