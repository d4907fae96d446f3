#include "kernel/bench/bench.h"

#include "kernel/device/vga.h"

static size_t naive_column;

static volatile uint16_t *naive_cell(volatile uint16_t *video, size_t row,
				     size_t col)
{
	return &video[row * VGA_COLUMNS + col];
}

static void naive_clear_row(volatile uint16_t *video, size_t row)
{
	for (size_t col = 0; col < VGA_COLUMNS; col++)
		*naive_cell(video, row, col) = VGA_NORMAL << 8 | ' ';
}

static void naive_new_line(volatile uint16_t *video)
{
	for (size_t row = 1; row < VGA_ROWS; row++)
		for (size_t col = 0; col < VGA_COLUMNS; col++)
			*naive_cell(video, row - 1, col) =
				*naive_cell(video, row, col);
	naive_clear_row(video, VGA_ROWS - 1);
	naive_column = 0;
}

static void naive_write_byte(volatile uint16_t *video, uint8_t byte)
{
	if (byte == '\n') {
		naive_new_line(video);
		return;
	}
	if (naive_column >= VGA_COLUMNS)
		naive_new_line(video);
	if (byte < ' ' || byte > '~')
		byte = 0xFE;
	*naive_cell(video, VGA_ROWS - 1, naive_column) =
		(uint16_t)(VGA_NORMAL << 8 | byte);
	naive_column++;
}

void naive_write(volatile uint16_t *video, const char *text, size_t length)
{
	while (length--)
		naive_write_byte(video, (uint8_t)*text++);
}
