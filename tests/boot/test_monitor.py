"""The monitor's commands, and what happens to those who type nonsense."""

import re

import pytest

from booting import SANITIZED, boot, wait_halted
from harness.words import ROOT
from monitor_session import Serial


@pytest.fixture(scope="module")
def monitor(tmp_path_factory):
    """One machine for all tests that leave it as it was."""
    with boot(tmp_path_factory.mktemp("monitor"), "", cpu="max") as qemu:
        yield Serial(qemu)


def shows(answer, *patterns):
    """Every pattern matches a line of its own, in this order."""
    rows = iter(answer)
    for pattern in patterns:
        assert any(re.search(pattern, row) for row in rows), \
            f"{pattern!r} is not in\n" + "\n".join(answer)


# ---- Commands -------------------------------------------------------------

def help_all(monitor):
    """{group: [line of a command]}, as help all prints them."""
    groups = {}
    for row in monitor.ask("help all"):
        if re.fullmatch(r"\w+", row):
            groups[row] = []
        else:
            groups[list(groups)[-1]].append(row)
    return groups


def name_of(row):
    return row.split()[0].split("/")[0]


def test_help_lists_every_command(monitor):
    """help their names by groups, help GROUP a line for each."""
    listed = {}
    *rows, how, examples = monitor.ask("help")
    for row in rows:
        group, *listed[group] = row.split()
    assert how.startswith("help GROUP ") and examples.startswith("Try: ")
    groups = help_all(monitor)
    assert listed == {group: [name_of(row) for row in lines]
                      for group, lines in groups.items()}
    assert list(groups) == ["basics", "memory", "processor", "devices",
                            "tasks", "faults", "power"]
    names = sum(listed.values(), [])
    assert len(names) == len(set(names))
    assert not set(names) & {*groups, "all"}
    assert {"help", "map", "cpu", "regs", "gdt", "idt", "pagewalk", "x",
            "log", "boot", "panic", "fault", "time", "irq",
            "poweroff", "reboot", "symbol"} <= set(names)
    for group, lines in groups.items():
        assert lines == sorted(lines)
        assert monitor.ask(f"help {group}") == lines
    for name in names:
        answer = monitor.ask(f"help {name}")
        assert name_of(answer[0]) == name
        assert all(len(row) < 80 for row in answer), answer


def test_help_fits_the_screen(monitor):
    assert len(monitor.ask("help")) <= 23


@pytest.mark.parametrize("line", [
    "help", "help all", "cmdline", "cmdline panic", "cmdline test", "map", "cpu", "regs", "gdt", "idt", "irq", "time", "boot",
    "x/100 0xb8000", "x/9g 0xb8000", "pagewalk 0xb8000", "fault"])
def test_rows_fit_the_screen(monitor, line):
    assert all(len(row) < 80 for row in monitor.ask(line))


def test_readme_lists_every_command(monitor):
    """README.md's table is what help all prints."""
    text = (ROOT / "README.md").read_text()
    table = re.findall(r"^\| (?:\*\*(\w+)\*\* \||`(.*)` \| (.*)) \|$",
                       text[text.index("## The monitor"):], re.MULTILINE)
    assert [group or f"{usage:<18} {words}" for group, usage, words in table] \
        == monitor.ask("help all")


def test_readme_lists_every_word_of_the_command_line(monitor):
    """README.md's table is what cmdline prints, its links as text."""
    text = (ROOT / "README.md").read_text()
    text = text[text.index("The kernel's command line"):
                text.index("## The monitor")]
    table = re.findall(r"^\| `(.*)` \| (.*) \|$", text, re.MULTILINE)
    assert [f"{usage:<18} " + re.sub(r"\[(.*?)\]\(.*?\)", r"\1", words)
            for usage, words in table] == monitor.ask("cmdline")


def test_cmdline(monitor):
    answer = monitor.ask("cmdline")
    assert answer == sorted(answer)
    assert monitor.ask("cmdline console")[1] == "vga serial e9 "
    assert monitor.ask("cmdline exit") == \
        [row for row in answer if row.startswith("exit")]
    shows(monitor.ask("cmdline panic"), r"^panic\[=KIND\] ", "^return early ",
          " pf-null ")
    assert monitor.ask("cmdline exti") == \
        ["exti: no such word; cmdline lists them all"]


