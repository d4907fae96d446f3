"""Which code lies at an address: of 16, 32 or 64 bits?

The next instruction is what the CPU says. Of all others the source knows: the
last BITS before a line of NASM's, .code16 of an assembler's like GNU's; C is
64-bit in an ELF64 file, unless its section says 16 or 32. Where there is no
source, the CPU's mode has to do.
"""

import functools
import os
import re

import gdb

import cpu

DIRECTIVE = re.compile(r"^\s*\[?\s*(?:use|bits\s*|\.code)(16|32|64)\b", re.I)
INCLUDE = re.compile(r'^\s*%include\s+["\']([^"\']+)', re.I)
MACRO = re.compile(r"^\s*%i?macro\s+(\S+)", re.I)
ROWS = 64  # of the line table, that one macro may make
END_MACRO = re.compile(r"^\s*%endm", re.I)


@functools.lru_cache(None)
def lines_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as source:
            return source.read().splitlines()
    except OSError:
        return []


def included(path, name):
    """An included file: beside the other, or from a folder above it."""
    folder = os.path.dirname(os.path.abspath(path))
    while True:
        if os.path.isfile(os.path.join(folder, name)):
            return os.path.join(folder, name)
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)


@functools.lru_cache(None)
def macros(path):
    """{macro: bits} of a file's macros, and of those it includes."""
    found, name = {}, None
    for line in lines_of(path):
        include, macro = INCLUDE.match(line), MACRO.match(line)
        bits = DIRECTIVE.match(line)
        if include and included(path, include[1]):
            found.update(macros(included(path, include[1])))
        elif macro:
            name = macro[1]
        elif END_MACRO.match(line):
            name = None
        elif bits and name:
            found[name] = int(bits[1])
    return found


@functools.lru_cache(None)
def of_lines(path):
    """[bits or None] of each line of an assembly file; None: unknown."""
    found, bits, inside = [], None, False
    changing = macros(path)
    for line in lines_of(path):
        word = line.split()[0] if line.split() else ""
        directive = DIRECTIVE.match(line)
        inside = (inside or MACRO.match(line)) and not END_MACRO.match(line)
        if not inside:
            bits = int(directive[1]) if directive else changing.get(word, bits)
        found.append(None if inside else bits)
    return found


def of_source(address):
    """By the line that made it, or, for lines of a macro, the code before."""
    for _ in range(ROWS):
        place = gdb.find_pc_line(address)
        if not place.symtab or not place.line:
            return None
        path = place.symtab.fullname()
        if not re.search(r"\.(asm|inc|nasm|s|S)$", path):
            return None
        known = of_lines(path)
        if place.line <= len(known) and known[place.line - 1]:
            return known[place.line - 1]
        address = place.pc - 1
    return None


def is_elf64(objfile):
    with open(objfile.filename, "rb") as file:
        return file.read(5)[4:] == b"\2"


def of_c(address):
    """C is compiled for 64 bits, if its file is."""
    place = gdb.find_pc_line(address)
    if not place.symtab or not re.search(r"\.[ch]$", place.symtab.filename):
        return None
    return 64 if is_elf64(place.symtab.objfile) else None


def of_section(address):
    """By the symbol table, which is there without debug information, too."""
    text = gdb.execute(f"info symbol {address:#x}", to_string=True)
    section = re.search(r" in section (\S+)", text)
    if not section:
        return None
    named = re.search(r"(16|32)$", section[1])
    if named:
        return int(named[1])
    # The loader's files hold code of all kinds in one section.
    return None if section[1] == ".image" else 64


@functools.lru_cache(None)
def of_file(address):
    return of_source(address) or of_c(address) or of_section(address)


def at(address):
    """16, 32 or 64."""
    if address == cpu.code_address():
        return cpu.mode()
    return of_file(address) or cpu.mode()


def forget(_event=None):
    """Another file of symbols has come."""
    of_file.cache_clear()


gdb.events.new_objfile.connect(forget)
gdb.events.clear_objfiles.connect(forget)
