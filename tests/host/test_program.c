/*
 * test_program.c - programs that can be run, and each reason why not.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "cmocka_test.h"
#include "program.h"

#define LOW 0x400000000000
#define HIGH 0x800000000000

static struct elf_file {
	Elf64_Ehdr header;
	Elf64_Phdr segments[10];
	uint8_t bytes[512];
} file;

static struct program program;

static void set_segment(unsigned int i, uint64_t address, uint64_t memory,
			uint32_t flags)
{
	file.segments[i] = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = flags,
		.p_offset = offsetof(struct elf_file, bytes),
		.p_vaddr = address,
		.p_filesz = memory < 100 ? memory : 100,
		.p_memsz = memory,
	};
}

/* Text, constants, variables. */
static int start(void **state)
{
	(void)state;
	memset(&file, 0, sizeof(file));
	file.header = (Elf64_Ehdr){
		.e_ident = { 0x7F, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = 1,
		.e_entry = LOW + 0x1010,
		.e_phoff = offsetof(struct elf_file, segments),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 3,
	};
	set_segment(0, LOW + 0x3008, 0x5000, PF_R | PF_W);
	set_segment(1, LOW + 0x1000, 80, PF_R | PF_X);
	set_segment(2, LOW + 0x2000, 90, PF_R);
	return 0;
}

static enum program_error read_file(void)
{
	return program_read(&file, sizeof(file), LOW, HIGH, &program);
}

static void test_good_program(void **state)
{
	(void)state;
	assert_int_equal(read_file(), PROGRAM_OK);
	assert_int_equal(program.entry, LOW + 0x1010);
	assert_int_equal(program.count, 3);
	assert_int_equal(program.segments[0].address, LOW + 0x1000);
	assert_true(program.segments[0].execute);
	assert_false(program.segments[0].write);
	assert_int_equal(program.segments[0].size, 80);
	assert_ptr_equal(program.segments[0].bytes, file.bytes);
	assert_int_equal(program.segments[1].address, LOW + 0x2000);
	assert_int_equal(program.segments[2].address, LOW + 0x3008);
	assert_true(program.segments[2].write);
	assert_int_equal(program.segments[2].size, 100);
	assert_int_equal(program.segments[2].memory, 0x5000);
}

static void test_empty_segments_and_others_do_not_count(void **state)
{
	(void)state;
	file.header.e_phnum = 5;
	set_segment(3, 5, 0, PF_R);
	set_segment(4, 7, 10, PF_R | PF_W | PF_X);
	file.segments[4].p_type = PT_GNU_STACK;
	assert_int_equal(read_file(), PROGRAM_OK);
	assert_int_equal(program.count, 3);
}

static void test_file_headers(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
		enum program_error error;
	} changes[] = {
		{ 0, 0x7E, PROGRAM_NOT_ELF },
		{ EI_CLASS, ELFCLASS32, PROGRAM_CLASS },
		{ EI_DATA, ELFDATA2MSB, PROGRAM_CLASS },
		{ offsetof(Elf64_Ehdr, e_machine), EM_386, PROGRAM_MACHINE },
		{ offsetof(Elf64_Ehdr, e_type), ET_DYN, PROGRAM_RELOCATABLE },
		{ offsetof(Elf64_Ehdr, e_type), ET_REL, PROGRAM_RELOCATABLE },
		{ offsetof(Elf64_Ehdr, e_phentsize), 32, PROGRAM_CLASS },
		{ offsetof(Elf64_Ehdr, e_phoff) + 7, 0xFF, PROGRAM_CUT },
		{ offsetof(Elf64_Ehdr, e_phnum) + 1, 0xFF, PROGRAM_CUT },
		{ offsetof(Elf64_Ehdr, e_phnum), 0, PROGRAM_EMPTY },
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		start(state);
		((uint8_t *)&file)[changes[i].offset] = changes[i].value;
		assert_int_equal(read_file(), changes[i].error);
	}
}

static void test_cut_anywhere(void **state)
{
	size_t needed = offsetof(struct elf_file, bytes) + 100;

	(void)state;
	for (size_t size = 0; size < needed; size++) {
		void *copy = malloc(size + 1);

		assert_non_null(copy);
		memcpy(copy, &file, size);
		assert_int_equal(program_read(copy, size, LOW, HIGH, &program),
				 size < 4 ? PROGRAM_NOT_ELF : PROGRAM_CUT);
		free(copy);
	}
	assert_int_equal(program_read(&file, needed, LOW, HIGH, &program),
			 PROGRAM_OK);
}