def test_map(monitor):
    shows(monitor.ask("map"),
          r"^The BIOS listed \d+ ranges:$",
          r"^  0{16}-000000000009fc00     639 KiB  usable$",
          r"^  0{10}100000-0{9}3fe0000    62\.8 MiB  usable$",
          r"^  000000fd00000000-0000010000000000      12 GiB  reserved$",
          r"^They are, cleaned, \d+:$",
          r"^  0{16}-0{12}1000 +4 KiB  reserved$",
          r"^  0{10}100000-\w{16} +[\d.]+ [KM]iB  kernel$",
          r"^Usable are 6\d{4} KiB\.$")


GRAY, DARK_GRAY, LIGHT_GREEN, LIGHT_CYAN = 7, 8, 10, 11


def colours(screen, words):
    """Of the last words of each row that ends so."""
    rows = screen.text.split("\n")
    return {cell.foreground for row, line in enumerate(rows)
            if line.endswith(words)
            for cell in screen.cells[row][len(line) - len(words):len(line)]
            if cell.char != " "}


def test_first_screen(tmp_path):
    """What to type is said, dimly; who uses which memory is seen by colours."""
    with boot(tmp_path, "") as qemu:
        screen = qemu.wait_screen(r"^Type help\..*\n>\Z")
        assert colours(screen, "scrolled away.") == {DARK_GRAY}
        qemu.type("map\n")
        maps = qemu.wait_screen(r"^Usable are \d+ KiB\.\n>\Z")
    for shown in (screen, maps):
        assert colours(shown, " usable") == {LIGHT_GREEN}
        assert colours(shown, " loader") == {LIGHT_CYAN}
        assert colours(shown, " kernel") == {LIGHT_CYAN}
        assert colours(shown, " reserved") == {GRAY}


def test_cpu(monitor):
    answer = monitor.ask("cpu")
    shows(answer, "^vendor     AuthenticAMD$", "^brand      QEMU ",
          r"^model      family \d+, model",
          r"^addresses  \d\d bits physical, (48|57) bits virtual$",
          "^leaves ", "^features   fpu ")
    # Each QEMU knows more of them: where a line ends is not ours to say.
    features = "\n".join(answer).split("features ")[1].split()
    assert {"fpu", "tsc", "sse2", "nx", "1g-pages", "lm"} <= set(features)
    assert features.index("tsc") < features.index("nx")


def test_regs(monitor):
    shows(monitor.ask("regs"), r"^rflags \w{16}  .*\bif\b",
          r"^cr0    00000000800\d0033  pe mp et ne wp( am)? pg$",
          r"^cr3    \w{16}", r"^cr4    \w{16}  pae ",
          r"^efer   \w{16}  lme lma nxe$", r"^gdtr   \w{16}  \d+ bytes$",
          r"^idtr   \w{16}  4096 bytes$", r"^cs 0008   ss 0010   tr 00\w\w$")


def test_gdt(monitor):
    shows(monitor.ask("gdt"), "^00  null$",
          "^08  code, ring 0, 64-bit, readable$",
          "^10  data, ring 0, .*writable$",
          r"^\w\w  TSS, busy, at 0x\w+, 104 bytes$",
          r"^    IST 1: stack from 0x\w+ down$")


def test_idt(monitor):
    """A row for each exception that there is, one for all other numbers."""
    answer = monitor.ask("idt")
    shows(answer, r"^00  08:\w{16}  interrupt  #DE divide error$",
          r"^08  08:\w{16}  interrupt, IST 1  #DF double fault$",
          r"^0e  08:\w{16}  interrupt  #PF page fault$",
          "^09 0f 16-1b 1f reserved: ",
          r"^20  08:\w{16}  interrupt  and 95 more alike$",
          r"^80  08:\w{16}  interrupt, ring 3 may call it$",
          r"^81  08:\w{16}  interrupt  and 126 more alike$")
    assert len(answer) == 23 + 4
    assert sum("reserved" in row for row in answer) == 1


def test_boot(monitor):
    answer = monitor.ask("boot")
    shows(answer, r"^before stage 2, by the TSC +\d+ us$", "^A20 opened .* #", "^kernel and modules loaded .* #+$",
          "^kernel called .* #", "^prompt reached .* #",
          r"^from stage 2 to the prompt +\d+ us$")
    assert max(row.count("#") for row in answer) == 34


