/*
 * place.h - a place in the source, for locks and the panic page.
 */
#ifndef KERNEL_PLACE_H
#define KERNEL_PLACE_H

struct place {
	const char *file;
	const char *function;
	int line;
};

/* A pointer to the place where it is written. */
#define HERE                                                            \
	__extension__({                                                 \
		static const struct place here_ = { __FILE__, __func__, \
						    __LINE__ };         \
		&here_;                                                 \
	})

#endif
