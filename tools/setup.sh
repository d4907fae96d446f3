#!/bin/sh
# setup.sh - list the tools that are missing here and install them.
#
#	sh tools/setup.sh [--run] [--lab] [--toolchain] [--page] [--booklet]
#	                  [--check] [--yes]
#
# Says what it is going to run before it runs it, and asks when there is a
# terminal to answer on. `make run` and `make test` call it when they miss
# something.
set -u

# shellcheck source=tools/needs.sh
. "$(dirname "$0")/needs.sh"

usage() {
	cat <<-'EOF'
	usage: sh tools/setup.sh [--run] [--lab] [--toolchain] [--page]
	                         [--booklet] [--check] [--yes]

	Installs what is missing with the system's package manager.
	  --run        only what building and booting needs, not the tests
	  --lab        only that and what the labs and make debug need
	  --toolchain  also what make toolchain needs
	  --page       also what make page-engine, make page and test-page need
	  --booklet    also what make booklet and make slides need
	  --check      only list; status 1 when something needed is missing
	  --yes        do not ask
	EOF
}

# ---- What is missing -----------------------------------------------------

wanted() {
	case $1 in
	run) return 0 ;;
	lab) [ "$only_run" = no ] ;;
	window) [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] ;;
	toolchain) [ "$toolchain" = yes ] ;;
	page) [ "$page" = yes ] ;;
	booklet) [ "$booklet" = yes ] ;;
	*) [ "$only_run$only_lab" = nono ] ;;
	esac
}

# Sets needed and optional (packages), missing and absent (checks by name).
find_missing() {
	needed='' optional='' missing='' absent=''
	while IFS='|' read -r set check apt dnf pacman brew purpose; do
		wanted "$set" || continue
		present "$check" && continue
		packages=$(packages_of "$apt" "$dnf" "$pacman" "$brew")
		case $set in
		run | lab | test | toolchain | page | booklet)
			missing="$missing ${check#@}"
			needed="$needed $packages"
			kind=needed
			;;
		*)
			absent="$absent ${check#@}"
			optional="$optional $packages"
			kind='nice to have'
			;;
		esac
		printf '  %-20s %-13s %-24s %s\n' "${check#@}" "$kind" \
			"${packages:--}" "$purpose"
	done <<-EOF
	$(tools)
	EOF
}

# ---- Installing ----------------------------------------------------------

# available PACKAGE...: those that apt-get knows; of other managers none, whose
# packages are tried one by one.
available() {
	for package; do
		if [ "$manager" = apt-get ] &&
			apt-cache show "$package" > /dev/null 2>&1; then
			printf ' %s' "$package"
		fi
	done
}

# as_root COMMAND...: say it, then do it.
as_root() {
	echo "+ $sudo$*"
	$sudo "$@"
}

# unique WORD...
unique() {
	printf '%s\n' "$@" | awk '!seen[$0]++' | tr '\n' ' '
}

install_command() {
	case $manager in
	apt-get)
		echo "env DEBIAN_FRONTEND=noninteractive apt-get install -y" \
			"--no-install-recommends"
		;;
	dnf) echo "dnf install -y --setopt=install_weak_deps=False" ;;
	pacman) echo "pacman -S --needed --noconfirm" ;;
	brew) echo "brew install" ;;
	esac
}

# Sets sudo to what makes root of us; fails when nothing does.
become_root() {
	sudo=''
	[ "$manager" = brew ] && return 0
	[ "$(id -u)" -eq 0 ] && return 0
	have sudo || return 1
	sudo='sudo '
}

confirm() {
	[ "$ask" = yes ] && [ -t 0 ] && [ -t 1 ] || return 0
	printf 'Go ahead? [Y/n] '
	read -r answer || return 1
	case $answer in '' | [yY]*) return 0 ;; esac
	return 1
}

install_missing() {
	# What is only nice to have may be unknown to this release: apt-get can
	# be asked; the others stop at one that they do not know, so each comes
	# by itself.
	single=
	[ "$manager" = apt-get ] || single=$optional
	# shellcheck disable=SC2046,SC2086 # words are wanted apart here
	packages=$(unique $needed $(available $optional))
	# shellcheck disable=SC2086
	single=$(unique $single)
	if ! become_root; then
		printf '\nThis needs root and there is no sudo. As root:\n'
		[ "$manager" = apt-get ] && echo '  apt-get update'
		echo "  $(install_command) $packages"
		[ -z "$single" ] ||
			echo "and, one by one, what it knows of: $single"
		return 1
	fi
	printf '\nTo install them, this will be run:\n'
	[ "$manager" = apt-get ] && echo "  ${sudo}apt-get update"
	echo "  $sudo$(install_command) $packages"
	[ -z "$single" ] || echo "and, one by one, what it knows of: $single"
	if ! confirm; then
		echo 'Nothing was installed.'
		return 1
	fi
	if [ "$manager" = apt-get ]; then
		as_root apt-get update || echo 'setup: going on with old lists'
		# Where there were no lists, they name more packages now.
		# shellcheck disable=SC2046,SC2086
		packages=$(unique $needed $(available $optional))
	fi
	# shellcheck disable=SC2046,SC2086
	[ -z "$packages" ] || as_root $(install_command) $packages
	status=$?
	for package in $single; do
		# shellcheck disable=SC2046
		as_root $(install_command) "$package" ||
			echo "setup: going on without $package"
	done
	return $status
}

main() {
	only_run=no only_lab=no only_check=no ask=yes toolchain=no page=no \
		booklet=no
	for argument; do
		case $argument in
		--run) only_run=yes ;;
		--lab) only_lab=yes ;;
		--toolchain) toolchain=yes ;;
		--page) page=yes ;;
		--booklet) booklet=yes ;;
		--check) only_check=yes ;;
		--yes) ask=no ;;
		--help | -h) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
	done
	make_scratch
	find_manager

	echo "Looking for tools:"
	find_missing
	if [ -z "$missing$absent" ]; then
		echo "  everything is here"
		exit 0
	fi
	if [ $only_check = yes ]; then
		[ -z "$missing" ] && exit 0
		option=''
		[ $toolchain = no ] || option=' --toolchain'
		[ $page = no ] || option="$option --page"
		[ $booklet = no ] || option="$option --booklet"
		echo "To install them: sh tools/setup.sh$option"
		exit 1
	fi
	if [ $manager = none ]; then
		echo "setup: no apt-get, dnf, pacman or brew here; install the" \
			"above by hand (Debian's package names)" >&2
		exit 1
	fi
	install_missing || { [ -z "$missing" ]; exit; }

	echo "Looking again:"
	find_missing
	if [ -n "$missing" ]; then
		echo "setup: still missing:$missing" >&2
		exit 1
	fi
	echo "Ready. Next: make run"
}

main "$@"