def test_log(monitor):
    monitor.ask("help log")
    answer = monitor.ask("log all")
    stamp = r"^ *\d+\.\d{6}  "
    shows(answer, f"{stamp} Firstlight .*build", f"{stamp}firstlight: ready$",
          f"{stamp}> help log$", f"{stamp}> log all$")
    times = [float(row[:12]) for row in answer]
    assert times == sorted(times)
    assert 0 < times[0] and times[-1] < uptime(monitor)
    assert len(monitor.ask("log 3")) == 3
    # The log does not log itself.
    assert not any("firstlight: ready" in row for row in monitor.ask("log"))


def test_a_log_that_has_lost_its_beginning(monitor):
    """Says so, and how much it was."""
    monitor.ask("x/16000 0x100000")
    log = monitor.ask("log all")
    assert re.match(r"\(\d+ bytes before this are no longer kept\)$", log[0])
    assert not any("no longer kept" in row for row in log[1:])



def uptime(monitor):
    return float(re.match(r"^up (\d+\.\d{9}) s, TSC \d+$",
                          monitor.ask("time")[0])[1])


def test_time(monitor):
    shows(monitor.ask("time"), "^up ", r"^TSC \d+ Hz by \S+",
          r"^local APIC timer, 100 Hz: \d+ ticks so far$")
    assert uptime(monitor) < uptime(monitor)


def test_irq(monitor):
    def count(words):
        found = [re.search(rf" (\d+)  {words}$", row)
                 for row in monitor.ask("irq")]
        return sum(int(match[1]) for match in found if match)

    shows(monitor.ask("irq"), "^controllers: I/O APIC and local APIC$",
          r"^    1   \w\wh +\d+  keyboard$",
          r"^    4   \w\wh +[1-9]\d*  COM1$",
          r"^local   \w\wh +[1-9]\d*  timer$")
    serial, keyboard = count("COM1"), count("keyboard")
    monitor.machine.send_key("f1")
    monitor.machine.wait(lambda: count("keyboard") > keyboard)
    assert count("COM1") > serial


def test_x(monitor):
    shows(monitor.ask("x/16 0x100000"),
          r"^000000100000  48 8d 25( \w\w){13}  H\.%")
    shows(monitor.ask("x/3w 0x100000+4"),
          r"^000000100004  \w{8} \w{8} \w{8} ")
    shows(monitor.ask("x/2g 0x100008"),
          r"^000000100008  \w{16} \w{16}  .{16}$")
    assert monitor.ask("x/33 0x100000")[2].startswith("000000100020  ")
    assert monitor.ask("x/0 0x100000") == []
    for letter in "bhwg":
        assert len(monitor.ask(f"x/{letter} 0x100000")) == 1
    # b is a digit of a hexadecimal number.
    assert len(monitor.ask("x/0x1b 0x100000")) == 2
    assert monitor.ask("x/0x10w 0x100000") == monitor.ask("x/16w 0x100000")
    assert monitor.ask("x/0b11b 0x100000") == monitor.ask("x/3 0x100000")


def test_x_reads_whole_units(monitor):
    """The local APIC's version is there for those who read 32 bits."""
    assert monitor.ask("x/1w 0xfee00030")[0].startswith(
        "0000fee00030  00050014 ")
    assert monitor.ask("x/1b 0xfee00030")[0].startswith("0000fee00030  00 ")


def test_fault_in_x_is_survived(monitor):
    assert monitor.ask("x 0") == \
        ["000000000000  not mapped: #PF page fault"]
    assert monitor.ask("x/1g 0x8000000000000000") == \
        ["8000000000000000  not canonical: #GP general protection"]
    # The end of the VGA's window, and what follows.
    answer = monitor.ask("x/32 0xbfff0")
    assert answer[0].startswith("0000000bfff0  ")
    assert answer[1:] == ["0000000c0000  not mapped: #PF page fault"]
    # In the middle of a unit.
    answer = monitor.ask("x/3g 0xbfff4")
    assert re.match(r"0000000bfff4  \w{16} {19}.{12}$", answer[0])
    assert answer[1:] == ["0000000c0000  not mapped: #PF page fault"]


def test_symbol(monitor):
    answer = monitor.ask("symbol kernel_main")
    found = re.match(r"^(0x\w+) is kernel_main\(\)\+0 at "
                     r"kernel/main\.c:\d+$", answer[0])
    assert monitor.ask(f"symbol {found[1]}") == answer
    assert monitor.answers(f"symbol {found[1]}-1", r" is \w+\(\)\+0x|is not ")
    assert monitor.ask("symbol 0") == \
        ["0 is not in a function of the kernel"]
    shows(monitor.ask("x/4 kernel_main+0x10"),
          f"^{int(found[1], 16) + 16:012x} ")
    assert monitor.ask("symbol kernel_mai") == \
        ["kernel_mai: the name is not known"]


