/*
 * no_pieces.c - mkimage in the page carries no loader: it is handed the page's.
 */
#include "tools/mkimage/pieces.h"

struct bytes pieces_bootsector(void) { return (struct bytes){ 0, 0 }; }

struct bytes pieces_stage2(void) { return (struct bytes){ 0, 0 }; }

struct bytes pieces_diag(void) { return (struct bytes){ 0, 0 }; }
