"""h2inc: a header is understood as C understands it, or refused by line."""

import os
import random
import re
import shutil
import subprocess

import pytest

from conftest import BUILD, ROOT

GOOD = """\
/* a header
 * that both read */
#ifndef A_GUARD
#define A_GUARD

#define A_ONE\t1 /* one */
#define A_MASK\t(0x80000000 | A_ONE) // of bits
#define A_TEXT\t"one % and $, 'two'"
#define A_LETTER\t'R'

#ifndef __ASSEMBLER__
#include <stdint.h>
#if A_ONE == 1
#define A_MACRO(x) ((x) + \\
\t1)
#else
#error "not so /*"
#endif
struct a {
\tuint8_t quote; /* '"' */
};
#endif

#endif
"""

SAYS = """\
%ifndef A_GUARD
%define A_GUARD
%define A_ONE (1)
%define A_MASK ((0x80000000 | A_ONE))
%define A_TEXT "one % and $, 'two'"
%define A_LETTER 'R'
%endif
"""


def h2inc(path, text):
    path.write_bytes(text.encode("latin-1"))
    return subprocess.run([BUILD / "h2inc", path], capture_output=True,
                          encoding="latin-1", check=False, timeout=60)


def test_translates(tmp_path):
    done = h2inc(tmp_path / "a.h", GOOD)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", SAYS)


def test_takes_line_ends_of_either_kind(tmp_path):
    done = h2inc(tmp_path / "a.h", GOOD.replace("\n", "\r\n"))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", SAYS)


def inside(*lines):
    """A header with these lines inside its guard, where the third is first."""
    return "\n".join(["#ifndef G", "#define G", *lines, "#endif", ""])


def c_only(*lines):
    return inside("#define A 1", "#ifndef __ASSEMBLER__", *lines, "#endif")


