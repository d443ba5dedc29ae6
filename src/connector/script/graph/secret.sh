
# ---- client secret

# Whatever ends this script before the secret is there takes the empty file away again.
leave() {
    if ! [ -s "$SECRET_FILE" ]; then rm -f -- "$SECRET_FILE"; fi
    rm -rf "$work"
}

# A new secret goes from Microsoft Graph into the file: it is no argument, and it is not shown.
make_secret() {
    if [ -e "$SECRET_FILE" ] || [ -L "$SECRET_FILE" ]; then
        say "$SECRET_FILE is there: no new client secret is made."
        return
    fi
    if ! will "make a client secret and write it to $SECRET_FILE"; then return; fi
    # The file is made before the secret, with mode 0600: a secret that cannot be kept is not made.
    (set -o noclobber && : >"$SECRET_FILE") || die "cannot write $SECRET_FILE"
    trap leave EXIT
    graph POST "applications/$app/addPassword" "$(jq -cn --argjson days "$SECRET_DAYS" \
        '{passwordCredential: {displayName: "certkit", endDateTime: (now + $days * 86400 | floor | todate)}}')"
    told .secretText >"$SECRET_FILE"
    : >"$answer"
    [ -s "$SECRET_FILE" ] || die 'Microsoft Graph showed no client secret'
}
if [ -n "$SECRET_FILE" ]; then make_secret; fi
