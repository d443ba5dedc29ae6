
# ---- Azure CLI and Microsoft Graph

# ask PATH QUERY [FORMAT]: what Microsoft Graph says. `az ad` leaves out what is asked for here.
ask() {
    az rest --only-show-errors --method GET --url "$GRAPH/v1.0/$1" --resource "$GRAPH/" \
        --query "$2" --output "${3:-tsv}"
}

# tell METHOD PATH JSON: changes something, and prints its id. The body goes by a file: as an
# argument, az would read a name that begins with @ as the name of a file.
tell() {
    printf '%s' "$3" >"$work/body.json"
    az rest --only-show-errors --method "$1" --url "$GRAPH/v1.0/$2" --resource "$GRAPH/" \
        --body "@$work/body.json" --query id --output tsv
}

# Tries again for a while where something is so new that Entra may not find it yet.
patiently() {
    local left=1
    if [ "$fresh" = 1 ]; then left=6; fi
    until "$@"; do
        left=$((left - 1))
        if [ "$left" -eq 0 ]; then return 1; fi
        say "That may be too new to be found everywhere: again in $PAUSE seconds."
        sleep "$PAUSE"
    done
}

# Text as JSON.
json() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

# A JSON array with one member more.
appended() {
    case ${1//[$' \t\r\n']/} in
    '' | '[]' | null) printf '[%s]' "$2" ;;
    *) printf '%s,%s]' "${1%]*}" "$2" ;;
    esac
}

# ---- the right place

if [ "$REDIRECT_NEEDED" = 1 ] && [ -z "$REDIRECT_URI" ]; then
    die 'REDIRECT_URI is empty: fill it in at the top of this script'
fi
command -v az >/dev/null || die 'the Azure CLI (az) is not installed'
endpoint=$(az cloud show --only-show-errors --query endpoints.microsoftGraphResourceId --output tsv)
if [ "${endpoint%/}" != "$GRAPH" ]; then
    say "az talks to ${endpoint%/}, this script to $GRAPH."
    say "Set the cloud and sign in again: az cloud set --name $CLOUD && az login"
    die "where $CLOUD has another host: az cloud update --name $CLOUD --endpoint-microsoft-graph-resource-id $GRAPH"
fi
tenant=$(az account show --only-show-errors --query tenantId --output tsv)
if [ -n "$TENANT_ID" ] && [ "$tenant" != "$TENANT_ID" ]; then
    die "az is signed in to $tenant, this script is for $TENANT_ID: az login --tenant $TENANT_ID"
fi

# ---- the app registration

app=
client=
if [ -n "$CLIENT_ID" ]; then
    app=$(ask "applications?\$filter=appId%20eq%20'$CLIENT_ID'&\$select=id" 'value[].id')
    [ -n "$app" ] || die "there is no app $CLIENT_ID in $tenant"
    client=$CLIENT_ID
else
    quote="'"
    az ad app list --only-show-errors --all --filter "displayName eq '${APP_NAME//$quote/$quote$quote}'" \
        --query '[].[id, appId, displayName]' --output tsv >"$work/apps"
    while IFS=$'\t' read -r id appid name; do
        # Entra compares names without regard to upper and lower case.
        if [ "$name" != "$APP_NAME" ]; then continue; fi
        if [ -n "$app" ]; then
            die "several apps have the name $APP_NAME ($client, $appid): put the right one into CLIENT_ID"
        fi
        app=$id
        client=$appid
    done <"$work/apps"
fi

uri=
if [ -n "$REDIRECT_URI" ]; then uri=$(json "$REDIRECT_URI"); fi
if [ -z "$app" ]; then
    if will "create the app $APP_NAME"; then
        body="{\"displayName\":$(json "$APP_NAME"),\"signInAudience\":\"$AUDIENCE\""
        body="$body,\"web\":{\"redirectUris\":[$uri]},\"requiredResourceAccess\":$PERMISSIONS}"
        app=$(tell POST applications "$body")
        fresh=1
        client=$(patiently ask "applications/$app?\$select=appId" appId)
    fi
else
    say "The app is there: $client"
    if [ -n "$uri" ]; then
        ask "applications/$app?\$select=web" 'web.redirectUris' >"$work/uris"
        if ! grep -Fxq -e "$REDIRECT_URI" "$work/uris" && will "add the redirect URI $REDIRECT_URI"; then
            uris=$(ask "applications/$app?\$select=web" 'web.redirectUris' json)
            tell PATCH "applications/$app" "{\"web\":{\"redirectUris\":$(appended "$uris" "$uri")}}"
        fi
    fi
fi

# The permissions in the app's list; az adds to them and leaves the others.
list_permissions() { # API NAME
    ask "applications/$app?\$select=requiredResourceAccess" \
        "requiredResourceAccess[?resourceAppId=='$1'].resourceAccess[].join('=', [id, type])" >"$work/has-$1"
}
add_permission() { # API PERMISSION KIND NAME
    if has_line "$work/has-$1" "$2=$3"; then return; fi
    if will "add the permission $4 to the app's list"; then
        az ad app permission add --only-show-errors --id "$client" --api "$1" --api-permissions "$2=$3"
    fi
}
if [ -n "$app" ] && [ "$fresh" = 0 ]; then
    each_api list_permissions
    each_permission add_permission
fi
