; says: an exception or interrupt finds on the
; A page fault is taken for one without an error code.
%if vector >= EXCEPTIONS || \
	!(EXCEPTION_ERROR_CODES >> vector & 1) || vector == 14
	push	qword 0
%endif
