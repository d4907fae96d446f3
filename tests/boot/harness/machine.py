"""A machine as a row of the table names it -> QEMU's command line."""

import dataclasses
import json
import pathlib
import shlex

# bus -> the devices that hang the node "disk" on it
BUSES = {
    "ide": ["ide-hd,drive=disk,bus=ide.0,bootindex=0"],
    "ide-slave": ["ide-hd,drive=disk,bus=ide.1,unit=1,bootindex=0"],
    "ide-pci": ["piix4-ide,id=pata",
                "ide-hd,drive=disk,bus=pata.0,bootindex=0"],
    "ahci": ["ahci,id=sata", "ide-hd,drive=disk,bus=sata.0,bootindex=0"],
    "usb-uhci": ["piix3-usb-uhci,id=usb",
                 "usb-storage,drive=disk,bus=usb.0,bootindex=0"],
    "usb-ohci": ["pci-ohci,id=usb",
                 "usb-storage,drive=disk,bus=usb.0,bootindex=0"],
    "usb-ehci": ["usb-ehci,id=usb",
                 "usb-storage,drive=disk,bus=usb.0,bootindex=0"],
    "usb-xhci": ["qemu-xhci,id=usb",
                 "usb-storage,drive=disk,bus=usb.0,bootindex=0"],
    "usb-nec-xhci": ["nec-usb-xhci,id=usb",
                     "usb-storage,drive=disk,bus=usb.0,bootindex=0"],
    "usb-hub": ["piix3-usb-uhci,id=usb", "usb-hub,bus=usb.0,port=1",
                "usb-storage,drive=disk,bus=usb.0,port=1.2,bootindex=0"],
    "usb-uas": ["usb-ehci,id=usb", "usb-uas,id=uas,bus=usb.0",
                "scsi-hd,drive=disk,bus=uas.0,scsi-id=0,lun=0,bootindex=0"],
    "nvme": ["nvme,drive=disk,serial=1,bootindex=0"],
    "virtio-blk": ["virtio-blk-pci,drive=disk,bootindex=0"],
    "virtio-blk-modern": ["virtio-blk-pci-non-transitional,drive=disk,"
                          "bootindex=0"],
    "virtio-scsi": ["virtio-scsi-pci,id=scsi",
                    "scsi-hd,drive=disk,bus=scsi.0,bootindex=0"],
    "lsi": ["lsi53c895a,id=scsi",
            "scsi-hd,drive=disk,bus=scsi.0,bootindex=0"],
    "esp": ["am53c974,id=scsi",
            "scsi-hd,drive=disk,bus=scsi.0,bootindex=0"],
    "megasas": ["megasas,id=scsi",
                "scsi-hd,drive=disk,bus=scsi.0,bootindex=0"],
    "mptsas": ["mptsas1068,id=scsi",
               "scsi-hd,drive=disk,bus=scsi.0,bootindex=0"],
    "pvscsi": ["pvscsi,id=scsi",
               "scsi-hd,drive=disk,bus=scsi.0,bootindex=0"],
    "sd": ["sdhci-pci", "sd-card,drive=disk"],
    "floppy": ["floppy,drive=disk,drive-type=144"],
    "floppy-q35": ["isa-fdc,id=fdc,bootindexA=0",
                   "floppy,drive=disk,drive-type=144,bus=fdc.0"],
    "cdrom": ["ide-cd,drive=disk,bus=ide.0,bootindex=0"],
    "ahci-cdrom": ["ahci,id=sata",
                   "ide-cd,drive=disk,bus=sata.0,bootindex=0"],
    "scsi-cdrom": ["lsi53c895a,id=scsi",
                   "scsi-cd,drive=disk,bus=scsi.0,bootindex=0"],
    "usb-cdrom": ["qemu-xhci,id=usb",
                  "usb-bot,id=bot,bus=usb.0",
                  "scsi-cd,drive=disk,bus=bot.0,scsi-id=0,lun=0,"
                  "bootindex=0"],
    "mmio": ["virtio-blk-device,drive=disk,bootindex=0"],
    # behind another disk, which the BIOS boots: tests/hostile
    "second": ["ide-hd,drive=disk,bus=ide.1,bootindex=1"],
}
BUSES |= {f"second-{bus}": [device.replace("bootindex=0", "bootindex=1")
                            for device in BUSES[bus]]
          for bus in ("ahci", "usb-uhci", "usb-ehci", "usb-xhci", "nvme",
                      "virtio-blk", "virtio-scsi", "lsi", "megasas")}

# Image formats by their files' suffixes; all others are raw.
FORMATS = {".vdi": "vdi", ".vmdk": "vmdk", ".vhd": "vpc"}

VIDEO = {
    "std": ["-vga", "std"], "cirrus": ["-vga", "cirrus"],
    "vmware": ["-vga", "vmware"], "virtio": ["-vga", "virtio"],
    "qxl": ["-vga", "qxl"], "none": ["-vga", "none"],
    "ati": ["-vga", "none", "-device", "ati-vga"],
    "ramfb": ["-vga", "none", "-device", "ramfb"],
    "bochs-display": ["-vga", "none", "-device", "bochs-display"],
}

