"""setup.sh, doctor.sh, help: with made-up systems on PATH."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
BASICS = ("sh", "awk", "sed", "grep", "tr", "uname", "id", "mktemp", "rm",
          "dirname", "basename", "cat", "env", "printf", "echo", "head")


class System:
    """Only what is put into bin/ is installed."""

    def __init__(self, root):
        self.root = root
        self.bin = root / "bin"
        self.bin.mkdir()
        for name in BASICS:
            (self.bin / name).symlink_to(shutil.which(name))

    def add(self, name, script):
        path = self.bin / name
        # Never through a link to the real one.
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def log(self):
        path = self.root / "log"
        return path.read_text().splitlines() if path.exists() else []

    def manager(self, name, installs=""):
        """A package manager that writes down what it was told."""
        self.add(name, f'echo "{name} $*" >> {self.root}/log\n{installs}')

    def run(self, *arguments, **variables):
        ended = subprocess.run(
            ["sh", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL,
            env={"PATH": str(self.bin), "HOME": str(self.root), **variables},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=120, check=False)
        return ended.returncode, ended.stdout


@pytest.fixture(name="system")
def fixture_system(tmp_path):
    system = System(tmp_path)
    system.add("id", "echo 0")
    return system


def test_check_lists_and_installs_nothing(system):
    system.manager("apt-get")
    status, text = system.run("tools/setup.sh", "--check")
    assert status == 1
    assert re.search(r"nasm +needed +nasm +assembles", text)
    assert not system.log()


def test_says_what_it_runs_and_runs_that(system):
    system.manager("apt-get")
    system.add("apt-cache", "exit 0")
    _, text = system.run("tools/setup.sh", "--run")
    said = re.findall(r"^  (?:env \S+ )?(apt-get .*?) *$", text, re.M)
    assert said == [line.rstrip() for line in system.log()]
    assert said[0] == "apt-get update"
    for package in ("gcc", "nasm", "binutils", "qemu-system-x86", "libc6-dev",
                    "make"):
        assert package in said[1].split()
    assert "clang" not in said[1]


def test_fails_when_things_are_still_missing(system):
    system.manager("apt-get")
    status, text = system.run("tools/setup.sh", "--run")
    assert status == 1
    assert "still missing:" in text and "nasm" in text


def test_succeeds_when_the_manager_did_its_work(system):
    tools = " ".join(str(pathlib.Path(shutil.which(tool))) for tool in
                     ("make", "nasm", "gcc", "cc", "ld", "objcopy", "as",
                      "qemu-system-x86_64"))
    system.manager("apt-get", f"[ $1 = update ] || "
                   f"PATH={os.environ['PATH']} ln -sf {tools} {system.bin}")
    status, text = system.run("tools/setup.sh", "--run")
    assert status == 0, text
    assert "Next: make run" in text


def test_unknown_optional_packages_do_not_matter(system):
    system.manager("apt-get")
    system.add("apt-cache", 'case $2 in tmux) exit 100 ;; esac')
    system.run("tools/setup.sh")
    install = system.log()[-1].split()
    assert "xorriso" in install and "tmux" not in install


@pytest.mark.parametrize("manager, package", [
    ("dnf", "libcmocka-devel"), ("pacman", "libisoburn"),
    ("brew", "x86_64-elf-gcc")])
def test_knows_other_systems(system, manager, package):
    system.manager(manager)
    system.run("tools/setup.sh")
    words = [word for line in system.log() for word in line.split()]
    assert package in words
    # no package is called so, and nothing is upgraded half
    assert "-" not in words and "-Sy" not in words


@pytest.mark.parametrize("manager", ["dnf", "pacman", "brew"])
def test_an_unknown_package_does_not_stop_the_others(system, manager):
    """These install nothing of a list in which they don't know one."""
    system.manager(manager, "case $* in *tmux*) exit 1 ;; esac")
    _, text = system.run("tools/setup.sh")
    assert "setup: going on without tmux" in text
    for line in system.log():
        assert "tmux" not in line or line.endswith(" tmux")
    assert len([line for line in system.log() if "nasm" in line]) == 1


def test_lab_is_less_than_all(system):
    system.manager("apt-get")
    system.add("apt-cache", "exit 0")
    system.run("tools/setup.sh", "--lab")
    packages = system.log()[-1].split()
    assert {"nasm", "libcmocka-dev", "gdb", "qemu-utils"} <= set(packages)
    assert not {"clang", "cppcheck", "xorriso"} & set(packages)


def test_uses_sudo_when_not_root(system):
    system.add("id", "echo 1000")
    system.manager("apt-get")
    system.add("sudo", f'echo "sudo $*" >> {system.root}/log; "$@"')
    _, text = system.run("tools/setup.sh", "--run")
    assert "  sudo apt-get update\n" in text
    assert system.log()[0] == "sudo apt-get update"


def test_says_what_root_must_run_without_sudo(system):
    system.add("id", "echo 1000")
    system.manager("apt-get")
    status, text = system.run("tools/setup.sh", "--run")
    assert status == 1
    assert "As root:" in text and "apt-get install -y" in text
    assert not system.log()


def test_names_packages_without_a_manager(system):
    status, text = system.run("tools/setup.sh", "--run")
    assert status == 1
    assert "by hand" in text and "qemu-system-x86" in text


def test_asks_for_a_window_only_with_a_display(system):
    assert "qemu_window" not in system.run("tools/setup.sh", "--check")[1]
    assert "qemu_window" in system.run("tools/setup.sh", "--check",
                                       DISPLAY=":0")[1]


