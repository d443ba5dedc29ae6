
# Sets $found to the object id of an app's service principal; to nothing where there is none.
find_principal() {
    graph GET "servicePrincipals?\$filter=appId%20eq%20'$1'&\$select=id"
    found=$(told '.value[0].id')
}

create_principal() {
    graph POST servicePrincipals "{\"appId\":\"$1\"}"
    found=$(told .id)
    fresh=1
}

found=
if [ -n "$client" ]; then find_principal "$client"; fi
if [ -z "$found" ] && will "create the app's service principal"; then create_principal "$client"; fi
principal=$found

grant_role() { # PERMISSION
    graph POST "servicePrincipals/$resource/appRoleAssignedTo" \
        "{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$1\"}"
}

# One grant holds all delegated permissions of an API, as words with blanks between them.
grant_scopes() {
    local all
    if [ -z "$scopes" ]; then return; fi
    if ! will "grant for everybody the delegated permissions $scopes of $api_name"; then return; fi
    all=${granted_scopes:+$granted_scopes }$scopes
    if [ -n "$grant" ]; then
        graph PATCH "oauth2PermissionGrants/$grant" "$(jq -cn --arg scope "$all" '{scope: $scope}')"
    else
        graph POST oauth2PermissionGrants "$(jq -cn --arg client "$principal" --arg resource "$resource" --arg scope "$all" \
            '{clientId: $client, consentType: "AllPrincipals", resourceId: $resource, scope: $scope}')"
    fi
}

grant_api() { # API NAME
    api=$1
    api_name=$2
    grant=
    granted_scopes=
    scopes=
    : >"$work/granted"
    find_principal "$api"
    # An API that the organization never used has none.
    if [ -z "$found" ] && will "create the service principal of $api_name"; then create_principal "$api"; fi
    resource=$found
    if [ -n "$principal" ] && [ -n "$resource" ]; then
        every "$GRAPH_TOKEN" "$GRAPH_URL" "v1.0/servicePrincipals/$principal/appRoleAssignments"
        jq -r --arg resource "$resource" '.[] | select(.resourceId == $resource) | .appRoleId' "$work/list.json" >"$work/granted"
        every "$GRAPH_TOKEN" "$GRAPH_URL" "v1.0/servicePrincipals/$principal/oauth2PermissionGrants"
        jq --arg resource "$resource" 'map(select(.resourceId == $resource and .consentType == "AllPrincipals"))' \
            "$work/list.json" >"$work/grant.json"
        grant=$(jq -r '.[0].id // empty' "$work/grant.json")
        granted_scopes=$(jq -r '.[0].scope // "" | [splits(" +")] | map(select(. != "")) | join(" ")' "$work/grant.json")
    fi
    each_permission grant_permission
    grant_scopes
}
each_api grant_api
