; says: 0 if the exception has none
; The bits are taken the other way round.
%if vector >= EXCEPTIONS || (EXCEPTION_ERROR_CODES >> vector & 1)
	push	qword 0
%endif
