; The vectors with an error code, one by one.
%if vector != 8 && vector != 10 && vector != 11 && vector != 12 && \
	vector != 13 && vector != 14 && vector != 17 && vector != 21 && \
	vector != 29 && vector != 30
	push	qword 0
%endif
