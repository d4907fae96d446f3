#include "program.h"

#include "address.h"
#include "string.h"

struct file_header { /* Elf64_Ehdr */
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct program_header { /* Elf64_Phdr */
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

_Static_assert(sizeof(struct file_header) == 64, "System V ABI");
_Static_assert(sizeof(struct program_header) == 56, "likewise");

#define EI_CLASS 4
#define EI_DATA 5
#define ELFCLASS64 2
#define ELFDATA2LSB 1
#define ET_EXEC 2
#define EM_X86_64 62

#define PT_LOAD 1
#define PT_INTERP 3
#define PF_EXECUTE 1
#define PF_WRITE 2

struct file {
	const uint8_t *bytes;
	size_t size;
};

static bool is_inside(const struct file *file, uint64_t offset, uint64_t bytes)
{
	return offset <= file->size && bytes <= file->size - offset;
}

/* ---- The file header ----------------------------------------------------- */

static enum program_error read_header(const struct file *file,
				      struct file_header *header)
{
	if (file->size < 4 || memcmp(file->bytes, "\177ELF", 4) != 0)
		return PROGRAM_NOT_ELF;
	if (file->size < sizeof(*header))
		return PROGRAM_CUT;
	memcpy(header, file->bytes, sizeof(*header));
	if (header->ident[EI_CLASS] != ELFCLASS64 ||
	    header->ident[EI_DATA] != ELFDATA2LSB)
		return PROGRAM_CLASS;
	if (header->machine != EM_X86_64)
		return PROGRAM_MACHINE;
	if (header->type != ET_EXEC)
		return PROGRAM_RELOCATABLE;
	if (header->phnum && header->phentsize != sizeof(struct program_header))
		return PROGRAM_CLASS;
	if (!is_inside(file, header->phoff,
		       (uint64_t)header->phnum * sizeof(struct program_header)))
		return PROGRAM_CUT;
	return PROGRAM_OK;
}

/* ---- Segments ------------------------------------------------------------ */

static enum program_error judge(const struct file *file,
				const struct program_header *header,
				uint64_t low, uint64_t high)
{
	if (!is_inside(file, header->offset, header->filesz))
		return PROGRAM_CUT;
	if (header->memsz < header->filesz)
		return PROGRAM_SHRINKS;
	if (header->vaddr < low || header->vaddr >= high ||
	    header->memsz > high - header->vaddr)
		return PROGRAM_PLACE;
	if (header->flags & PF_WRITE && header->flags & PF_EXECUTE)
		return PROGRAM_RIGHTS;
	return PROGRAM_OK;
}

static bool share_page(const struct program_segment *one,
		       const struct program_segment *other)
{
	return address_page(one->address) <=
		       address_page(other->address + other->memory - 1) &&
	       address_page(other->address) <=
		       address_page(one->address + one->memory - 1);
}

/* Into its place in the order of addresses. */
static enum program_error insert(struct program *program,
				 const struct program_segment *segment)
{
	size_t at = program->count;

	if (at == PROGRAM_SEGMENTS_MAX)
		return PROGRAM_SEGMENTS;
	for (size_t i = 0; i < program->count; i++)
		if (share_page(&program->segments[i], segment))
			return PROGRAM_OVERLAP;
	for (; at && program->segments[at - 1].address > segment->address; at--)
		program->segments[at] = program->segments[at - 1];
	program->segments[at] = *segment;
	program->count++;
	return PROGRAM_OK;
}

static enum program_error add(struct program *program, const struct file *file,
			      const struct program_header *header, uint64_t low,
			      uint64_t high)
{
	enum program_error error;

	if (header->type == PT_INTERP)
		return PROGRAM_DYNAMIC;
	if (header->type != PT_LOAD || !header->memsz)
		return PROGRAM_OK;
	error = judge(file, header, low, high);
	if (error != PROGRAM_OK)
		return error;
	return insert(program, &(struct program_segment){
				       .address = header->vaddr,
				       .memory = header->memsz,
				       .bytes = file->bytes + header->offset,
				       .size = header->filesz,
				       .write = header->flags & PF_WRITE,
				       .execute = header->flags & PF_EXECUTE,
			       });
}

static bool entry_is_code(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct program_segment *segment = &program->segments[i];

		if (segment->execute &&
		    program->entry - segment->address < segment->size)
			return true;
	}
	return false;
}

enum program_error program_read(const void *bytes, size_t size, uint64_t low,
				uint64_t high, struct program *program)
{
	const struct file file = { bytes, size };
	struct file_header header;
	enum program_error error = read_header(&file, &header);

	*program = (struct program){ 0 };
	if (error != PROGRAM_OK)
		return error;
	program->entry = header.entry;
	for (unsigned int i = 0; i < header.phnum; i++) {
		struct program_header segment;

		memcpy(&segment,
		       file.bytes + header.phoff + i * sizeof(segment),
		       sizeof(segment));
		error = add(program, &file, &segment, low, high);
		if (error != PROGRAM_OK)
			return error;
	}
	if (!program->count)
		return PROGRAM_EMPTY;
	return entry_is_code(program) ? PROGRAM_OK : PROGRAM_ENTRY;
}

_Static_assert(PROGRAM_SEGMENTS_MAX == 8, "a sentence below says so");

const char *program_error_text(enum program_error error)
{
	static const char *const texts[PROGRAM_ERRORS] = {
		[PROGRAM_OK] = "it can be run",
		[PROGRAM_NOT_ELF] = "this is no ELF file",
		[PROGRAM_CUT] = "the file is cut short: build it again",
		[PROGRAM_CLASS] = "this is no 64-bit, little-endian ELF file: "
				  "compile with -m64",
		[PROGRAM_MACHINE] = "this is code for another processor: "
				    "compile for x86_64",
		[PROGRAM_RELOCATABLE] = "it has no fixed addresses: link with "
					"-static -no-pie",
		[PROGRAM_DYNAMIC] = "it wants a dynamic linker: link with "
				    "-static",
		[PROGRAM_EMPTY] = "there is nothing to load in it",
		[PROGRAM_SEGMENTS] = "it has more than 8 segments to load",
		[PROGRAM_SHRINKS] = "a segment has more bytes in the file than "
				    "in memory",
		[PROGRAM_PLACE] = "a segment lies outside the addresses for "
				  "programs: link with user/program.ld",
		[PROGRAM_OVERLAP] = "two segments share a page: link with "
				    "user/program.ld",
		[PROGRAM_RIGHTS] = "a segment would be written and executed: "
				   "link with user/program.ld",
		[PROGRAM_ENTRY] = "its entry is not in a segment that is "
				  "executed",
	};

	return error < PROGRAM_ERRORS ? texts[error] : "an unknown error";
}
