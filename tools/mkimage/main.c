/*
 * mkimage - make a bootable disk image, or explain one. `mkimage --help` says
 * how.
 */
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "options.h"
#include "parts.h"
#include "pieces.h"
#include "tools/explain/explain.h"
#include "tools/file/input.h"
#include "tools/file/output.h"

#define EXIT_REFUSED 1
#define EXIT_USAGE 2

/* The files that are read; `path` of those that are not is NULL. */
enum {
	KERNEL,
	BOOTSECTOR,
	STAGE2,
	DIAG,
	MODULES, /* the first of MODULES_MAX */
	INPUTS = MODULES + MODULES_MAX,
};

static int read_inputs(const struct options *options,
		       struct input inputs[INPUTS], struct reason *reason)
{
	const char *paths[INPUTS] = {
		[KERNEL] = options->kernel,
		[BOOTSECTOR] = options->bootsector,
		[STAGE2] = options->stage2,
		[DIAG] = options->diag,
	};

	memcpy(paths + MODULES, options->modules, sizeof(options->modules));
	for (unsigned int i = 0; i < INPUTS; i++)
		if (paths[i] && input_read(paths[i], &inputs[i], reason))
			return -1;
	return 0;
}

/* Writing `path` must not destroy what was read. */
static int check_no_input(const struct input inputs[INPUTS], const char *path,
			  struct reason *reason)
{
	for (unsigned int i = 0; i < INPUTS; i++)
		if (input_is(&inputs[i], path))
			return refuse(reason,
				      "%s is one of the input files, it would "
				      "be lost: write to another name",
				      path);
	return 0;
}

static int check_outputs(const struct options *options,
			 const struct input inputs[INPUTS],
			 struct reason *reason)
{
	char path[FILENAME_MAX];

	if (check_no_input(inputs, options->output, reason))
		return -1;
	if (!options->parts)
		return 0;
	if (parts_directory_holds(options->parts, options->output))
		return refuse(reason,
			      "%s lies among the parts in %s, so they would "
			      "not be the image: write it elsewhere",
			      options->output, options->parts);
	for (unsigned int i = 0; image_part_name(i); i++) {
		snprintf(path, sizeof(path), "%s/%s", options->parts,
			 image_part_name(i));
		if (check_no_input(inputs, path, reason))
			return -1;
	}
	return 0;
}

/* Those built in call the stage 2 built in, at its addresses. */
static struct bytes diag_bytes(const struct options *options,
			       const struct input inputs[INPUTS])
{
	if (options->diag)
		return input_bytes(&inputs[DIAG]);
	if (options->no_diag || options->stage2)
		return (struct bytes){ NULL, 0 };
	return pieces_diag();
}

static void fill_recipe(const struct options *options,
			const struct input inputs[INPUTS],
			struct recipe *recipe)
{
	*recipe = (struct recipe){
		.bootsector = options->bootsector ?
				      input_bytes(&inputs[BOOTSECTOR]) :
				      pieces_bootsector(),
		.stage2 = options->stage2 ? input_bytes(&inputs[STAGE2]) :
					    pieces_stage2(),
		.diag = diag_bytes(options, inputs),
		.uefi = options->no_uefi_page ? (struct bytes){ NULL, 0 } :
						pieces_uefi(),
		.kernel = input_bytes(&inputs[KERNEL]),
		.kernel_name = options->kernel,
		.module_count = options->module_count,
		.cmdline = options->cmdline,
		.geometry = options->geometry,
		.partition_type = options->partition_type,
		.dummy_bpb = options->dummy_bpb,
		.size = options->size,
	};
	for (unsigned int i = 0; i < options->module_count; i++) {
		recipe->modules[i] = input_bytes(&inputs[MODULES + i]);
		recipe->module_names[i] = options->modules[i];
	}
}

static int write_image(const char *path, const struct image *image,
		       struct reason *reason)
{
	if (output_start(path, reason))
		return -1;
	for (unsigned int i = 0; i < image->count; i++)
		if (output_write(image->parts[i].bytes, image->parts[i].size,
				 reason))
			return -1;
	return output_finish(reason);
}

/* The parts first: the image is the last to appear. */
static int write_all(const struct options *options, const struct image *image,
		     struct reason *reason)
{
	if ((!options->parts || !parts_write(options->parts, image, reason)) &&
	    !write_image(options->output, image, reason) &&
	    !output_commit(reason)) {
		if (!options->parts)
			return 0;
		return parts_remove_old(options->parts, image, reason);
	}
	output_abort();
	if (options->parts)
		parts_abort(options->parts);
	return -1;
}

static int make_image(const struct options *options,
		      const struct input inputs[INPUTS], struct reason *reason)
{
	struct recipe recipe;
	struct image image;
	int result;

	if (check_outputs(options, inputs, reason))
		return -1;
	fill_recipe(options, inputs, &recipe);
	if (image_compose(&recipe, &image, reason))
		return -1;
	result = write_all(options, &image, reason);
	image_release(&image);
	return result;
}

static int read_and_make(const struct options *options, struct reason *reason)
{
	struct input inputs[INPUTS] = { 0 };
	int result = read_inputs(options, inputs, reason) ||
		     make_image(options, inputs, reason);

	for (unsigned int i = 0; i < INPUTS; i++)
		input_release(&inputs[i]);
	return result;
}

static int run(const struct options *options, struct reason *reason)
{
	if (options->help) {
		fputs(options_help(), stdout);
		return output_flush(reason);
	}
	if (options->explain)
		return explain_path(options->explain, options->hex, reason);
	return read_and_make(options, reason);
}

int main(int argc, char **argv)
{
	struct options options;
	struct reason reason = { "" };

	if (options_parse(argc, argv, &options, &reason)) {
		if (*reason.text)
			fprintf(stderr, "mkimage: %s\n", reason.text);
		fprintf(stderr, "mkimage --help lists the options\n");
		return EXIT_USAGE;
	}
	if (run(&options, &reason)) {
		fprintf(stderr, "mkimage: %s\n", reason.text);
		return EXIT_REFUSED;
	}
	return 0;
}
