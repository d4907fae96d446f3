"""make debug: gdb on the sources in 16-, 32- and 64-bit code."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from harness import guard
from harness.emulator import HANG

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()

pytestmark = pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb")


def environment_without_display(**variables):
    kept = {key: value for key, value in os.environ.items()
            if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, **variables}


def debug(tmp_path, *commands, image=None, **variables):
    """What gdb prints when it is given these commands at 0x7C00."""
    script = tmp_path / "commands"
    script.write_text("\n".join(commands) + "\n")
    return guard.run(
        ["sh", "tools/debug/debug.sh", str(image or BUILD / "firstlight.img"),
         "-batch", "-x", str(script)],
        cwd=ROOT, env=environment_without_display(**variables),
        stdin=subprocess.DEVNULL, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=HANG).stdout


def shown_line(output, path):
    """The source line gdb showed last for a stop in path, as it showed it."""
    stops = re.findall(rf" at (?:\./)?{re.escape(path)}:(\d+)\n(\d+)\t(.*)",
                       output)
    assert stops, f"gdb stopped nowhere in {path}:\n{output}"
    at, number, text = stops[-1]
    assert at == number
    return int(number), text


def source_line(path, number):
    return (ROOT / path).read_text().splitlines()[number - 1].rstrip()


def first_line_with(path, pattern):
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        if re.search(pattern, line):
            return number
    raise AssertionError(f"{path} has no {pattern}")


def test_stops_at_the_first_instruction(tmp_path):
    output = debug(tmp_path, "x16")
    assert "16-bit, cs:ip 0000:7c00 = 0x7c00 bootsector_start" in output
    number, text = shown_line(output, "bootsector/bootsector.asm")
    assert text == source_line("bootsector/bootsector.asm", number)
    assert re.search(r"^=> 00007C00  EB\w\w\s+jmp short", output, re.M)


def test_steps_through_the_boot_sector(tmp_path):
    start, _ = shown_line(debug(tmp_path, "x16"),
                          "bootsector/bootsector.asm")
    number, text = shown_line(debug(tmp_path, "n16 2"),
                              "bootsector/bootsector.asm")
    assert number > start
    assert text == source_line("bootsector/bootsector.asm", number)


def test_steps_over_a_bios_call(tmp_path):
    path = "bootsector/bootsector.asm"
    line = first_line_with(path, r"^\tint\t")
    output = debug(tmp_path, f"tbreak {path}:{line}", "c", "n16", "frame")
    assert shown_line(output, path)[0] > line, output
    assert "16-bit, cs:ip 0000:" in output.split("Stops to come")[1]


def test_stops_in_16_bit_stage2(tmp_path):
    output = debug(tmp_path, "tbreak cpu_check", "c", "c", "mode")
    number, text = shown_line(output, "stage2/cpu.asm")
    assert text == source_line("stage2/cpu.asm", number)
    assert "16-bit, cs:ip 0000:" in output


def test_the_switch_line_by_line(tmp_path):
    """With gdb's s; where the CPU's mode changes is said."""
    line = first_line_with("stage2/modes.asm", r"jmp\tSEL_CODE32")
    far = first_line_with("stage2/modes.asm", r"jmp\tSEL_CODE64")
    output = debug(tmp_path, f"at modes.asm:{line}", "s", "s",
                   f"at modes.asm:{far}", "s")
    assert output.count("(from 16-bit to 32-bit code)") == 1, output
    assert output.count("(from 32-bit to 64-bit code)") == 1, output
    assert re.search(r"^long_mode_start \(\) at .*\n.*\n\(from 32", output, re.M)


def test_a_step_shows_each_line_once(tmp_path):
    output = debug(tmp_path, "at long_mode_enter", "n16")
    for number in (0, 1):
        line = first_line_with("stage2/modes.asm", "^long_mode_enter:") + 1
        text = source_line("stage2/modes.asm", line + number)
        assert output.count(f"{line + number}\t{text}\n") == 1, output


def test_lists_only_stops_that_can_come(tmp_path):
    output = debug(tmp_path, AT="long")
    stops = output.split("Stops to come")[1].split("As usual")[0]
    assert re.findall(r"^ +0x\w+  (\w+)", stops, re.M) == [
        "stage2_main", "text_start"]
    assert "Stops to come: none" in debug(tmp_path, AT="kernel_main")


def test_stops_in_stage2_c(tmp_path):
    output = debug(tmp_path, "tbreak stage2_main", "c", "c", "mode", "bt", "s",
                   "frame")
    assert "64-bit, cs:ip " in output
    assert "in symtab" not in output
    number, _ = shown_line(output, "stage2/main.c")
    assert number >= first_line_with("stage2/main.c", "stage2_main")


def test_each_stop_lies_in_its_own_source(tmp_path):
    """Not in the header of what was inlined there."""
    output = debug(tmp_path, "c", "c", "c")
    stops = re.findall(r"^Temporary breakpoint \d+, .* at (?:\./)?(\S+):\d+$",
                       output, re.M)
    assert stops == ["bootsector/bootsector.asm", "stage2/start.asm",
                     "stage2/main.c", "kernel/entry.asm"], output


def test_stops_in_kmain_with_its_argument(tmp_path):
    output = debug(tmp_path, "tbreak kmain", "c", "c", "c", "c", "bt",
                   "p/x info->magic")
    number, text = shown_line(output, "kernel/main.c")
    assert text == source_line("kernel/main.c", number)
    assert re.search(r"#0 .*kmain \(info=0x[0-9a-f]+", output)
    assert "0x4f464e49544f4f42" in output


# How many instructions are there from one to the other?
COUNT = """python
steps = 0
while "lidt" not in gdb.execute("x/i $pc", to_string=True) and steps < 1000:
    gdb.execute("stepi", to_string=True)
    steps += 1
print(f"from lgdt to lidt: {steps}")
end"""


def test_an_exception_finds_a_handler_at_nearly_any_time(tmp_path):
    """The loader's IDT does not fit the kernel's GDT: what would fault
    between the two would reset the machine."""
    code = subprocess.run(["objdump", "-d", BUILD / "kernel.elf"], text=True,
                          capture_output=True, check=True).stdout
    loads = re.findall(r"^ +([0-9a-f]+):\t.*\tlgdt ", code, re.M)
    output = debug(tmp_path, *[f"thbreak *0x{at}" for at in loads], "c", "c",
                   "c", "c", "x/i $pc", COUNT)
    assert re.search(r"^=> .*\tlgdt ", output, re.M), output
    found = re.search("from lgdt to lidt: ([0-9]+)", output)
    assert found, output
    assert int(found[1]) < 100


def test_stops_in_32_bit_code(tmp_path):
    output = debug(tmp_path, "tbreak *(long)&page_tables_build", "c", "c",
                   "mode")
    assert "32-bit, cs:ip " in output
    number, text = shown_line(output, "stage2/modes.asm")
    assert text == source_line("stage2/modes.asm", number)
