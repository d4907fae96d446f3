#include "kernel/bench/bench.h"

#include "kernel/device/vga.h"

static size_t column;

static volatile uint16_t *cell(volatile uint16_t *video, size_t row, size_t col)
{
	return &video[row * VGA_COLUMNS + col];
}

static void clear_row(volatile uint16_t *video, size_t row)
{
	for (size_t col = 0; col < VGA_COLUMNS; col++)
		*cell(video, row, col) = VGA_NORMAL << 8 | ' ';
}

static void new_line(volatile uint16_t *video)
{
	for (size_t row = 1; row < VGA_ROWS; row++)
		for (size_t col = 0; col < VGA_COLUMNS; col++)
			*cell(video, row - 1, col) = *cell(video, row, col);
	clear_row(video, VGA_ROWS - 1);
	column = 0;
}

static void write_byte(volatile uint16_t *video, uint8_t byte)
{
	if (byte == '\n') {
		new_line(video);
		return;
	}
	if (column >= VGA_COLUMNS)
		new_line(video);
	if (byte < ' ' || byte > '~')
		byte = 0xFE;
	*cell(video, VGA_ROWS - 1, column) = (uint16_t)(VGA_NORMAL << 8 | byte);
	column++;
}

void naive_write(volatile uint16_t *video, const char *text, size_t length)
{
	while (length--)
		write_byte(video, (uint8_t)*text++);
}
