#!/bin/sh
# codes.sh - the codes of lib/boot/errors.h, as "CODE NAME".
set -eu

exec sed -n \
	-e "s/^#define \(BS_ERROR_[A-Z]*\)[[:space:]]*'\(.\)'.*/\2 \1/p" \
	-e 's/^#define \([EW]_[A-Z0-9_]*\)[[:space:]]*0x\(..\)$/\2 \1/p' \
	lib/boot/errors.h
