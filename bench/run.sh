#!/usr/bin/env bash
# Measures how long certkit and others take to make keys, and writes docs/performance.md.
#
#   bench/run.sh           a quarter of an hour, on a machine that has nothing else to do
#   bench/run.sh --quick   a minute, to see that all of it works; its intervals are wide
#
# It needs Linux, cargo, a C compiler (for AWS-LC), OpenSSL 3 and jq; what needs keytool is left out
# where that is missing. CERTKIT=PATH measures that program; without it a static one is built. Every
# single turn is kept in target/bench.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

date=$(date -u +%F)
# Keys by each generator, by genrsa and `certkit gen`, and by keytool; turns of programs, with keytool,
# and of batches, of so many names.
case "${1:-}" in
    "") rsa_2048=(250 100 10) rsa_3072=(60 10 0) rsa_4096=(40 10 0) runs=(40 5 2 500) ;;
    --quick)
        rsa_2048=(6 3 1) rsa_3072=(2 1 0) rsa_4096=(2 0 0) runs=(3 1 1 20)
        date="$date, a quick run: few turns, so intervals are wide and figures mean little"
        ;;
    *) echo "usage: bench/run.sh [--quick]" >&2; exit 2 ;;
esac

if [ -z "${CERTKIT:-}" ]; then
    target=$(uname -m)-unknown-linux-musl
    rustup target add "$target"
    cargo build --locked --release --target "$target"
    CERTKIT=target/$target/release/certkit
fi
manifest=bench/keygen/Cargo.toml
cargo build --locked --release --manifest-path "$manifest"
bench() { cargo run --locked --release --quiet --manifest-path "$manifest" -- "$@"; }

samples=target/bench
rm -rf "$samples" && mkdir -p "$samples"
keys() { # BITS KEYS PROCESSES KEYTOOL
    bench keys --certkit "$CERTKIT" --bits "$1" --keys "$2" --processes "$3" --keytool "$4" \
        --json "$samples/rsa-$1.json"
}
# The runs come first: their load is the machine's before the searches.
bench runs --certkit "$CERTKIT" --turns "${runs[0]}" --slow "${runs[1]}" \
    --batches "${runs[2]}" --names "${runs[3]}" --json "$samples/0-runs.json"
keys 2048 "${rsa_2048[@]}"
keys 3072 "${rsa_3072[@]}"
keys 4096 "${rsa_4096[@]}"

# Written at once: an interrupted run leaves the old page.
bench page --template bench/performance.md.in --date "$date" "$samples"/*.json > "$samples/page.md"
mv "$samples/page.md" docs/performance.md
