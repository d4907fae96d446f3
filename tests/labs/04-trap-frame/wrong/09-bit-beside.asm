; says: an exception or interrupt finds on the
; The bit of the vector before it.
%if vector >= EXCEPTIONS || !(EXCEPTION_ERROR_CODES >> (vector + 1) & 1)
	push	qword 0
%endif
