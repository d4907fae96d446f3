; says: by the CPU (SDM 3A, "64-Bit Mode Stack Frame")
; Every vector gets one, those with an error code, too.
	push	qword 0
