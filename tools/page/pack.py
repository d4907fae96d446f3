#!/usr/bin/env python3
"""Pack the page: engine, firmware, image, sources and names in one HTML file.

    pack.py --build DIR --engine DIR --image IMG [--kernel ELF] -o page.html

Nothing is fetched, neither now nor by the page. The firmware is that of the
packages bochsbios and vgabios.
"""

import argparse
import base64
import gzip
import hashlib
import html
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

from pygments.lexers import CLexer, GasLexer, NasmLexer
from pygments.token import (Comment, Keyword, Literal, Name, Number, String)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools/docs"))
sys.path.insert(0, str(ROOT / "tools/debug"))
import words  # noqa: E402, the debugger's, too
from header import defines  # noqa: E402, what docs/memory-map.md is made by
FIRMWARE = ("/usr/share/bochs", "/usr/local/share/bochs", "/usr/share/vgabios")
# In this order: a module comes after those it imports.
MODULES = ("names", "machine", "record", "words", "tables", "journey",
           "screen", "steps", "spans", "panes", "sentence", "draw", "ask",
           "questions", "breaks", "kernel", "events", "main")
COLOURS = ((Comment.Preproc, "p"), (Comment.PreprocFile, "p"), (Comment, "c"),
           (String, "s"), (Number, "n"), (Literal, "n"), (Keyword.Type, "t"),
           (Keyword, "k"), (Name.Function, "f"), (Name.Label, "f"))
# What only words on the kernel's command line start: not without --all-sources.
LEFT_OUT = ("kernel/test/", "kernel/bench/", "kernel/explore/")
LEXERS = {".asm": NasmLexer, ".inc": NasmLexer, ".S": GasLexer, ".s": GasLexer}


def tool(name, *arguments):
    """Lines of a binutils program's output."""
    program = os.environ.get("CROSS_COMPILE", "") + name
    return subprocess.run([program, *arguments], check=True, text=True,
                          capture_output=True).stdout.splitlines()


# ---- Sources ---------------------------------------------------------------


def coloured(name, text):
    """The file as HTML lines; <i class=k> and the like around words."""
    lexer = LEXERS.get(pathlib.Path(name).suffix, CLexer)(stripnl=False)
    found = ""
    for token, value in lexer.get_tokens(text):
        kind = next((letter for group, letter in COLOURS if token in group), "")
        parts = html.escape(value, False).split("\n")
        found += "\n".join(f"<i class={kind}>{part}</i>" if part and kind
                           else part for part in parts)
    return found


def line_rows(elf):
    """[(address, file, line)] by the line table; line 0 ends a sequence."""
    rows, directory = [], ""
    for text in tool("readelf", "-W", "--debug-dump=decodedline", str(elf)):
        unit = re.match(r"(?:CU: )?(\S+\.\w+):(?:\[\+\+\])?$", text.strip())
        row = re.match(r"(\S+)\s+(\d+|-)\s+0x([0-9a-f]+)\b", text)
        if unit:
            directory = unit[1]
        elif row and directory and row[2] != "0":  # 0: of no line
            same = os.path.basename(directory) == os.path.basename(row[1])
            name = (directory if same else row[1]).removeprefix("./")
            rows.append((int(row[3], 16), name,
                         0 if row[2] == "-" else int(row[2])))
    return rows


def sources(elfs, left_out):
    """{"files": [[name, HTML]], "lines": [addresses, files, lines]}: of files
    that a line table names, that are there and not left out; <k> and </> for
    <i class=k> and </i>."""
    files, lines = {}, {}
    for elf in elfs:
        for address, name, line in line_rows(elf):
            # 0x600: of sections that the linker dropped
            if address < 0x600 or name.startswith(left_out):
                continue
            if name not in files:
                places = ROOT / name, elf.resolve().parent / name
                path = next(filter(pathlib.Path.is_file, places), None)
                files[name] = path and coloured(
                    name, path.read_text(errors="replace"))
            if files[name] and (line or address not in lines):
                lines[address] = (name, line)
    names = [name for name, text in files.items() if text]
    rows = [(address, names.index(name), line)
            for address, (name, line) in sorted(lines.items())]
    return {"files": [[name, re.sub("<i class=(.)>", r"<\1>", files[name])
                       .replace("</i>", "</>")] for name in names],
            "lines": [differences(column) for column in zip(*rows)]}


def differences(column):
    """What each number adds to the one before: packed, a third."""
    return [now - was for was, now in zip((0, *column), column)]


def symbols(elf, stage):
    """[[address, name, stage, size]] of code and variables."""
    found = []
    for text in tool("nm", "-n", "-S", str(elf)):
        match = re.match(r"([0-9a-f]+) (?:([0-9a-f]+) )?([tTbBdDrR]) (\S+)$",
                         text)
        # among data, ..._end is where something ends, not what lies there
        if match and int(match[1], 16) >= 0x600 and (
                match[3] in "tT" or not match[4].endswith("_end")):
            found.append([int(match[1], 16), match[4], stage,
                          int(match[2] or "0", 16)])
    return found