static void test_interpreter(void **state)
{
	(void)state;
	file.segments[2].p_type = PT_INTERP;
	assert_int_equal(read_file(), PROGRAM_DYNAMIC);
}

static void test_places(void **state)
{
	static const struct {
		uint64_t address, memory;
		enum program_error error;
	} places[] = {
		{ LOW, 1, PROGRAM_OK },
		{ LOW - 1, 1, PROGRAM_PLACE },
		{ LOW - 1, 2, PROGRAM_PLACE },
		{ HIGH - 1, 1, PROGRAM_OK },
		{ HIGH - 1, 2, PROGRAM_PLACE },
		{ HIGH, 1, PROGRAM_PLACE },
		{ LOW + 0x10000, HIGH - LOW - 0x10000, PROGRAM_OK },
		{ LOW + 0x10000, HIGH - LOW - 0xFFFF, PROGRAM_PLACE },
		{ LOW + 0x10000, UINT64_MAX, PROGRAM_PLACE },
		{ UINT64_MAX, 1, PROGRAM_PLACE },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		start(state);
		set_segment(2, places[i].address, places[i].memory, PF_R);
		assert_int_equal(read_file(), places[i].error);
	}
}

/* Neither the same bytes nor the same page. */
static void test_overlap(void **state)
{
	(void)state;
	set_segment(2, LOW + 0x8007, 0x100, PF_R);
	assert_int_equal(read_file(), PROGRAM_OVERLAP);
	set_segment(2, LOW + 0x8100, 0x100, PF_R);
	assert_int_equal(read_file(), PROGRAM_OVERLAP);
	set_segment(2, LOW + 0x9000, 0x100, PF_R);
	assert_int_equal(read_file(), PROGRAM_OK);
	set_segment(2, LOW, 0x1001, PF_R);
	assert_int_equal(read_file(), PROGRAM_OVERLAP);
	set_segment(2, LOW, 0x1000, PF_R);
	assert_int_equal(read_file(), PROGRAM_OK);
}

static void test_rights(void **state)
{
	(void)state;
	file.segments[1].p_flags |= PF_W;
	assert_int_equal(read_file(), PROGRAM_RIGHTS);
}

static void test_memory_less_than_file(void **state)
{
	(void)state;
	file.segments[2].p_memsz = 89;
	assert_int_equal(read_file(), PROGRAM_SHRINKS);
}

static void test_too_many_segments(void **state)
{
	(void)state;
	for (unsigned int i = 3; i < 10; i++)
		set_segment(i, LOW + 0x10000 * i, 1, PF_R);
	file.header.e_phnum = PROGRAM_SEGMENTS_MAX;
	assert_int_equal(read_file(), PROGRAM_OK);
	file.header.e_phnum++;
	assert_int_equal(read_file(), PROGRAM_SEGMENTS);
}

/* In the file's bytes of what is executed: zeros are no code. */
static void test_entry(void **state)
{
	static const struct {
		uint64_t entry;
		enum program_error error;
	} entries[] = {
		{ LOW + 0x1000, PROGRAM_OK },	 { LOW + 0x104F, PROGRAM_OK },
		{ LOW + 0x1050, PROGRAM_ENTRY }, { LOW + 0xFFF, PROGRAM_ENTRY },
		{ LOW + 0x2000, PROGRAM_ENTRY }, { 0, PROGRAM_ENTRY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		file.header.e_entry = entries[i].entry;
		assert_int_equal(read_file(), entries[i].error);
	}
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < PROGRAM_ERRORS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(program_error_text(i),
						program_error_text(j));
	assert_string_equal(program_error_text(PROGRAM_ERRORS),
			    "an unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good_program, start),
		cmocka_unit_test_setup(
			test_empty_segments_and_others_do_not_count, start),
		cmocka_unit_test_setup(test_file_headers, start),
		cmocka_unit_test_setup(test_cut_anywhere, start),
		cmocka_unit_test_setup(test_interpreter, start),
		cmocka_unit_test_setup(test_places, start),
		cmocka_unit_test_setup(test_overlap, start),
		cmocka_unit_test_setup(test_rights, start),
		cmocka_unit_test_setup(test_memory_less_than_file, start),
		cmocka_unit_test_setup(test_too_many_segments, start),
		cmocka_unit_test_setup(test_entry, start),
		cmocka_unit_test_setup(test_words, start),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
