"""Drives emulators and reads what they show.

    machine.py   a row's machine -> the emulator's command line
    recipe.py    a row's disk: mkimage, then the damage done to it
    emulator.py  what every emulator has: waiting, a screen, an end
    guard.py     what is started ends with this Python, however it ends
    channel.py   a stream of text from the guest
    offers.py    what this QEMU was built with
    qemu.py      one running QEMU: serial line, debug port, screen, keys
    bochs.py     the same for Bochs, with the screen read by rfb.py
    v86.py       the same for v86, a PC in JavaScript (v86.mjs)
    screen.py    pixels -> 80x25 characters with their colours
    words.py     lib/boot/errors.h as text to look for
    run.py       one row from its disk to its verdict
    built.py     what make has built, for a copy of the sources
"""
