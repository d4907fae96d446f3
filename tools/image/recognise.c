/*
 * recognise.c - what is in this file?
 */
#include <string.h>

#include "boot/image.h"
#include "boot/layout.h"
#include "iso.h"
#include "recognise.h"

#define HEAD_BYTES 1024 /* as many as the marks at fixed places need */
#define FOOTER_BYTES 512

#define QEMU_IMG "convert it with 'qemu-img convert -O raw FILE disk.img'"
#define UNPACK(command) "unpack it with '" command " FILE'"
#define MKIMAGE "make an image with 'mkimage --kernel FILE -o disk.img'"
#define ANOTHER "name a disk image, as 'make' leaves in build/firstlight.img"

/* A format's mark: `size` bytes at `offset` of the file, or of its last 512
 * bytes. */
struct mark {
	unsigned int offset;
	unsigned int size;
	const char *bytes;
	enum kind kind;
	const char *what;
	const char *remedy;
};

#define MARK(offset, bytes, kind, what, remedy) \
	{                                                            \
		offset, sizeof(bytes) - 1, bytes, kind, what, remedy \
	}

/* No boot sector starts like these, and no code. */
static const struct mark marks[] = {
	/* QEMU: docs/interop/qcow2.txt, qed_spec.txt */
	MARK(0, "QFI\xfb\0\0\0\1", KIND_CONTAINER,
	     "a qcow disk image, as QEMU has it", QEMU_IMG),
	MARK(0, "QFI\xfb", KIND_CONTAINER, "a qcow2 disk image, as QEMU has it",
	     QEMU_IMG),
	MARK(0, "QED\0", KIND_CONTAINER, "a QED disk image, as QEMU has it",
	     QEMU_IMG),
	/* VMware: Virtual Disk Format 1.1 */
	MARK(0, "KDMV", KIND_CONTAINER, "a VMDK disk image, as VMware has it",
	     QEMU_IMG),
	MARK(0, "COWD", KIND_CONTAINER, "a VMDK disk image, as VMware has it",
	     QEMU_IMG),
	MARK(0, "# Disk DescriptorFile", KIND_CONTAINER,
	     "a VMDK descriptor, which names the disk's other files", QEMU_IMG),
	/* VirtualBox: VDICore.h */
	MARK(0x40, "\x7f\x10\xda\xbe", KIND_CONTAINER,
	     "a VDI disk image, as VirtualBox has it", QEMU_IMG),
	MARK(0x40, "\xbe\xda\x10\x7f", KIND_CONTAINER,
	     "a VDI disk image, as VirtualBox has it", QEMU_IMG),
	/* Microsoft: VHD specification, [MS-VHDX], WIM */
	MARK(0, "conectix", KIND_CONTAINER,
	     "a VHD disk image, as Hyper-V has it", QEMU_IMG),
	MARK(0, "vhdxfile", KIND_CONTAINER,
	     "a VHDX disk image, as Hyper-V has it", QEMU_IMG),
	MARK(0, "MSWIM\0\0\0", KIND_CONTAINER, "a WIM, as Windows Setup has it",
	     ANOTHER),
	MARK(0, "WithoutFreeSpace", KIND_CONTAINER,
	     "an HDD disk image, as Parallels has it", QEMU_IMG),
	MARK(0, "WithouFreSpacExt", KIND_CONTAINER,
	     "an HDD disk image, as Parallels has it", QEMU_IMG),
	MARK(0, "Bochs Virtual HD Image", KIND_CONTAINER,
	     "a growing disk image, as Bochs has it", QEMU_IMG),
	MARK(0, "\x3a\xff\x26\xed", KIND_CONTAINER,
	     "a sparse image, as Android has it",
	     "convert it with 'simg2img FILE disk.img'"),

	MARK(0, "\x1f\x8b\x08", KIND_PACKED, "a file compressed by gzip",
	     UNPACK("gunzip")),
	MARK(0, "\x1f\x9d", KIND_PACKED, "a file compressed by compress",
	     UNPACK("uncompress")),
	MARK(4, "1AY&SY", KIND_PACKED, "a file compressed by bzip2",
	     UNPACK("bunzip2")),
	MARK(0,
	     "\xfd"
	     "7zXZ\0",
	     KIND_PACKED, "a file compressed by xz", UNPACK("unxz")),
	MARK(0, "\x5d\0\0\x80\0", KIND_PACKED, "a file compressed by lzma",
	     UNPACK("unlzma")),
	MARK(0, "LZIP", KIND_PACKED, "a file compressed by lzip",
	     UNPACK("lzip -d")),
	MARK(0, "\x28\xb5\x2f\xfd", KIND_PACKED, "a file compressed by zstd",
	     UNPACK("unzstd")),
	MARK(0, "\x04\x22\x4d\x18", KIND_PACKED, "a file compressed by lz4",
	     UNPACK("unlz4")),
	MARK(0, "PK\3\4", KIND_PACKED, "a ZIP archive", UNPACK("unzip")),
	MARK(0, "PK\5\6", KIND_PACKED, "an empty ZIP archive", ANOTHER),
	MARK(0, "7z\xbc\xaf\x27\x1c", KIND_PACKED, "a 7z archive",
	     UNPACK("7z x")),
	MARK(0, "Rar!\x1a\x07", KIND_PACKED, "a RAR archive",
	     UNPACK("unrar x")),
	MARK(0, "MSCF\0\0\0\0", KIND_PACKED, "a Windows cabinet",
	     UNPACK("cabextract")),
	MARK(257, "ustar", KIND_PACKED, "a tar archive", UNPACK("tar -xf")),
	MARK(0, "070701", KIND_PACKED, "a cpio archive", UNPACK("cpio -i <")),

	MARK(0, "\177ELF\1", KIND_PROGRAM, "a 32-bit ELF file", ANOTHER),
	MARK(0, "\177ELF", KIND_PROGRAM, "an ELF file", MKIMAGE),
	MARK(0, "\xcf\xfa\xed\xfe", KIND_PROGRAM,
	     "a Mach-O file, as macOS has "
	     "it",
	     ANOTHER),
	MARK(0, "\xce\xfa\xed\xfe", KIND_PROGRAM,
	     "a 32-bit Mach-O file, as macOS has it", ANOTHER),
	MARK(0, "\xca\xfe\xba\xbe", KIND_PROGRAM,
	     "a Mach-O file for several machines, or a Java class", ANOTHER),
	MARK(0, "!<arch>\n", KIND_PROGRAM, "a static library", ANOTHER),
	MARK(0, "!<thin>\n", KIND_PROGRAM, "a static library", ANOTHER),
	MARK(0, "BC\xc0\xde", KIND_PROGRAM,
	     "LLVM bitcode, as clang -flto makes it", ANOTHER),
	MARK(0, "\0asm", KIND_PROGRAM, "a WebAssembly module", ANOTHER),
	MARK(0, "#!", KIND_DOCUMENT, "a script", ANOTHER),
	/* Linux: Documentation/arch/x86/boot.rst; LBA 0 ends with 55 AA, too */
	MARK(0x202, "HdrS", KIND_PROGRAM, "a Linux kernel (bzImage)", ANOTHER),

	MARK(0, "%PDF-", KIND_DOCUMENT, "a PDF document", ANOTHER),
	MARK(0, "\x89PNG\r\n\x1a\n", KIND_DOCUMENT, "a PNG picture", ANOTHER),
	MARK(0, "\xff\xd8\xff", KIND_DOCUMENT, "a JPEG picture", ANOTHER),
};

