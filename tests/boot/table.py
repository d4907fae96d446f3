"""Every row there is. Those with full=True are for `make matrix` alone."""

import emulators
import hostile_more
import hostile_rows
import matrix
import media

MATRIX = matrix.TABLE + emulators.TABLE + media.TABLE
HOSTILE = hostile_rows.rows() + hostile_more.rows()
ROWS = MATRIX + HOSTILE
