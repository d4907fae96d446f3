; says: 0 if the exception has none
; No vector gets a word in the error code's place.
