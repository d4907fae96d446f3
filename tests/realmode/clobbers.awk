# clobbers.awk - the "clobbers" lines of stage 2's routines, as NASM defines
#
# What the tests hold a routine to is what its header promises.

/^; [a-z0-9_]+ - / { name = $2 }
/^; clobbers:/ {
	sub(/^; clobbers: */, "")
	sub(/:.*/, "")
	if (match($0, /^as [a-z0-9_]+/))
		$0 = list[substr($0, 4, RLENGTH - 3)]
	list[name] = $0
	mask = "0"
	n = split($0, word, /[ ,\t]+/)
	for (i = 1; i <= n; i++)
		if (word[i] ~ /^(e?(ax|bx|cx|dx|si|di|bp)|fs|gs)$/)
			mask = mask " | C_" toupper(word[i])
		else if (word[i] == "al")
			mask = mask " | C_AX"
	print "%define CLOBBERS_" name " (" mask ")"
}