# ---- Tables of lib/boot ------------------------------------------------------


def layout():
    """[[name, from, to, what]] of layout.h."""
    entries = defines("layout.h")
    values = {entry.name: entry.value for entry in entries}
    names = [entry.name.removesuffix("_ADDR") for entry in entries]
    return [[name, int(entry.value, 0), int(values[name + "_END"], 0),
             entry.about]
            for name, entry in zip(names, entries) if name + "_END" in values]


def kernel_lba(image):
    """Where the kernel begins in an image of ours."""
    at = {entry.name: entry.value for entry in defines("image.h")}
    return struct.unpack_from("<I", image, 512 + int(at["HEADER_BLOBS"], 0)
                              + int(at["BLOB_LBA"], 0))[0]


def chapters():
    """[[symbol that begins it, name, one sentence]] of journey.h."""
    found = {entry.name: entry.value.strip('"')
             for entry in defines("journey.h")}
    return [[found[name[:-3] + part] for part in ("_AT", "_NAME", "_TEXT")]
            for name in found if name.endswith("_AT")]


# ---- One file ---------------------------------------------------------------


def module(name):
    """A module without its imports and exports: all stand in one script."""
    text = (HERE / f"{name}.mjs").read_text()
    text = re.sub(r'^import [^;]*?from "[^"]*";\n', "", text, flags=re.M)
    return re.sub(r"^export ", "", text, flags=re.M)


def script():
    """All modules. What two of them define, the browser does not take."""
    return "\n".join(map(module, MODULES)).replace("</script", "<\\/script")


def compressed(data):
    """By zopfli, 4 % smaller, where it is installed."""
    if not shutil.which("zopfli"):
        return gzip.compress(data, 9, mtime=0)
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return subprocess.run(["zopfli", "-c", file.name], check=True,
                              stdout=subprocess.PIPE).stdout


def packed(name, data):
    text = base64.b64encode(compressed(data)).decode()
    return f'<script type="text/plain" id="data-{name}">{text}</script>\n'


def firmware(name):
    for folder in FIRMWARE:
        path = pathlib.Path(folder) / name
        if path.is_file():
            return path.read_bytes()
    sys.exit(f"pack: no {name}: sh tools/setup.sh --page installs it")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--engine", type=pathlib.Path, required=True)
    parser.add_argument("--image", type=pathlib.Path, required=True)
    parser.add_argument("--kernel", type=pathlib.Path)
    parser.add_argument("--mkimage", type=pathlib.Path)
    parser.add_argument("--all-sources", action="store_true")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    options = parser.parse_args()

    image = options.image.read_bytes()
    own = image[512:516] == b"FLIT"
    elfs = [(options.build / "bootsector.elf", "boot sector"),
            (options.build / "stage2.elf", "stage 2")] if own else []
    if options.kernel and options.kernel.is_file():
        elfs.append((options.kernel, "kernel"))
    names = sorted(row for elf, stage in elfs for row in symbols(elf, stage))
    addresses, *others = zip(*names) if names else [()] * 4
    bios, vgabios = firmware("BIOS-bochs-latest"), firmware(
        "VGABIOS-lgpl-latest")
    data = {"image": options.image.name, **sources(
                [elf for elf, _ in elfs],
                () if options.all_sources else LEFT_OUT),
            "symbols": [differences(addresses), *others],
            "layout": layout() if own else [],
            "chapters": chapters(), "exceptions": words.exceptions(),
            "bits": {name.replace("eflags", "rflags"): [
                [bit, *told] for bit, told in bits.items()]
                for name, bits in words.BITS.items()},
            "kernelLba": kernel_lba(image) if own else 0,
            "build": f"{struct.unpack_from('<Q', image, 528)[0]:016x}"
                     if own else hashlib.sha256(image).hexdigest()[:16],
            "bios": hashlib.sha256(bios).hexdigest()}
    wasm = {"engine": options.engine / "engine"}
    parts = {"json": json.dumps(data, separators=(",", ":")).encode(),
             "bios": bios, "vgabios": vgabios, "image": image}
    if options.mkimage:
        wasm["mkimage"] = options.mkimage
        for name in ("bootsector", "stage2", "diag", "uefi"):
            parts[name] = (options.build / f"{name}.bin").read_bytes()
    page = (HERE / "page.html").read_text()
    for name, path in wasm.items():
        parts[name] = path.with_suffix(".wasm").read_bytes()
        parts[name + "-js"] = path.with_suffix(".js").read_bytes()
    page = page.replace("/* style */", (HERE / "page.css").read_text())
    page = page.replace("<!-- data -->", "".join(
        packed(name, part) for name, part in parts.items()))
    page = page.replace("/* script */", script())
    temporary = options.output.with_suffix(".tmp")
    temporary.write_text(page)
    temporary.replace(options.output)
    size = len(page.encode())
    print(f"{options.output}: {size:,} bytes,"
          f" {len(gzip.compress(page.encode(), 9)):,} gzipped")


if __name__ == "__main__":
    main()