# Firmware of Debian's packages seabios, bochsbios, vgabios and ovmf.
FIRMWARE = {
    "ovmf": "/usr/share/ovmf/OVMF.fd",
    "seabios-128k": "/usr/share/seabios/bios.bin",
    "seabios-256k": "/usr/share/seabios/bios-256k.bin",
    "seabios-microvm": "/usr/share/seabios/bios-microvm.bin",
    "bochs": "/usr/share/bochs/BIOS-bochs-latest",
    "bochs-legacy": "/usr/share/bochs/BIOS-bochs-legacy",
    "vga-seabios": "/usr/share/seabios/vgabios-stdvga.bin",
    "vga-seabios-isa": "/usr/share/seabios/vgabios-isavga.bin",
    "vga-bochs": "/usr/share/bochs/VGABIOS-lgpl-latest",
    "vga-lgpl": "/usr/share/vgabios/vgabios.bin",
    "vga-lgpl-std": "/usr/share/vgabios/vgabios-stdvga.bin",
    "vga-lgpl-cirrus": "/usr/share/vgabios/vgabios.cirrus.bin",
}


@dataclasses.dataclass(frozen=True)
class Machine:
    """What a row can say about the machine.

    emulator   "qemu", "bochs" or "v86"
    board      QEMU's machine with its options
    bus        key of BUSES
    cpu        the emulator's name for it, with flags
    memory     as QEMU's -m wants it: 64M, 3G
    video      key of VIDEO
    firmware   key of FIRMWARE; "": what the emulator takes by itself
    vgabios    the same for the video BIOS
    serial     is there a COM1?
    debugcon   does port E9h read back?
    exit_port  is there isa-debug-exit?
    extra      further arguments
    plain      nothing but -drive, as a newcomer would type it
    """

    emulator: str = "qemu"
    board: str = "pc"
    bus: str = "ide"
    cpu: str = "qemu64"
    memory: str = "64M"
    video: str = "std"
    firmware: str = ""
    vgabios: str = ""
    serial: bool = True
    debugcon: bool = True
    exit_port: bool = False
    extra: tuple = ()
    plain: bool = False

    def has_screen(self):
        return self.video not in ("none", "ramfb", "bochs-display")

    def files(self):
        """Files of the distribution that it needs."""
        return [FIRMWARE[name] for name in (self.firmware, self.vgabios)
                if name]


def value(text):
    """For QEMU's options, in which a comma ends a value and two are one."""
    return str(text).replace(",", ",,")


def megabytes(memory):
    """Of "64M" or "3G"."""
    return int(memory[:-1]) * {"M": 1, "G": 1024}[memory[-1]]


def video_argv(machine):
    if not machine.vgabios:
        return VIDEO[machine.video]
    return ["-vga", "none", "-device",
            f"VGA,romfile={FIRMWARE[machine.vgabios]}"]


def disk_node(image, bus, faults):
    """The -blockdev of the disk; faults are blkdebug inject-error dicts."""
    file = {"driver": "file", "filename": str(image)}
    if faults:
        file = {"driver": "blkdebug", "image": file,
                "inject-error": list(faults)}
    return {"driver": FORMATS.get(pathlib.Path(image).suffix, "raw"),
            "node-name": "disk", "file": file,
            "read-only": "cdrom" in bus}


def qemu_argv(machine, image, faults=()):
    """QEMU's arguments but for the channels, which qemu.py adds."""
    if machine.plain:
        argv = ["-drive", f"format=raw,file={value(image)}"]
    else:
        argv = ["-nodefaults", "-machine", machine.board,
                "-cpu", machine.cpu, "-m", machine.memory,
                *video_argv(machine),
                "-blockdev",
                json.dumps(disk_node(image, machine.bus, faults))]
        for device in BUSES[machine.bus]:
            argv += ["-device", device]
    if machine.firmware:
        argv += ["-bios", FIRMWARE[machine.firmware]]
    argv += ["-display", "none", "-no-reboot", *machine.extra]
    argv += ["-serial", "chardev:com1" if machine.serial else "none"]
    if machine.debugcon and not machine.plain:
        argv += ["-device", "isa-debugcon,iobase=0xe9,chardev=e9"]
    if machine.exit_port:
        argv += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    return argv


def by_hand(argv):
    """The command line for a person: COM1 becomes the terminal."""
    line, skip = [], False
    for word, following in zip(argv, argv[1:] + [""]):
        if skip:
            skip = False
        elif word in ("-chardev", "-mon"):
            skip = True
        else:
            word = word.replace("chardev:com1", "mon:stdio")
            line.append(word)
    if any("chardev=e9" in word for word in line):
        line += ["-chardev", "file,id=e9,path=/dev/null"]
    return shlex.join(line)