def test_pagewalk(monitor):
    shows(monitor.ask("pagewalk 0x100000"),
          r"^PML4   0 at \w{12}  \w{16}  present",
          "^PDPT   0 at ", "^PD     0 at ",
          r"^PT   256 at \w{9}800  \w{16}  present( accessed)?$",
          "^0x100000 is physical 0x100000, in a page of 4 KiB: read, execute$")
    shows(monitor.ask("pagewalk 0x3000000"), "^PD    24 at .* huge",
          "^0x3000000 is physical 0x3000000, in a page of 2048 KiB: "
          "read, write$")
    shows(monitor.ask("pagewalk 0"), "^PT .* not present$",
          "^0 is not mapped$")
    shows(monitor.ask("pagewalk 0xffffffffffffffff"), "^PML4 511 at ")
    shows(monitor.ask("pagewalk 0x800000000000"), "is not canonical")


@pytest.mark.parametrize("line, answer", [
    ("", []),
    ("   ", []),
    ("hlep", ["hlep: no such command; help lists them all"]),
    ("help hlep", ["hlep: no such command; help lists them all"]),
    ("help other", ["other: no such command; help lists them all"]),
    ("map/3", ["map/3: no such command; help lists them all"]),
    ("cpu 1", ["usage: cpu"]),
    ("x", ["usage: x/N ADDR"]),
    ("x/4 1 2", ["usage: x/N ADDR"]),
    ("x/4 12a", ["12a: a digit is wrong"]),
    ("x/4q 0", ["4q: a digit is wrong"]),
    ("x/99999999 0", ["at most 65536 at once"]),
    ("pagewalk 0x", ["0x: a digit is missing"]),
    ("log many", ["many: the name is not known"]),
    ("x 1 2 3 4 5 6 7 8 9", ["more than 8 words"]),
])
def test_nonsense(monitor, line, answer):
    assert monitor.ask(line) == answer


def test_fault_lists_its_kinds(monitor):
    """A line for each, in groups; the command line knows the same."""
    *rows, last = monitor.ask("fault")
    assert last.startswith("fault KIND causes one")
    shows(rows, "^ways to panic$", "^plain +a panic with a message$",
          "^exceptions and interrupts$", "^de +#DE: a division by zero$",
          "^memory misused$")
    kinds = [row.split()[0] for row in rows if re.match(r"\S+  ", row) or
             len(row.split()[0]) == 20]
    assert [row for row in rows if row.split()[0] not in kinds] == \
        ["ways to panic", "exceptions and interrupts", "memory misused",
         "locks misused", *["undefined behaviour"] * SANITIZED]
    known = " ".join(monitor.ask("cmdline panic")[1:]).split()
    assert known == ["return", *kinds]
    assert all(len(row) < 80 for row in rows)
    assert monitor.ask("fault xyz") == \
        ["xyz: no such kind; fault lists them all"]


# ---- The end --------------------------------------------------------------

@pytest.mark.parametrize("line, status", [("poweroff", 0), ("reboot", 0)])
def test_switching_off(line, status, tmp_path):
    with boot(tmp_path, "", exit_port=False) as qemu:
        monitor = Serial(qemu)
        monitor.press(line + "\r")
        assert qemu.wait_end() == status
        reasons = [event["data"].get("reason")
                   for event in qemu.monitor.events
                   if event["event"] in ("SHUTDOWN", "RESET")]
        assert reasons[-1] == {"poweroff": "guest-shutdown",
                               "reboot": "guest-reset"}[line]


@pytest.mark.parametrize("line, words, place", [
    ("panic", "^the monitor was asked for a panic$",
     r"kernel/fault/provoke\.c:\d+"),
    ("fault pf", "^#PF page fault", r"kernel/fault/fault_memory\.c:\d+"),
    ("fault df", "^#DF double fault", r"kernel/fault/fault_memory\.c:\d+"),
])
def test_the_end(line, words, place, tmp_path):
    with boot(tmp_path, "") as qemu:
        monitor = Serial(qemu)
        monitor.press(line + "\r")
        qemu.wait_text("machine is stopped")
        wait_halted(qemu)
        for text in (qemu.serial.text, qemu.screen().text):
            page = text[text.index("KERNEL PANIC"):]
            assert re.search(words, page.replace("\n ", "\n"), re.MULTILINE)
            assert re.search(place, page)
