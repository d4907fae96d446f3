"""The monitor's line: editing, history, completion, and typing far ahead."""

import re

import pytest

from booting import boot
from monitor_session import PROMPT, Serial, many_lines

UP, DOWN, LEFT = "\x1b[A", "\x1b[B", "\x1b[D"
HOME, END, DELETE = "\x1b[H", "\x1b[F", "\x1b[3~"


@pytest.fixture(scope="module")
def monitor(tmp_path_factory):
    """One machine for all tests that leave it as it was."""
    with boot(tmp_path_factory.mktemp("monitor"), "") as qemu:
        yield Serial(qemu)


def test_editing(monitor):
    answer = monitor.ask("help map")
    monitor.press("elp" + HOME + "h" + END + " mab" + LEFT + DELETE)
    assert monitor.ask("p") == answer
    monitor.press("nonsense\x15hexx\x7f\x7flp  nonsense \x17")
    assert monitor.ask("map") == answer


def test_history(monitor):
    answer = monitor.ask("help map")
    monitor.ask("help cpu")
    assert monitor.ask(UP + UP) == answer
    assert monitor.ask(UP + UP + DOWN + UP) == monitor.ask("help cpu")


def test_completion(monitor):
    start = len(monitor.channel.text)
    monitor.press("pa\t")
    monitor.machine.wait(lambda: re.search(
        r"^pa\npagewalk  panic\n> pa$", monitor.channel.text[start:]))
    monitor.press("g\t")
    monitor.machine.wait(lambda: monitor.channel.text.endswith(
        "> pagewalk "))
    assert monitor.ask("\x15hel\tma\t") == monitor.ask("help map")
    # Groups, and "all", behind the commands.
    assert monitor.ask("help proc\t") == monitor.ask("help processor")
    assert monitor.ask("help all\t") == monitor.ask("help all")


def test_ctrl_c_abandons_the_line(monitor):
    start = len(monitor.channel.text)
    monitor.press("panic")
    monitor.machine.wait_text(r"^> panic\Z")
    monitor.press("\x03")
    assert monitor.wait_prompt(start) == "panic^C\n" + PROMPT


def test_ctrl_c_stops_a_command(monitor):
    start = len(monitor.channel.text)
    # Two megabytes of text: more than fits between the guest and us.
    monitor.press("x/65536g 0x200000\r")
    monitor.machine.wait_text(r"^000000200100 ")
    monitor.press("help gdt\r\x03")
    monitor.machine.wait(lambda: monitor.channel.text.endswith(
        "\n> ^C\n" + PROMPT))
    assert "00000027fff0" not in monitor.channel.text[start:]
    # What was typed ahead is thrown away.
    assert "help gdt" not in monitor.channel.text[start:]


def test_ctrl_l_clears(monitor):
    monitor.ask("help")
    monitor.press("abc\x0c")
    screen = monitor.machine.wait_screen(r"\A> abc\Z")
    assert screen.find("> abc") == (0, 0)
    assert monitor.channel.text.endswith("\x1b[H\x1b[2J> abc")
    monitor.ask("\x15")


def test_long_lines_do_not_leave_their_row(monitor):
    monitor.ask("")
    monitor.press("\x0c" + "0123456789" * 30)
    monitor.machine.wait_screen(r"^> .*0123\?$")
    assert monitor.ask("\x15") == []


def test_a_line_that_is_too_long_is_not_run(monitor):
    """Its beginning is a command, and not the one that was typed."""
    answer = monitor.ask("help map" + " " * 246)
    assert answer == monitor.ask("help map")
    torn = monitor.ask("help map" + " " * 247)
    assert torn == ["not run: at the '?' characters were lost, or more than "
                    "254 were typed"]
    # Who has seen it may mend it.
    assert monitor.ask(UP + "\x7f") == answer


@pytest.mark.parametrize("answer", [
    "\x1b]11;rgb:0/0/0\x07", "\x1bP1$r0m\x1b\\", "\x1b[?1;2c", "\x1b[M !!",
])
def test_what_a_terminal_answers_is_not_typed(answer, monitor):
    """It may have been asked by whatever ran before us."""
    start = len(monitor.channel.text)
    assert monitor.ask(f"help{answer} map") == monitor.ask("help map")
    assert monitor.channel.text[start:].startswith("help map\n")


def test_an_answer_without_an_end(monitor):
    """It swallows the rest of a line, which is not run then, and no more."""
    start = len(monitor.channel.text)
    monitor.press("help map\x1b]11;poweroff\r")
    said = monitor.machine.wait(lambda: re.search(
        r"\rinput lost: (.*)\n(> .*)\nnot run: .*\n> \Z",
        monitor.channel.text[start:], re.MULTILINE))
    assert said[1] == "an escape sequence on COM1 had no end, 1 time"
    assert said[2] == "> help map?"
    assert monitor.answers("cpu", "^vendor")


@pytest.mark.parametrize("keys, shown, more", [
    pytest.param("help ma", "> help ma", "p", id="end"),
    pytest.param("hep map" + LEFT * 5, "> hep map", "l", id="middle"),
    pytest.param("", ">", "help map", id="empty"),
    pytest.param("n" * 250, "> n{40,77}", "\x15help map", id="long"),
])
def test_what_an_interrupt_prints(keys, shown, more, monitor):
    """It takes the line's place; the line comes back below, as it was."""
    answer = monitor.ask("help map")
    monitor.press("\x0calarm 1\r" + keys)
    monitor.machine.wait_screen(
        rf"\A> alarm 1\nalarm: it is \d+\.\d\d\d s now\n{shown}\Z")
    assert re.search(r"\n[^\n]*\r {79}\ralarm: it is .* now\n> [^\n]*\Z",
                     monitor.channel.text)
    assert monitor.ask(more) == answer


def test_pasting(monitor):
    """Nothing is lost of 4 KiB, though commands print meanwhile."""
    lines = many_lines(300)
    assert monitor.paste(lines) == lines


def test_typing_far_ahead(monitor):
    """More than the queue of keys holds, while a command keeps running."""
    start = len(monitor.channel.text)
    monitor.press("x/20000 0x200000\r")
    for _ in range(400):
        monitor.press("typed ahead ")
    monitor.machine.wait(lambda: "\n> typed ahead typed ahead" in
                         monitor.channel.text[start:])
    start = len(monitor.channel.text)
    monitor.press("\x03")
    monitor.wait_prompt(start)
    assert monitor.answers("cpu", "^vendor")
