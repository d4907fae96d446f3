#!/bin/sh
# cores.sh - how many processors are there? Not every system has nproc.
nproc 2> /dev/null || getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1
