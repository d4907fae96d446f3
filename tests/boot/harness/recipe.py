"""A row's disk: what mkimage makes, then the damage done to it."""

import dataclasses
import hashlib
import os
import pathlib
import struct
import subprocess

from .words import ROOT, defines

BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
SECTOR = 512
MEBIBYTE = 1 << 20


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What the image is made of.

    kernel    an ELF under build/
    modules   files under build/
    cmdline   kernel command line
    flags     further mkimage options
    damage    functions (bytearray, Layout) -> None, or to a new bytearray
    medium    "disk", "sd", which is padded, or a key of MEDIA
    """

    kernel: str = "kernel.elf"
    modules: tuple = ()
    cmdline: str = "exit"
    flags: tuple = ()
    damage: tuple = ()
    medium: str = "disk"


class Layout:
    """Where the regions of an image lie, in bytes, as its header says."""

    def __init__(self, image):
        at = defines("image.h")

        def number(offset, kind="<I"):
            return struct.unpack_from(kind, image, offset)[0]

        header = at["HEADER_LBA"] * SECTOR
        self.regions = {
            "header": (header, SECTOR),
            "cmdline": (header + at["HEADER_CMDLINE"], at["CMDLINE_MAX"]),
            "stage2": (at["STAGE2_LBA"] * SECTOR, SECTOR *
                       number(header + at["HEADER_STAGE2_SECTORS"], "<H"))}
        stage2_end = sum(self.regions["stage2"])
        self.regions["diag"] = (
            stage2_end, SECTOR * image[header + at["HEADER_DIAG_SECTORS"]])
        self.blobs = []
        for i in range(number(header + at["HEADER_BLOB_COUNT"], "<H")):
            blob = header + at["HEADER_BLOBS"] + i * at["BLOB_SIZE"]
            where = (number(blob + at["BLOB_LBA"]) * SECTOR,
                     number(blob + at["BLOB_BYTES"]))
            self.blobs.append(where)
            self.regions["kernel" if i == 0 else
                         "module" if i == 1 else f"module{i}"] = where
        self.loaded_sectors = image[at["BS_SECTORS"]]

    def start(self, region):
        return self.regions[region][0]

    def middle(self, region):
        start, size = self.regions[region]
        return start + size // 2

    def last(self, region):
        start, size = self.regions[region]
        return start + size - 1


# -- damage: each returns a function for Recipe.damage ---------------------

@dataclasses.dataclass(frozen=True)
class Flip:
    """One bit of a region: at its start, middle, last byte, at an offset, or
    at a share of its length as a float."""
    region: str
    where: object = "middle"
    bit: int = 0

    def __call__(self, image, layout):
        start, size = layout.regions[self.region]
        if isinstance(self.where, float):
            at = start + int(self.where * size)
        elif isinstance(self.where, int):
            at = start + self.where
        else:
            at = getattr(layout, self.where)(self.region)
        image[at] ^= 1 << self.bit


@dataclasses.dataclass(frozen=True)
class Poke:
    """Bytes at an absolute offset."""
    offset: int
    data: bytes

    def __call__(self, image, layout):
        image[self.offset:self.offset + len(self.data)] = self.data


@dataclasses.dataclass(frozen=True)
class Cut:
    """The image ends in the middle of a region, as after a broken dd.

    fill  None: the file ends there; a byte: what an old stick holds behind
    """
    region: str
    where: str = "middle"
    fill: object = 0

    def __call__(self, image, layout):
        at = getattr(layout, self.where)(self.region) // SECTOR * SECTOR
        if self.fill is None:
            del image[at:]
        else:
            image[at:] = bytes([self.fill]) * (len(image) - at)


@dataclasses.dataclass(frozen=True)
class Pad:
    """Zeros behind the image, to a power of two at least."""
    size: int = 0

    def __call__(self, image, layout):
        size = max(self.size, 1 << (len(image) - 1).bit_length())
        image.extend(bytes(size - len(image)))


@dataclasses.dataclass(frozen=True)
class Header:
    """Bytes of the header, and its sum made right again, so that the boot
    sector believes it; its CRC too, for stage 2, unless crc is False."""
    offset: int
    data: bytes
    crc: bool = True

    def __call__(self, image, layout):
        at = defines("image.h")
        start = layout.start("header")
        end = layout.last("stage2") + 1

        def put(field, value):
            struct.pack_into("<I", image, start + at[field], value)

        where = start + self.offset
        image[where:where + len(self.data)] = self.data
        put("HEADER_SUM", 0)
        if self.crc:
            put("HEADER_CRC", 0)
            put("HEADER_CRC", crc32c(image[start:start + SECTOR],
                                     at["CRC32C_POLYNOMIAL"]))
        words = struct.unpack(f"<{(end - start) // 4}I", image[start:end])
        put("HEADER_SUM", -sum(words) % (1 << 32))


def crc32c(data, polynomial):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (polynomial if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


# medium -> the target of tools.mk, the file that it makes, the tool it needs
MEDIA = {"floppy": ("floppy", "floppy.img", "truncate"),
         "cd": ("iso", "firstlight.iso", "xorriso"),
         "vdi": ("vdi", "firstlight.vdi", "qemu-img"),
         "vmdk": ("vmdk", "firstlight.vmdk", "qemu-img"),
         "vhd": ("vhd", "firstlight.vhd", "qemu-img")}


# -- making ----------------------------------------------------------------

def mkimage(recipe, path):
    argv = [str(BUILD / "mkimage"), "--kernel", str(BUILD / recipe.kernel)]
    for module in recipe.modules:
        argv += ["--module", str(BUILD / module)]
    if recipe.cmdline:
        argv += ["--cmdline", recipe.cmdline]
    argv += [*recipe.flags, "-o", str(path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"mkimage failed: {done.stderr.strip()}")


def make(recipe, directory):
    """Make the image; (path, Layout of the undamaged image)."""
    path = pathlib.Path(directory) / "disk.img"
    mkimage(recipe, path)
    image = bytearray(path.read_bytes())
    layout = Layout(image)
    for damage in recipe.damage + ((Pad(),) if recipe.medium == "sd" else ()):
        damage(image, layout)
    path.write_bytes(image)
    if recipe.medium in MEDIA:
        path = make_medium(recipe.medium, path)
    return path, layout


def make_medium(medium, path):
    """What `make iso` and its like make of the image."""
    target, name, _ = MEDIA[medium]
    directory = path.parent
    image = path.rename(directory / "firstlight.img")
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("MAKE")}
    # -o: the image is new enough
    done = subprocess.run(
        ["make", "-s", f"BUILD={directory}", "-o", image, target], cwd=ROOT,
        env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"make {target} failed: {done.stderr.strip()}")
    return directory / name


def digest(path, size=None):
    """Of the first size bytes: Bochs lengthens images to its geometry."""
    data = pathlib.Path(path).read_bytes()[:size]
    return hashlib.sha256(data).hexdigest()
