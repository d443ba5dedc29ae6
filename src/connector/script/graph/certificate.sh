
# ---- certificate

# The certificate as Microsoft Graph takes it. Its thumbprint (customKeyIdentifier) is left to Graph.
key_credential() {
    local from=pem
    [ -f "$CERT_FILE" ] || die "there is no file $CERT_FILE"
    if grep -aq 'PRIVATE KEY' <"$CERT_FILE"; then die "$CERT_FILE holds a private key: name the .cer"; fi
    grep -aq 'BEGIN CERTIFICATE' <"$CERT_FILE" || from=der
    openssl x509 -inform "$from" -outform der <"$CERT_FILE" >"$work/certificate.der" || die "$CERT_FILE is no certificate"
    openssl x509 -inform der -noout -subject -startdate -enddate -nameopt RFC2253,utf8,-esc_msb \
        <"$work/certificate.der" >"$work/certificate.txt"
    base64 <"$work/certificate.der" | tr -d '\r\n' >"$work/certificate.b64"
    jq -n --rawfile key "$work/certificate.b64" --rawfile text "$work/certificate.txt" '
        def of($name): $text | split("\n")[] | select(startswith($name + "=")) | .[($name + "=" | length):];
        def date: strptime("%b %d %H:%M:%S %Y GMT") | mktime | todate;
        {type: "AsymmetricX509Cert", usage: "Verify", key: $key, displayName: of("subject")[:90],
         startDateTime: (of("notBefore") | date), endDateTime: (of("notAfter") | date)}' >"$work/new.json"
}

# Adds the certificate beside the others: the old one works until the vendor has the new one.
add_certificate() {
    command -v openssl >/dev/null || die 'openssl is not installed; it reads the certificate'
    key_credential
    echo '{}' >"$answer"
    # The certificates themselves are told with $select alone.
    if [ -n "$app" ]; then graph GET "applications/$app?\$select=keyCredentials"; fi
    jq '.keyCredentials // []' "$answer" >"$work/old.json"
    if jq -e --slurpfile new "$work/new.json" 'any(.[]; .key == $new[0].key)' "$work/old.json" >/dev/null; then
        say 'The certificate is there already.'
        return
    fi
    # What is sent replaces everything that is there, so nothing is sent that is not whole.
    if jq -e 'any(.[]; .key == null)' "$work/old.json" >/dev/null; then
        die "Microsoft Graph does not show all of the app's certificates: add $CERT_FILE in the portal, so that none is lost"
    fi
    if will "add the certificate of $CERT_FILE"; then
        graph PATCH "applications/$app" "$(jq -c --slurpfile new "$work/new.json" '{keyCredentials: (. + $new)}' "$work/old.json")"
        graph GET "applications/$app?\$select=keyCredentials"
        jq -e --slurpfile old "$work/old.json" '(($old[0] | map(.keyId)) - (.keyCredentials | map(.keyId))) == []' "$answer" >/dev/null ||
            die 'a certificate that was there is gone: put it back'
    fi
}
if [ -n "$CERT_FILE" ]; then add_certificate; fi
