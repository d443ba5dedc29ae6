
# ---- words

DRY_RUN=${DRY_RUN:-0}
# Seconds before something that was made a moment ago is looked for again.
PAUSE=${PAUSE:-10}
# Everything that is written is for its owner alone.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Whether something was made in this run, which Entra may not know everywhere yet.
fresh=0

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

# Says what is done now, or, in a dry run, would be.
will() {
    if [ "$DRY_RUN" = 1 ]; then
        say "would $*"
        return 1
    fi
    say "$*"
}

# Whether the file $1 has the line $2.
has_line() { grep -Fxiq -e "$2" "$1"; }
