; The other test first, and a word of one byte.
%if !(vector < EXCEPTIONS && EXCEPTION_ERROR_CODES >> vector & 1)
	push	strict byte 0
%endif
