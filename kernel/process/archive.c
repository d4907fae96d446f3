#include "kernel/process/archive.h"

#include "address.h"
#include "string.h"
#include "tar.h"

#define SYMBOLS ".symbols" /* behind a program's name: its symbol table */

static const void *archive; /* NULL: none came with the kernel */
static size_t archive_size;
static const char *why; /* something is wrong with it; NULL: nothing */

static bool is_symbols(const char *name)
{
	size_t length = strlen(name), end = strlen(SYMBOLS);

	return length > end && strcmp(name + length - end, SYMBOLS) == 0;
}

const char *archive_program(size_t n)
{
	static struct tar_file file;
	struct tar tar;

	tar_start(&tar, archive, archive_size);
	while (tar_next(&tar, &file) == TAR_OK)
		if (!is_symbols(file.name) && n-- == 0)
			return file.name[0] == '.' && file.name[1] == '/' ?
				       file.name + 2 :
				       file.name;
	return NULL;
}

void archive_start(const struct boot_info *info)
{
	struct tar_file file;
	struct tar tar;
	enum tar_error error;

	why = "no archive came with the kernel";
	if (!info->module_count)
		return;
	archive = paddr_pointer(info->modules[0].base);
	archive_size = info->modules[0].bytes;
	tar_start(&tar, archive, archive_size);
	while ((error = tar_next(&tar, &file)) == TAR_OK)
		;
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
	return archive != NULL;
}

const void *archive_find(const char *name, size_t *bytes)
{
	struct tar_file file;

	if (tar_find(archive, archive_size, name, &file) != TAR_OK)
		return NULL;
	*bytes = file.size;
	return file.bytes;
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
