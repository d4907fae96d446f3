"""Every row there is. Those with full=True are for `make matrix` alone."""

import diag_rows
import disks
import emulators
import foreign
import hostile_diag
import hostile_devices
import hostile_error_pairs
import hostile_errors
import hostile_more
import hostile_pairs
import hostile_rows
import matrix
import media

MATRIX = (matrix.TABLE + disks.TABLE + foreign.TABLE + emulators.TABLE +
          media.TABLE + diag_rows.TABLE)
HOSTILE = (hostile_rows.TABLE + hostile_devices.TABLE + hostile_errors.TABLE +
           hostile_pairs.TABLE + hostile_error_pairs.TABLE +
           hostile_more.TABLE + hostile_diag.TABLE)
ROWS = MATRIX + HOSTILE
