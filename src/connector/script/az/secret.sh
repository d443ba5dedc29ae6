
# ---- client secret

# Whatever ends this script before the secret is there takes the empty file away again.
leave() {
    if ! [ -s "$SECRET_FILE" ]; then rm -f -- "$SECRET_FILE"; fi
    rm -rf "$work"
}

# A new secret goes from az into the file: it is no argument, and it is not shown.
make_secret() {
    local end form=+%Y-%m-%dT%H:%M:%SZ
    if [ -e "$SECRET_FILE" ] || [ -L "$SECRET_FILE" ]; then
        say "$SECRET_FILE is there: no new client secret is made."
        return
    fi
    if ! will "make a client secret and write it to $SECRET_FILE"; then return; fi
    # GNU, then BSD and macOS.
    end=$(date -u -d "+$SECRET_DAYS days" "$form" 2>/dev/null || date -u -v "+${SECRET_DAYS}d" "$form")
    # The file is made before the secret, with mode 0600: a secret that cannot be kept is not made.
    (set -o noclobber && : >"$SECRET_FILE") || die "cannot write $SECRET_FILE"
    trap leave EXIT
    patiently az ad app credential reset --only-show-errors --id "$client" --append \
        --display-name certkit --end-date "$end" --query password --output tsv >"$SECRET_FILE" ||
        die 'no client secret was made'
    [ -s "$SECRET_FILE" ] || die 'az showed no client secret'
}
if [ -n "$SECRET_FILE" ]; then make_secret; fi
