; says: 0 if the exception has none
; Two words instead of one.
%if vector >= EXCEPTIONS || !(EXCEPTION_ERROR_CODES >> vector & 1)
	push	qword 0
	push	qword 0
%endif