/* In the last 512 bytes. What is before them may look like a disk. */
static const struct mark footers[] = {
	MARK(0, "conectix", KIND_CONTAINER,
	     "a VHD disk image of fixed size, as Hyper-V has it", QEMU_IMG),
	MARK(0, "koly\0\0\0\4", KIND_CONTAINER,
	     "a DMG disk image, as macOS has it", QEMU_IMG),
};

static const struct mark *find_mark(const struct mark *from, size_t count,
				    const uint8_t *bytes)
{
	for (; count--; from++)
		if (!memcmp(bytes + from->offset, from->bytes, from->size))
			return from;
	return NULL;
}

/* How many bytes follow the first of a character in UTF-8; -1: none starts
 * so. */
static int utf8_length(uint8_t first)
{
	return first < 0x80 ? 0 :
	       first < 0xc2 ? -1 :
	       first < 0xe0 ? 1 :
	       first < 0xf0 ? 2 :
	       first < 0xf5 ? 3 :
			      -1;
}

/* UTF-8 without control characters but those of printers and terminals. The
 * last character may be cut. */
static int is_text(const uint8_t *bytes, size_t size)
{
	int follow = 0;

	for (size_t i = 0; i < size; i++) {
		if (follow && (bytes[i] & 0xc0) != 0x80)
			return 0;
		follow = follow ? follow - 1 : utf8_length(bytes[i]);
		if (follow < 0 || !bytes[i] || bytes[i] == 0x7f ||
		    (bytes[i] < ' ' && !strchr("\t\n\r\f\x1b", bytes[i])))
			return 0;
	}
	return 1;
}

