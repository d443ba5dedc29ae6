
# ---- certificate

# The file's first certificate in one line of base64, as Microsoft Graph has it.
certificate_in_base64() {
    [ -f "$CERT_FILE" ] || die "there is no file $CERT_FILE"
    if grep -aq 'PRIVATE KEY' <"$CERT_FILE"; then
        die "$CERT_FILE holds a private key: name the .cer"
    elif grep -aq 'BEGIN CERTIFICATE' <"$CERT_FILE"; then
        awk '/-----END/ { exit } inside { print } /-----BEGIN CERTIFICATE/ { inside = 1 }' <"$CERT_FILE" | tr -d ' \t\r\n'
    else
        base64 <"$CERT_FILE" | tr -d '\r\n'
    fi
}

# Adds the certificate beside the others: the old one works until the vendor has the new one.
add_certificate() {
    local id key
    certificate_in_base64 >"$work/certificate"
    : >"$work/certificates"
    if [ -n "$app" ]; then
        # The certificates themselves are told with $select alone.
        patiently ask "applications/$app?\$select=keyCredentials" 'keyCredentials[].[keyId, key]' >"$work/certificates"
    fi
    while IFS=$'\t' read -r id key; do
        if [ "$key" = "$(cat "$work/certificate")" ]; then
            say 'The certificate is there already.'
            return
        fi
    done <"$work/certificates"
    if ! will "add the certificate of $CERT_FILE"; then return; fi
    {
        echo '-----BEGIN CERTIFICATE-----'
        fold -w 64 <"$work/certificate"
        echo
        echo '-----END CERTIFICATE-----'
    } >"$work/certificate.pem"
    # Without --append all others would go. Without --end-date az makes it end after a year; so far
    # away it takes the certificate's own end.
    patiently az ad app credential reset --only-show-errors --id "$client" --append \
        --cert "@$work/certificate.pem" --end-date 2999-12-31 --output none
    ask "applications/$app?\$select=keyCredentials" 'keyCredentials[].keyId' >"$work/kept"
    while IFS=$'\t' read -r id key; do
        has_line "$work/kept" "$id" || die "the certificate with the key id $id is gone: put it back"
    done <"$work/certificates"
}
if [ -n "$CERT_FILE" ]; then add_certificate; fi
