; says: by the CPU (SDM 3A, "64-Bit Mode Stack Frame")
; A general protection fault is, too.
%if vector >= EXCEPTIONS || \
	!(EXCEPTION_ERROR_CODES >> vector & 1) || vector == 13
	push	qword 0
%endif