static int ends_in_55aa(const uint8_t *head)
{
	return get_le16(head + BS_MAGIC) == BS_MAGIC_VALUE;
}

/* Programs that start with "MZ". Their first sector may be a boot sector, so
 * a disk can start so, too. */
static int recognise_mz(const struct disk *disk, const uint8_t *head,
			struct recognised *found)
{
	uint8_t mark[4];
	uint32_t offset = get_le32(head + 0x3c);

	if (memcmp(head, "MZ", 2))
		return 0;
	*found = (struct recognised){ KIND_PROGRAM, "a DOS program", ANOTHER };
	if (disk_read(disk, offset, mark, sizeof(mark)) ||
	    memcmp(mark, "PE\0\0", 4))
		return !ends_in_55aa(head);
	found->what = "a PE file, for Windows or UEFI";
	return !ends_in_55aa(head) || offset >= SECTOR_SIZE;
}

/* By LBA 0 and what can only be on a disk. */
static struct recognised recognise_disk(const struct disk *disk,
					const uint8_t *head)
{
	uint8_t iso[ISO_MARK_SIZE];
	int is_iso = !iso_descriptor(disk, 0, iso, sizeof(iso));

	if (disk->size >= 2 * SECTOR_SIZE &&
	    get_le32(head + HEADER_LBA * SECTOR_SIZE + HEADER_MAGIC) ==
		    HEADER_MAGIC_VALUE)
		return (struct recognised){ KIND_OWN, "a Firstlight image",
					    NULL };
	if (ends_in_55aa(head))
		return (struct recognised){ KIND_DISK, "a raw disk image",
					    NULL };
	if (is_iso)
		return (struct recognised){
			KIND_CD, "an ISO 9660 image for a CD, not for a stick",
			"burn it, or ask its maker for one that boots from a "
			"disk"
		};
	return (struct recognised){
		KIND_UNKNOWN,
		"data without a boot sector (LBA 0 does not "
		"end with 55 AA)",
		ANOTHER
	};
}

struct recognised recognise(const struct disk *disk)
{
	uint8_t head[HEAD_BYTES] = { 0 }, footer[FOOTER_BYTES] = { 0 };
	size_t size = disk->size < sizeof(head) ? (size_t)disk->size :
						  sizeof(head);
	const struct mark *mark;
	struct recognised found;

	if (!size)
		return (struct recognised){ KIND_EMPTY, "an empty file",
					    ANOTHER };
	if (disk_read(disk, 0, head, size))
		return (struct recognised){ KIND_UNKNOWN,
					    "a file that can't be read",
					    "copy it again" };
	if (disk->size >= sizeof(footer))
		disk_read(disk, disk->size - sizeof(footer), footer,
			  sizeof(footer));
	mark = find_mark(marks, sizeof(marks) / sizeof(marks[0]), head);
	if (!mark)
		mark = find_mark(footers, sizeof(footers) / sizeof(footers[0]),
				 footer);
	if (mark)
		return (struct recognised){ mark->kind, mark->what,
					    mark->remedy };
	if (recognise_mz(disk, head, &found))
		return found;
	if (is_text(head, size))
		return (struct recognised){ KIND_DOCUMENT, "a text", ANOTHER };
	found = recognise_disk(disk, head);
	if (found.kind == KIND_UNKNOWN &&
	    disk_first_used(disk, 0, disk->size) == disk->size)
		return (struct recognised){ KIND_ZEROS, "nothing but zeros",
					    ANOTHER };
	return found;
}
