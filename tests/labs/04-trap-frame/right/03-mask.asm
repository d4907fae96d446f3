; A bit that is shifted to the vector's place.
%if vector < EXCEPTIONS
%assign pushes_code EXCEPTION_ERROR_CODES & (1 << vector)
%else
%assign pushes_code 0
%endif
%if pushes_code == 0
	push	qword 0
%endif
