#!/bin/sh
# explain-panic.sh - show the source lines of a kernel's panic page.
#
#	sh tools/explain-panic.sh build/firstlight.img < build/run-serial.log
#
# Reads what the kernel said on its serial line, from a pipe as it comes, and
# prints for each panic page the lines around the place of the panic, then the
# line of each call that led to it. Nothing, if there is no panic. IMAGE is only
# asked for its age: sources that are younger may not be what runs. Environment:
#
#	COLOR=auto|always|never		auto: when the output is a terminal
#	NO_COLOR=anything		never (no-color.org)
set -u

around=3 # lines before and after the place

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: explain-panic.sh IMAGE < SERIAL-TEXT (and COLOR)" >&2
	exit 2
fi
image=$1
sources=$(dirname "$0")/..

case ${COLOR:-auto}${NO_COLOR+no} in
always) colors=1 ;;
auto) if [ -t 1 ]; then colors=1; else colors=; fi ;;
*) colors= ;;
esac
if [ -n "$colors" ]; then
	escape=$(printf '\033')
	red="${escape}[1;31m" bold="${escape}[1m" dim="${escape}[2m"
	normal="${escape}[0m"
else
	red='' bold='' dim='' normal=''
fi

# is_source FILE: a file of ours. The guest chose the name.
is_source() {
	case $1 in
	/* | *..* | *[!A-Za-z0-9_./-]*) return 1 ;;
	esac
	[ -f "$sources/$1" ] && [ -r "$sources/$1" ]
}

warn_if_younger() {
	[ -n "$(find "$sources/$1" -newer "$image")" ] || return 0
	echo "${dim}$1 has changed since $image was made.$normal"
}

# show_around FUNCTION FILE LINE
show_around() {
	echo "$bold$1()$normal at $bold$2:$3$normal"
	if ! is_source "$2"; then
		echo "${dim}no such source here$normal"
		return
	fi
	warn_if_younger "$2"
	awk -v line="$3" -v around=$around -v red="$red" -v dim="$dim" \
		-v normal="$normal" '
		NR < line - around || NR > line + around { next }
		NR == line { printf "%s> %5d  %s%s\n", red, NR, $0, normal }
		NR != line { printf "  %s%5d%s  %s\n", dim, NR, normal, $0 }
		' "$sources/$2"
}

# show_call FUNCTION FILE LINE
show_call() {
	text=
	if is_source "$2"; then
		text=$(sed -n "$3{s/^[[:blank:]]*//;p;}" "$sources/$2")
	fi
	echo "  called from $1() at $bold$2:$3$normal"
	# Not echo: some take \n in it for a line feed.
	[ -z "$text" ] || printf '         %s\n' "$text"
}

# with_place COMMAND: COMMAND FUNCTION FILE LINE, if `place` is
# "FUNCTION() at FILE:LINE"; else status 1
with_place() {
	function=${place%%()*}
	file=${place#*() at }
	line=${file##*:}
	file=${file%:*}
	case $place in *'() at '*:*) ;; *) return 1 ;; esac
	case $line in '' | *[!0-9]*) return 1 ;; esac
	"$1" "$function" "$file" "$line"
	return 0
}

# show_page: what the lines of `page` say. A line that was shown already, as
# that of the first call is, is not shown again, whatever the function is called
# there: the compiler may have put it into another. Nor are the steps before it:
# they found the fault, as the stack protector does.
show_page() {
	printf '%s\n' "$page" | while read -r word rest; do
		case $word in
		KERNEL)
			place=${rest#PANIC in }
			shown=${place#*() at }
			inner=
			case ${page#*#} in *" at $shown" | *" at $shown
"*) inner=1 ;; esac
			printf '\n%sThe kernel panicked%s in ' "$red" "$normal"
			with_place show_around || echo "$place"
			;;
		'#'*)
			place=${rest#* }
			if [ "${place#*() at }" = "$shown" ]; then
				inner=
				continue
			fi
			[ -z "$inner" ] || continue
			with_place show_call || echo "  called from $rest"
			;;
		---)
			echo "  $dim--- $rest$normal"
			;;
		esac
	done
	echo
	page=
}

# A page is shown when it is complete, or when nothing more comes.
cr=$(printf '\r')
page=
while IFS= read -r line; do
	line=${line%"$cr"}
	case $line in
	'KERNEL PANIC in '*) page=$line ;;
	'#'[0-9]* | '--- '*) [ -z "$page" ] || page="$page
$line" ;;
	'The machine is stopped'*) [ -z "$page" ] || show_page ;;
	esac
done
[ -z "$page" ] || show_page
