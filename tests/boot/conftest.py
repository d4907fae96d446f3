"""What holds for all tests of the boot."""

from harness.guard import heed_ctrl_c

heed_ctrl_c()
