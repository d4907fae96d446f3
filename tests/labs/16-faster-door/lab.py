"""16. A faster door."""

from definition import LABS, Check, Guest, Lab, Piece

FOLDER = LABS / "16-faster-door"


def promised(promise, test):
    return Check(promise, rf"^ok \d+ - door_{test}", stop="door_enter")


LAB = Lab(
    Piece("tests/labs/16-faster-door/door.asm", "", "",
          (FOLDER / "skeleton.asm").read_text()),
    "calls of programs by SYSCALL", "door_enter", "door_1_arrives",
    (Guest((promised("from now on SYSCALL leads to door_enter there",
                     "1_arrives"),
            promised("No register of the program is lost but RCX and R11",
                     "2_registers"),
            promised("SFMASK clears IF, DF, TF, NT and AC", "3_flags"),
            promised("The frame is the last on the stack that this "
                     "processor's TSS names now", "4_stack"),
            promised("No register of the program is lost but RCX and R11",
                     "5_back"),
            promised("What the handler changes in the frame is changed in the "
                     "program", "6_changes"),
            promised("The way back is SYSRET", "7_sysret"),
            promised("where RIP is no canonical address, door_refuse gets the "
                     "frame", "8_not_canonical"),
            promised("On each processor, once", "9_each_processor")),
           kernel="labs/door.elf", machine=("-smp", "2"),
           cmdline="test=door sched=cooperative"),),
    header="tests/labs/16-faster-door/skeleton.asm",
    page="interrupt_let_programs")