def test_page_is_only_asked_for(system):
    system.manager("apt-get")
    _, text = system.run("tools/setup.sh", "--check")
    assert "emcc" not in text
    status, text = system.run("tools/setup.sh", "--run", "--page", "--check")
    assert status == 1
    assert re.search(r"emcc +needed +emscripten +make page-engine", text)
    assert "To install them: sh tools/setup.sh --page" in text


def test_usage(system):
    assert system.run("tools/setup.sh", "--help")[0] == 0
    assert system.run("tools/setup.sh", "--nonsense")[0] == 2


def test_doctor_finds_nothing(system):
    status, text = system.run("tools/doctor.sh")
    assert status == 1
    assert "NASM     nasm is not there" in text
    assert re.search(r"missing +nasm +assembles.*install: nasm", text)
    assert text.rstrip().endswith("sh tools/setup.sh")


def test_doctor_finds_this_machine():
    ended = subprocess.run(["make", "-s", f"BUILD={BUILD}", "doctor"],
                           cwd=ROOT, text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, check=False)
    assert re.search(r"NASM +/\S+nasm\n +NASM version \d", ended.stdout)
    assert re.search(r"ok +qemu-system-x86_64 +QEMU emulator", ended.stdout)


def make_targets():
    """Every target of the Makefile and what it includes."""
    listed = subprocess.run(["make", f"BUILD={BUILD}", "-npq", "help"],
                            cwd=ROOT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False).stdout
    return set(re.findall(r"^([a-z][\w-]*):", listed, re.M))


def test_help_names_only_targets_there_are():
    text = (ROOT / "tools/help.txt").read_text()
    named = set()
    for line in re.findall(r"^  make (.*?)(?:  |$| [a-z] )", text, re.M):
        named |= set(re.findall(r"\b[a-z][\w-]*", line.split("  ")[0]))
    assert {"run", "debug", "usb", "vdi", "vhd"} <= named
    # this runs in `make test`, so that one is there
    assert named - make_targets() <= {"test"}


def test_help_fits_a_terminal():
    for line in (ROOT / "tools/help.txt").read_text().splitlines():
        assert len(line) < 80, line


def test_path_covers_stage2():
    """Every source of stage 2 is on the path once, start.asm before all."""
    ended = subprocess.run([sys.executable, "-B", "tools/docs", "path", BUILD],
                           cwd=ROOT, text=True, stdout=subprocess.PIPE,
                           check=True)
    files = re.findall(r"^ +\d+ +(\S+) +(\d+)$", ended.stdout, re.M)
    names = [name for name, _ in files]
    assert names[0] == "bootsector/bootsector.asm"
    assert names[1] == "stage2/start.asm"
    assert names[-1] == "kernel/main.c"
    assert len(names) == len(set(names))
    sources = {str(path.relative_to(ROOT)) for path in
               list((ROOT / "stage2").glob("*.asm")) +
               list((ROOT / "stage2").glob("*.c"))}
    assert sources <= set(names)
    total = re.search(rf"{len(files)} files from LBA 0 to kmain +(\d+)",
                      ended.stdout).group(1)
    assert int(total) == sum(int(lines) for _, lines in files)


def test_size_budget_counts(tmp_path):
    nm = tmp_path / "nm"
    nm.write_text("#!/bin/sh\necho 0000000000007c5a t main\n"
                  "echo 0000000000007cbe t bootsector_end\n")
    nm.chmod(0o755)
    (tmp_path / "stage2.bin").write_bytes(bytes(1000))
    (tmp_path / "diag.bin").write_bytes(bytes(2000))
    (tmp_path / "kernel.bin").write_bytes(bytes(70000))
    (tmp_path / "kernel.symbols").write_bytes(bytes(3000))
    text = subprocess.run(["sh", "tools/size-budget.sh", tmp_path], cwd=ROOT,
                          env={**os.environ, "NM": str(nm)}, text=True, stdout=subprocess.PIPE,
                          check=True).stdout
    *lines, names, full, released = text.splitlines()[1:]
    assert "full on purpose" in full
    assert "1512 bytes, 8192 at most as released" in released
    assert names.strip() == "of which 3000 name functions, files and lines"
    *lines, kernel = lines
    assert kernel.split() == ["kernel", "70000", "-", "-"]
    rows = {line[2:14].strip(): [int(word) for word in line[14:].split()]
            for line in lines}
    assert rows["boot sector"] == [101, 350, 249]
    assert rows["stage 2"] == [1000, 27648, 26648]
    assert rows["diagnostics"] == [2000, 32768, 30768]
    for used, limit, free in rows.values():
        assert used + free == limit


@pytest.mark.parametrize("script", ["size-budget", "path"])
def test_a_tool_that_fails_is_noticed(script, tmp_path):
    """Wherever it stands in a pipe."""
    nm = tmp_path / "nm"
    nm.write_text("#!/bin/sh\nexit 3\n")
    nm.chmod(0o755)
    done = subprocess.run(["sh", f"tools/{script}.sh", BUILD], cwd=ROOT,
                          env={**os.environ, "NM": str(nm)},
                          stdout=subprocess.DEVNULL, check=False)
    assert done.returncode != 0


def test_format_keeps_tables(tmp_path):
    shutil.copy(ROOT / ".clang-format", tmp_path)
    table = "#define A\t\t1\t/* one */\n#define LONG\t\t2\t/* two */\n"
    source = tmp_path / "x.c"
    source.write_text(table + "int  f( void ){return 1;}\n")
    check = ["sh", ROOT / "tools/format.sh", "--check", source]
    assert subprocess.run(check, stdout=subprocess.DEVNULL,
                          check=False).returncode == 1
    subprocess.run(["sh", ROOT / "tools/format.sh", source],
                   stdout=subprocess.DEVNULL, check=True)
    assert source.read_text() == table + "int f(void)\n{\n\treturn 1;\n}\n"
    assert subprocess.run(check, check=False).returncode == 0
