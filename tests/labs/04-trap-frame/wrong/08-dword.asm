; says: 0 if the exception has none
; Four bytes less than a word of the frame.
%if vector >= EXCEPTIONS || !(EXCEPTION_ERROR_CODES >> vector & 1)
	sub	rsp, 4
	mov	dword [rsp], 0
%endif