# The line that is named, the words, the header.
REFUSED = {
    "test of a name": (3, "no directive of a shared header: ifdef",
                       inside("#ifdef FOO", "#define A 1", "#endif")),
    "test that a name is not there": (
        3, "no directive of a shared header: ifndef",
        inside("#ifndef FOO", "#define A 1", "#endif")),
    "condition": (3, "no directive of a shared header: if",
                  inside("#if 0", "#define A 1", "#endif")),
    "other branch of a C-only block": (
        6, "a C-only block has no other branch: else",
        c_only("int x;", "#else", "#define B 2")),
    "another branch of a C-only block": (
        5, "a C-only block has no other branch: elif",
        c_only("#elif 1", "#define B 2")),
    "C-only block before the guard": (
        1, "a C-only block lies inside the guard",
        "#ifndef __ASSEMBLER__\n#endif\n"),
    "block for assembly": (3, "no directive of a shared header: ifdef",
                           inside("#ifdef __ASSEMBLER__", "#endif")),
    "include": (3, "no directive of a shared header: include",
                inside('#include "boot/x.h"')),
    "undef": (4, "no directive of a shared header: undef",
              inside("#define A 1", "#undef A")),
    "pragma": (3, "no directive", inside("#pragma once")),
    "no guard": (1, "a header starts with the #ifndef of its guard",
                 "#define A 1\n"),
    "guard that tests": (1, "a header starts with", "#ifdef G\n#endif\n"),
    "guard of another name": (2, "comes the #define of the guard: G",
                              "#ifndef G\n#define H\n#endif\n"),
    "guard that is not defined": (3, "comes the #define of the guard: G",
                                  "#ifndef G\n\n#endif\n"),
    "text behind the guard": (4, "something behind the guard's #endif",
                              inside() + "#define A 1\n"),
    "guard that stays open": (3, "the file ends before the guard's #endif",
                              "#ifndef G\n#define G\n"),
    "C-only block that stays open": (8, "the file ends before", c_only("#if 1")),
    "comment that stays open": (2, "the file ends inside a comment",
                                "#ifndef G\n/*\n"),
    "C": (3, "neither a #define nor a C-only block", inside("int x;")),
    "digraph": (3, "say #, not %:", inside("%:define A 1")),
    "digraph in a C-only block": (5, "say #, not %:", c_only("%:endif")),
    "trigraph": (3, "may be a trigraph", inside("#define A 1 /* what??/", "*/")),
    "name that is shared and changed for C": (
        5, "a shared name means something else to C: A",
        c_only("#undef A", "#define A 2")),
    "guard that is undone": (5, "something else to C: G", c_only("#undef G")),
    "name twice": (4, "defined twice: A", inside("#define A 1", "#define A 1")),
    "name of the guard": (3, "defined twice: G", inside("#define G 1")),
    "name without a value": (3, "only the guard has no value: A",
                             inside("#define A")),
    "macro with arguments": (3, "not a plain name", inside("#define A(x) 1")),
    "small letters": (3, "a name is in capitals: eax", inside("#define eax 1")),
    "C's own name": (3, "a name is in capitals",
                     inside("#define __ASSEMBLER__ 1")),
    "name cut in two": (3, "a name that is not defined above in this header: B",
                        inside("#define A/**/B 1")),
    "number cut in two": (3, "a value that NASM might read otherwise: 2",
                          inside("#define A 1/**/2")),
    "octal": (3, "octal to C, decimal to NASM: 010", inside("#define A 010")),
    "suffix": (3, "a number with a suffix", inside("#define A 1u")),
    "hexadecimal as assemblers have it": (3, "a number with a suffix",
                                          inside("#define A 10h")),
    "binary": (3, "a number with a suffix", inside("#define A 0b1")),
    "fraction": (3, "a number with a suffix", inside("#define A 1.5")),
    "0x alone": (3, "0x without a digit", inside("#define A 0x")),
    "one token to C": (3, "to C one token", inside("#define A 0xE+1")),
    "65 bits": (3, "more than 64 bits",
                inside("#define A 0x10000000000000000")),
    "64 bits, decimal": (3, "more than 63 bits",
                         inside("#define A 9223372036854775808")),
    "sum that wraps in C": (3, "does not fit into C's int",
                            inside("#define A 0xFFFFFFFF + 1")),
    "difference below 0": (3, "does not fit into C's int",
                           inside("#define A (1 - 2) * 3")),
    "product": (3, "does not fit", inside("#define A 0x10000 * 0x8000")),
    "shift": (3, "does not fit", inside("#define A 1 << 31")),
    "shift by as many bits": (3, "does not fit", inside("#define A 0 << 32")),
    "shift of 64 bits": (3, "does not fit",
                         inside("#define A 0x100000000 << 1")),
    "negative": (3, "a value that NASM might read otherwise: -1",
                 inside("#define A -1")),
    "complement": (3, "a value that NASM might read otherwise: ~0",
                   inside("#define A ~0")),
    "division": (3, "a value that NASM might read otherwise: / 2",
                 inside("#define A 4 / 2")),
    "comparison": (3, "a value that NASM might read otherwise: < 2",
                   inside("#define A 1 < 2")),
    "unknown name": (3, "not defined above in this header: B",
                     inside("#define A (B | 1)")),
    "name defined below": (3, "not defined above",
                           inside("#define A B", "#define B 1")),
    "string among numbers": (4, "no number: A + 1",
                             inside('#define A "x"', "#define B A + 1")),
    "guard among numbers": (3, "no number: G", inside("#define A G")),
    "parenthesis": (3, "no ) where one is wanted", inside("#define A (1")),
    "nothing in parentheses": (3, "NASM might", inside("#define A ()")),
    "two strings": (3, "a string that NASM", inside('#define A "x" "y"')),
    "backslash in a string": (3, "a string that NASM",
                              inside(r'#define A "x\n"')),
    "backslash as a character": (3, "a character", inside(r"#define A '\0'")),
    "two characters": (3, "a character", inside("#define A 'ab'")),
    "character with an operator": (3, "a character",
                                   inside("#define A 'a' + 1")),
    "no ASCII": (3, "a string that NASM", inside('#define A "\xe9"')),
    "open quote": (3, "a quote without its end", inside('#define A "x')),
    "open quote in a C-only block": (5, "a quote without its end",
                                     c_only("#error don't")),
    "NUL": (3, "a control character: #define A ", inside("#define A \0 1")),
    "blank behind a backslash": (3, "a carriage return or blank where a line",
                                 inside("#define A \\ ", "1")),
    "carriage return": (3, "a carriage return or blank where a line",
                        inside("#define A\r1")),
    "something behind #endif": (3, "no directive", inside("#endif A")),
    "something behind a block's #endif": (
        5, "something behind #endif: x", c_only("#endif x")),
    "long line": (3, "a line is too long", inside("#define A " + 5000 * "1")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refuses(tmp_path, what):
    line, words, text = REFUSED[what]
    done = h2inc(tmp_path / "a.h", text)
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith(f"{tmp_path}/a.h:{line}: h2inc: "), \
        done.stderr
    assert words in done.stderr


# -- Whatever it accepts, C and NASM agree on --------------------------------

PIECES = [
    "#define N_{} {}", "#define N_{}\t{}\t/* why */", "#define N_{} {} // why",
    "# define N_{} {}", "#define N_{} /* one", " * two */ {}",
    "#define N_{} \\", "{}", "#define N_{}/**/{}", "#ifdef N_{}",
    "#ifndef N_{}", "#ifndef __ASSEMBLER__", "#ifdef __ASSEMBLER__", "#else",
    "#endif", "#if 0", "#undef N_{}", "/*", "*/", "//", "int n_{};",
    '#define N_{} "a/*b"', "#define N_{} '/'", "#define N_{} N_0",
    "#define N_{} (N_1 | {})", "#define N_{} N_2 + {}", "",
]
VALUES = ["0", "1", "7", "0x10", "0xFFFFFFFF", "0x80000000", "2147483647",
          "0xFFFFFFFFFFFFFFFF", "010", "1u", "'A'", '"text"', "~0", "-1",
          "(1 | 2)", "1 + 2 * 3", "1 << 4 | 3", "7 & 3 << 1", "8 - 3 - 2",
          "1 << 30", "1 << 31", "0x7FFFFFFF + 1", "0xE+1", "6 / 4", "5 % 3"]


def random_header(dice):
    """A good header, some of whose lines were added, lost, or changed."""
    lines = ["#ifndef GUARD", "#define GUARD",
             *(f"#define N_{i} {dice.choice(VALUES[:8])}" for i in range(4)),
             "#ifndef __ASSEMBLER__", "int n_0;", "#endif", "#endif"]
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(lines))
        change = dice.randrange(4)
        if change == 0:
            del lines[at]
        elif change == 1 and lines[at]:
            cut = dice.randrange(len(lines[at]))
            lines[at] = lines[at][:cut] + dice.choice(
                '#/*\\"\'x1 \t()|?') + lines[at][cut + dice.randrange(2):]
        else:
            piece = dice.choice(PIECES)
            lines.insert(at, piece.format(*(
                [dice.randrange(4, 8), dice.choice(VALUES)]
                if "N_{}" in piece or "n_{}" in piece
                else [dice.choice(VALUES)])))
    return "\n".join(lines) + "\n"


NAMES = [f"N_{i}" for i in range(8)] + ["GUARD"]


def prefixed(text, number):
    """Names that no other header has, so that all fit into one program."""
    return re.sub(r"\b(N_|n_|GUARD)", rf"H{number}_\1", text)


CC = os.environ.get("HOSTCC", "cc")


def expansions(tmp_path, numbers, flags):
    """({(number, name): what C's preprocessor makes of it}, the numbers of
    headers in which it found errors)"""
    asks = [f"#ifdef H{number}_{name}\n@{number} {name} H{number}_{name}\n"
            "#endif" for number in numbers for name in NAMES]
    (tmp_path / "ask.c").write_text("\n".join(
        [f'#include "{number}.h"' for number in numbers] + asks) + "\n")
    done = subprocess.run([CC, "-E", "-P", "-std=c17", *flags, "ask.c"],
                          cwd=tmp_path, check=False, capture_output=True,
                          encoding="latin-1")
    answers = re.findall(r"^ *@(\d+) (\w+) ?(.*)$", done.stdout, re.M)
    return ({(int(number), name): text for number, name, text in answers},
            {int(number) for number in
             re.findall(r"^(?:In file included from )?(\d+)\.h:", done.stderr,
                        re.M)})


PROGRAM = """\
#include <stdio.h>
#define SHOW(x) \\
\t_Generic((x), char *: show_text, default: show)((unsigned long long)(x))
static void show(unsigned long long x) { printf("%llu\\n", x); }
static void show_text(unsigned long long x) { puts((char *)x); }
int main(void) { (void)show; (void)show_text;
"""


def computed(tmp_path, texts):
    """What each value is to C: a number, a string, or "-" for nothing."""
    shows = [f"SHOW({text});" if text else 'puts("-");' for text in texts]
    (tmp_path / "all.c").write_text("\n".join([PROGRAM, *shows]) + "\n}\n")
    subprocess.run([CC, "-std=c17", "-w", "-o", tmp_path / "all",
                    tmp_path / "all.c"], check=True)
    return subprocess.run([tmp_path / "all"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.splitlines()


def values_in_nasm(tmp_path, numbers):
    """{(number, name): a number, a string, or "-" for nothing}"""
    program = [f'%include "{number}.inc"' for number in numbers]
    for number in numbers:
        for name in NAMES:
            full = f"H{number}_{name}"
            program += [f"%ifdef {full}", f"db '{number} {name} '",
                        f"%ifempty {full}", 'db "-"',
                        f"%elifstr {full}", f"db {full}", "%else",
                        f"%assign value {full}",
                        "%defstr digits value", "db digits", "%endif",
                        "db 10", "%endif"]
    (tmp_path / "all.asm").write_text("\n".join(program) + "\n")
    subprocess.run(["nasm", "-f", "bin", "-o", "all.bin", "all.asm"],
                   cwd=tmp_path, check=True)
    lines = (line.split(" ", 2) for line in
             (tmp_path / "all.bin").read_text().splitlines())
    return {(int(number), name): value for number, name, value in lines}


def same(c, nasm):
    """NASM's numbers have a sign, and its characters are short strings."""
    if re.fullmatch("-?[0-9]+", nasm):
        nasm = str(int(nasm) % (1 << 64))
    elif len(nasm) == 1 and nasm != "-":
        nasm = str(ord(nasm))
    return c == nasm


def test_both_agree_on_what_is_accepted(tmp_path):
    dice = random.Random(1)
    accepted = []
    tried = 2000
    for number in range(tried):
        text = prefixed(random_header(dice), number)
        done = h2inc(tmp_path / f"{number}.h", text)
        if done.returncode == 0:
            (tmp_path / f"{number}.inc").write_text(done.stdout)
            accepted.append(number)
        else:
            assert re.match(rf"{tmp_path}/{number}\.h:\d+: h2inc: ",
                            done.stderr), done.stderr
    # neither always yes nor always no
    assert tried // 5 < len(accepted) < tried * 4 // 5
    nasm = values_in_nasm(tmp_path, accepted)
    # As assembly's half of the header, C knows the same names, no other.
    texts, wrong = expansions(tmp_path, accepted, ["-D__ASSEMBLER__"])
    assert not wrong
    assert set(texts) == set(nasm)
    check(tmp_path, texts, nasm)
    # C itself knows these, too. What else it knows h2inc does not read, so
    # some C-only blocks are no C any more.
    texts, wrong = expansions(tmp_path, accepted, [])
    assert len(wrong) < len(accepted) // 3
    texts = {key: texts.get(key, "0/0") for key in nasm
             if key[0] not in wrong}
    check(tmp_path, texts, nasm)


def check(tmp_path, texts, nasm):
    for key, value in zip(texts, computed(tmp_path, texts.values())):
        assert same(value, nasm[key]), (
            key, value, nasm[key], (tmp_path / f"{key[0]}.h").read_text())


@pytest.mark.parametrize("compiler, language, standard", [
    ("gcc", "c", "c99"), ("gcc", "c", "c17"), ("gcc", "c++", "c++17"),
    ("clang", "c", "c99"), ("clang", "c", "c17"), ("clang", "c++", "c++17")])
def test_a_kernels_header_in_each_language(tmp_path, compiler, language,
                                           standard):
    """bootinfo.h alone is what a kernel of somebody else includes."""
    driver = {"gcc": "g++", "clang": "clang++"}[compiler] \
        if language == "c++" else compiler
    if not shutil.which(driver):
        pytest.skip(f"no {driver} here")
    source = tmp_path / "kernel.txt"
    source.write_text(
        '#include "bootinfo.h"\n'
        "uint64_t modules(const struct boot_info *info);\n"
        "uint64_t modules(const struct boot_info *info)\n"
        "{ return info->magic == BOOT_INFO_MAGIC ? info->module_count : 0; }\n")
    done = subprocess.run(
        [compiler, "-x", language, f"-std={standard}", "-ffreestanding",
         "-pedantic-errors", "-Wall", "-Wextra", "-Werror",
         "-I", ROOT / "lib/boot", "-c", source, "-o", tmp_path / "kernel.o"],
        text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_usage():
    for flags, status in ((["--help"], 0), ([], 2), (["a", "b"], 2)):
        done = subprocess.run([BUILD / "h2inc", *flags], text=True,
                              capture_output=True, check=False)
        assert done.returncode == status
        assert "usage: h2inc HEADER > INC" in (done.stderr if status else
                                               done.stdout)
