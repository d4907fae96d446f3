; says: map the first 4 GiB onto themselves
; Nothing is mapped.
	ret

