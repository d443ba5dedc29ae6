#!/usr/bin/env bash
# Fills corpus/ from the fixtures: each target begins with the files of its own format, damaged
# ones too. Files that are only slow, and none of them larger than 16 KiB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
fixtures=../fixtures

seed() { # target pattern…
    local target=$1 file
    shift
    mkdir -p "corpus/$target"
    for pattern in "$@"; do
        for file in $fixtures/{stores,certs,hostile}/$pattern; do
            [ -f "$file" ] || continue
            [ "$(stat -c %s "$file")" -le 16384 ] || continue
            cp "$file" "corpus/$target/$(basename "$file")"
        done
    done
}

seed detect '*'
seed pkcs12 '*.pfx' '*.p12'
seed jks '*.jks' '*.jceks'
seed pem '*.pem'
seed keys '*.key.der' '*pkcs8*' '*pkcs1*' '*sec1*' '*public-key*' '*.key.pem'
seed pkcs7 '*.p7b' '*.cer' '*.crt'
seed connector_json '*.json'

# Keys in PEM are of more use to a target that reads DER without their armour.
for file in corpus/keys/*.pem; do
    [ -e "$file" ] || continue
    sed -n '/^-----BEGIN/,/^-----END/{/^-----/d;/:/d;p}' "$file" | base64 -di >"${file%.pem}.der" 2>/dev/null || true
    rm -f "$file"
done

mkdir -p corpus/names
n=0
while IFS= read -r name; do
    n=$((n + 1))
    printf '%s' "$name" >"corpus/names/$n"
done <<'NAMES'
CN=SharePoint connector,O=Contoso\, Ltd.,C=GB
CN=a+OU=b;O="x, y" , L=\C3\BC
2.5.4.3=#0c0161,OID.1.2.3=#0401ff
EMAILADDRESS=a@example.com,DC=example,SERIALNUMBER=1 2
CN=\ a\ ,CN=\#a,CN=a\0Ab
C=DE,ST=x,STREET=y,UID=z
/CN=slash/O=form
C:/Program Files/Git/CN=x
NAMES
