; says: 0 if the exception has none
; Interrupts have no error code either, and get none here.
%if vector < EXCEPTIONS && !(EXCEPTION_ERROR_CODES >> vector & 1)
	push	qword 0
%endif
