"""Every row there is. Those with full=True are for `make matrix` alone."""

import emulators
import hostile_errors
import hostile_more
import hostile_pairs
import hostile_rows
import matrix
import media

MATRIX = matrix.TABLE + emulators.TABLE + media.TABLE
HOSTILE = (hostile_rows.TABLE + hostile_errors.TABLE + hostile_pairs.TABLE +
           hostile_more.TABLE)
ROWS = MATRIX + HOSTILE
