"""Pixels -> characters: a screen of 80 columns read by its exact glyphs.

The font is taken from the VGA BIOS that draws it. Video memory is never
looked at: what counts is what a person would see.
"""

import functools
import os
import re
import subprocess

COLUMNS, ROWS, HEIGHT = 80, 25, 16
# In graphics mode 12h a BIOS draws 30 rows.
HEIGHTS = (ROWS * HEIGHT, 30 * HEIGHT)

# The sixteen text colours as quarters of full red, green, blue.
PALETTE = {(0, 0, 0): 0, (0, 0, 2): 1, (0, 2, 0): 2, (0, 2, 2): 3,
           (2, 0, 0): 4, (2, 0, 2): 5, (2, 1, 0): 6, (2, 2, 2): 7,
           (1, 1, 1): 8, (1, 1, 3): 9, (1, 3, 1): 10, (1, 3, 3): 11,
           (3, 1, 1): 12, (3, 1, 3): 13, (3, 3, 1): 14, (3, 3, 3): 15}

# 'A' in the 8x16 font that SeaBIOS and the Bochs VGA BIOS share.
GLYPH_A = bytes.fromhex("000010386cc6c6fec6c6c6c600000000")

ROMS = ["vgabios-stdvga.bin", "vgabios.bin"]
ROM_DIRECTORIES = ["/usr/share/seabios", "/usr/share/qemu",
                   "/usr/share/bochs"]


def rom_paths():
    for directory in rom_directories():
        for rom in ROMS + ["VGABIOS-lgpl-latest"]:
            yield f"{directory}/{rom}"


def rom_directories():
    qemu = os.environ.get("QEMU", "qemu-system-x86_64")
    try:
        listed = subprocess.run([qemu, "-L", "help"], capture_output=True,
                                text=True, check=False).stdout.split()
    except FileNotFoundError:
        listed = []
    return listed + ROM_DIRECTORIES


@functools.lru_cache(None)
def font():
    """{16 bytes of a glyph: its character code}"""
    for path in rom_paths():
        if not os.path.exists(path):
            continue
        with open(path, "rb") as file:
            rom = file.read()
        start = rom.find(GLYPH_A) - 16 * ord("A")
        if start >= 0:
            glyphs = [rom[start + 16 * i:][:16] for i in range(256)]
            # Several codes look alike (0, 32, 255): text prefers ASCII.
            order = [*range(128, 256), *range(32), *range(32, 127)]
            return {glyphs[code]: code for code in order}
    raise FileNotFoundError("no VGA BIOS with an 8x16 font: install seabios")


def colour(pixel):
    return PALETTE.get(tuple((v + 42) // 85 for v in pixel))


class Cell:
    """One character: char, foreground and background (0..15 or None)."""

    def __init__(self, char, foreground, background):
        self.char = char
        self.foreground = foreground
        self.background = background


@functools.lru_cache(None)
def read_cell(pixels, width):
    """16 rows of width RGB pixels -> Cell; '\\N{REPLACEMENT CHARACTER}'
    for what is no glyph of the font."""
    rows = [[pixels[3 * (y * width + x):][:3] for x in range(width)]
            for y in range(HEIGHT)]
    colours = sorted({pixel for row in rows for pixel in row})
    if len(colours) == 1:
        return Cell(" ", None, colour(colours[0]))
    if len(colours) == 2:
        found = [match(rows, *pair) for pair in (colours, colours[::-1])]
        found = [cell for cell in found if cell]
        if found:
            return min(found, key=lambda cell: not cell.char.isascii())
    return Cell("\N{REPLACEMENT CHARACTER}", None, None)


def match(rows, foreground, background):
    bits = bytes(sum(0x80 >> x for x in range(8) if row[x] == foreground)
                 for row in rows)
    code = font().get(bits)
    if code is None:
        # The cursor hides the last rows of its cell.
        if not all(bits[y] in (0, 0xFF) for y in range(13, HEIGHT)):
            return None
        code = font().get(bits[:13] + bytes(3))
        if code is None:
            return None
    char = bytes([code]).decode("cp437") if code else " "
    return Cell(char, colour(foreground), colour(background))


class Screen:
    """cells[row][column] and what they say.

    text  lines without trailing blanks
    flow  all rows without line ends: what was broken at column 80 is whole
    """

    def __init__(self, width, height, pixels):
        """pixels: RGB, 3 bytes each, row by row"""
        self.size = width, height
        self.pixels = pixels
        if width % COLUMNS or height not in HEIGHTS:
            self.cells = []
        else:
            self.cells = [[self.cell(row, column)
                           for column in range(COLUMNS)]
                          for row in range(height // HEIGHT)]
        rows = ["".join(cell.char for cell in line) for line in self.cells]
        self.flow = "".join(rows)
        self.text = "\n".join(row.rstrip() for row in rows).rstrip()

    @classmethod
    def from_ppm(cls, path):
        with open(path, "rb") as file:
            kind, size, depth = [file.readline() for _ in range(3)]
            if kind != b"P6\n" or depth != b"255\n":
                raise ValueError(f"{path}: not QEMU's kind of PPM")
            return cls(*map(int, size.split()), file.read())

    @classmethod
    def from_png(cls, path):
        from PIL import Image
        with Image.open(path) as image:
            return cls(*image.size, image.convert("RGB").tobytes())

    def cell(self, row, column):
        width = self.size[0] // COLUMNS
        stride = 3 * self.size[0]
        start = row * HEIGHT * stride + column * width * 3
        pixels = b"".join(
            self.pixels[at:at + 3 * width]
            for at in range(start, start + HEIGHT * stride, stride))
        return read_cell(pixels, width)

    def shows(self, pattern):
        return (re.search(pattern, self.text, re.MULTILINE) or
                re.search(pattern, self.flow))

    def find(self, text):
        """(row, column) of the text's first character; None"""
        for row, line in enumerate(self.text.split("\n")):
            if text in line:
                return row, line.index(text)
        return None

    def save_png(self, path):
        from PIL import Image
        Image.frombytes("RGB", self.size, self.pixels).save(path)


class TextScreen(Screen):
    """A screen of which only the characters are known, without colours."""

    def __init__(self, lines):
        glyphs = {code: glyph for glyph, code in font().items()}
        blank = bytes(HEIGHT)
        pixels = bytearray()
        for line in (lines + [""] * ROWS)[:ROWS]:
            codes = line.encode("cp437", "replace").ljust(COLUMNS)[:COLUMNS]
            for y in range(HEIGHT):
                for code in codes:
                    bits = f"{glyphs.get(code, blank)[y]:08b}"
                    pixels += b"".join(b"\xAA\xAA\xAA" if bit == "1" else
                                       bytes(3) for bit in bits)
        super().__init__(8 * COLUMNS, ROWS * HEIGHT, bytes(pixels))

