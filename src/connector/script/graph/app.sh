
# ---- the app registration

if [ "$REDIRECT_NEEDED" = 1 ] && [ -z "$REDIRECT_URI" ]; then
    die 'REDIRECT_URI is empty: fill it in at the top of this script'
fi
graph GET "organization?\$select=id"
tenant=$(told '.value[0].id')
if [ -n "$TENANT_ID" ] && [ "$tenant" != "$TENANT_ID" ]; then
    die "the token is for $tenant, this script is for $TENANT_ID"
fi

app=
client=
if [ -n "$CLIENT_ID" ]; then
    every "$GRAPH_TOKEN" "$GRAPH_URL" "v1.0/applications?\$filter=appId%20eq%20'$CLIENT_ID'&\$select=id,appId,displayName"
    [ "$(jq length "$work/list.json")" = 1 ] || die "there is no app $CLIENT_ID in $tenant"
else
    every "$GRAPH_TOKEN" "$GRAPH_URL" "v1.0/applications?\$filter=displayName%20eq%20'$(in_filter "$APP_NAME")'&\$select=id,appId,displayName"
    # Entra compares names without regard to upper and lower case.
    jq --arg name "$APP_NAME" 'map(select(.displayName == $name))' "$work/list.json" >"$work/named.json"
    mv "$work/named.json" "$work/list.json"
    if [ "$(jq length "$work/list.json")" -gt 1 ]; then
        die "several apps have the name $APP_NAME ($(jq -r 'map(.appId) | join(", ")' "$work/list.json")): put the right one into CLIENT_ID"
    fi
fi
app=$(jq -r '.[0].id // empty' "$work/list.json")
client=$(jq -r '.[0].appId // empty' "$work/list.json")

# What the app's list has, and what this connector needs besides; the rest stays as it is.
with_permissions() {
    jq -c --argjson wanted "$PERMISSIONS" 'reduce $wanted[] as $api (.requiredResourceAccess;
        (map(.resourceAppId) | index($api.resourceAppId)) as $at
        | if $at == null then . + [$api]
          else .[$at].resourceAccess |= . + ($api.resourceAccess - map({id, type}))
          end)' "$answer"
}

if [ -z "$app" ]; then
    if will "create the app $APP_NAME"; then
        graph POST applications "$(jq -cn --arg name "$APP_NAME" --arg audience "$AUDIENCE" \
            --arg uri "$REDIRECT_URI" --argjson permissions "$PERMISSIONS" \
            '{displayName: $name, signInAudience: $audience,
              web: {redirectUris: [$uri | select(. != "")]}, requiredResourceAccess: $permissions}')"
        app=$(told .id)
        client=$(told .appId)
        fresh=1
    fi
else
    say "The app is there: $client"
    graph GET "applications/$app?\$select=web,requiredResourceAccess"
    changes=$(with_permissions)
    if [ "$(jq --argjson new "$changes" '.requiredResourceAccess == $new' "$answer")" = true ]; then
        changes=
    fi
    uris=$(jq -c --arg uri "$REDIRECT_URI" '.web.redirectUris // []
        | if $uri == "" or index($uri) then empty else . + [$uri] end' "$answer")
    if [ -n "$changes" ] && will "add the missing permissions to the app's list"; then
        graph PATCH "applications/$app" "{\"requiredResourceAccess\":$changes}"
    fi
    if [ -n "$uris" ] && will "add the redirect URI $REDIRECT_URI"; then
        graph PATCH "applications/$app" "{\"web\":{\"redirectUris\":$uris}}"
    fi
fi
