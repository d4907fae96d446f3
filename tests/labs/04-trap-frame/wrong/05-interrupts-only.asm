; says: 0 if the exception has none
; Exceptions never get one.
%if vector >= EXCEPTIONS
	push	qword 0
%endif
