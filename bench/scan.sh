#!/usr/bin/env bash
# Measures how fast `certkit scan` reads, and writes the table of docs/scan.md.
#
#   bench/scan.sh           100,000 files, three rounds: some minutes
#   bench/scan.sh --quick   5,000 files, one round, to see that all of it works
#
# It needs Linux, python3, OpenSSL and GNU time. CERTKIT=PATH measures that program; without it the
# release is built. The tree is made anew below TMPDIR and goes away again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in
    "") files=100000 rounds=3 sample=500 ;;
    --quick) files=5000 rounds=1 sample=100 ;;
    *) echo "usage: bench/scan.sh [--quick]" >&2; exit 2 ;;
esac
if [ -z "${CERTKIT:-}" ]; then
    cargo build --locked --release
    CERTKIT=$PWD/target/release/certkit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
python3 bench/scan_tree.py "$CERTKIT" "$tree" "$files"
find "$tree/certificates" -type f | sort | sed -n "1,${sample}p" > "$work/sample"

# What is measured, one a line: its name, how many files it looks at, and the command.
certificates=$(find "$tree/certificates" -type f | wc -l)
turns=(
    "certkit scan, certificates, 1 thread|$certificates|$CERTKIT scan $tree/certificates --jobs 1 --format json"
    "certkit scan, certificates, 2 threads|$certificates|$CERTKIT scan $tree/certificates --jobs 2 --format json"
    "certkit scan, all files, 1 thread|$files|$CERTKIT scan $tree --jobs 1 --format json"
    "certkit scan, all files, 2 threads|$files|$CERTKIT scan $tree --jobs 2 --format json"
    "certkit scan, all files, the table|$files|$CERTKIT scan $tree --jobs 2"
    "cat, certificates|$certificates|find $tree/certificates -type f -print0 | xargs -0 cat"
    "cat, all files|$files|find $tree -type f -print0 | xargs -0 cat"
    "openssl x509, $sample certificates|$sample|while read -r file; do openssl x509 -noout -enddate -in \$file; done < $work/sample"
)

# In turn, round after round, so that the machine's moods meet all of them; the first round warms the
# file system's memory and does not count.
for round in $(seq 0 "$rounds"); do
    for turn in "${turns[@]}"; do
        IFS='|' read -r name count command <<< "${turn/ | xargs/ PIPE xargs}"
        command=${command/ PIPE xargs/ | xargs}
        /usr/bin/time -f '%e %U %S %M' -o "$work/time" bash -c "$command" > /dev/null 2>> "$work/said"
        if [ "$round" -gt 0 ]; then
            echo "$name|$count|$(tr ' ' '|' < "$work/time")" >> "$work/times"
        fi
    done
done

python3 - "$work/times" "$(date -u +%F)" "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$rounds" > "$work/table" <<'PYTHON'
import statistics, sys
path, date, cores, model, rounds = sys.argv[1:]
turns = {}
for line in open(path):
    name, files, *figures = line.strip().split("|")
    turns.setdefault((name, int(files)), []).append([float(figure) for figure in figures])
print(f"Measured on {date} on {cores} cores of {model}, files in the system's memory; medians of {rounds} turns.\n")
print("| | files | seconds | files a second and core | memory |")
print("|---|---|---|---|---|")
for (name, files), runs in turns.items():
    elapsed, user, system, memory = (statistics.median(column) for column in zip(*runs))
    rate = files / statistics.median(run[1] + run[2] for run in runs)
    print(f"| {name} | {files:,} | {elapsed:.2f} | {rate:,.0f} | {memory / 1024:.0f} MiB |")
certificates = next(files for name, files in turns if name.startswith("certkit"))
elapsed = statistics.median(run[0] for run in runs) / files * certificates
print(f"\nAt the rate of its sample openssl would take {elapsed / 60:.0f} minutes for the {certificates:,} certificates.")
PYTHON
cat "$work/table"

# Between its two marks, at once.
awk -v table="$work/table" '
    /<!-- measured -->/ { print; while ((getline line < table) > 0) print line; skip = 1 }
    /<!-- end -->/ { skip = 0 }
    !skip || /<!-- end -->/ { if (!/<!-- measured -->/) print }
' docs/scan.md > "$work/page"
mv "$work/page" docs/scan.md
