#include "kernel/process/archive.h"

#include "address.h"
#include "kernel/memory/kmalloc.h"
#include "string.h"
#include "tar.h"

#define SYMBOLS ".symbols" /* behind a program's name: its symbol table */

static bool exists;
static struct tar_file *files; /* those in front of what is wrong with it */
static size_t file_count;
static const char *why; /* something is wrong with it; NULL: nothing */

/* Counts the files; where `to` is not NULL, copies what is known of each. */
static enum tar_error read_all(const struct boot_range *module,
			       struct tar_file *to)
{
	struct tar_file file;
	struct tar tar;
	enum tar_error error;

	tar_start(&tar, paddr_pointer(module->base), module->bytes);
	file_count = 0;
	while ((error = tar_next(&tar, &file)) == TAR_OK) {
		if (to)
			to[file_count] = file;
		file_count++;
	}
	return error;
}

void archive_start(const struct boot_info *info)
{
	enum tar_error error;

	why = "no archive came with the kernel";
	if (!info->module_count)
		return;
	exists = true;
	error = read_all(&info->modules[0], NULL);
	files = kcalloc(file_count, sizeof(*files));
	if (!files) {
		file_count = 0;
		why = "no memory is left for the list of its files";
		return;
	}
	read_all(&info->modules[0], files);
	why = error != TAR_END	  ? tar_error_text(error) :
	      !archive_program(0) ? "the archive is empty" :
				    NULL;
}

const char *archive_why_not(void)
{
	return why;
}

bool archive_exists(void)
{
	return exists;
}

static bool is_symbols(const char *name)
{
	size_t length = strlen(name), end = strlen(SYMBOLS);

	return length > end && strcmp(name + length - end, SYMBOLS) == 0;
}

const char *archive_program(size_t n)
{
	for (size_t i = 0; i < file_count; i++)
		if (!is_symbols(files[i].name) && n-- == 0)
			return files[i].name;
	return NULL;
}

const void *archive_find(const char *name, size_t *bytes)
{
	for (size_t i = 0; i < file_count; i++) {
		if (strcmp(files[i].name, name) == 0) {
			*bytes = files[i].size;
			return files[i].bytes;
		}
	}
	return NULL;
}

const void *archive_symbols(const char *name, size_t *bytes)
{
	char full[TAR_NAME_MAX + sizeof(SYMBOLS)];
	size_t length = strlen(name);

	if (length > TAR_NAME_MAX)
		return NULL;
	memcpy(full, name, length);
	memcpy(full + length, SYMBOLS, sizeof(SYMBOLS));
	return archive_find(full, bytes);
}
