
# The object id of an app's service principal; nothing where there is none.
principal_of() { ask "servicePrincipals?\$filter=appId%20eq%20'$1'&\$select=id" 'value[].id'; }

principal=
if [ -n "$client" ]; then principal=$(principal_of "$client"); fi
if [ -z "$principal" ] && will "create the app's service principal"; then
    principal=$(patiently tell POST servicePrincipals "{\"appId\":\"$client\"}")
    fresh=1
fi

grant_role() { # PERMISSION
    patiently tell POST "servicePrincipals/$resource/appRoleAssignedTo" \
        "{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$1\"}" >/dev/null
}

# One grant holds all delegated permissions of an API, as words with blanks between them.
grant_scopes() {
    if [ -z "$scopes" ]; then return; fi
    if ! will "grant for everybody the delegated permissions $scopes of $api_name"; then return; fi
    if [ -n "$grant" ]; then
        tell PATCH "oauth2PermissionGrants/$grant" "{\"scope\":$(json "${granted_scopes:+$granted_scopes }$scopes")}"
        return
    fi
    patiently tell POST oauth2PermissionGrants \
        "{\"clientId\":\"$principal\",\"consentType\":\"AllPrincipals\",\"resourceId\":\"$resource\",\"scope\":$(json "$scopes")}" \
        >/dev/null
}

grant_api() { # API NAME
    api=$1
    api_name=$2
    grant=
    granted_scopes=
    scopes=
    : >"$work/granted"
    resource=$(principal_of "$api")
    # An API that the organization never used has none.
    if [ -z "$resource" ] && will "create the service principal of $api_name"; then
        resource=$(tell POST servicePrincipals "{\"appId\":\"$api\"}")
        fresh=1
    fi
    if [ -n "$principal" ] && [ -n "$resource" ]; then
        patiently ask "servicePrincipals/$principal/appRoleAssignments?\$top=999" \
            "value[?resourceId=='$resource'].appRoleId" >"$work/granted"
        ask "oauth2PermissionGrants?\$filter=clientId%20eq%20'$principal'%20and%20resourceId%20eq%20'$resource'%20and%20consentType%20eq%20'AllPrincipals'" \
            'value[0:1].[id, scope]' >"$work/grant"
        IFS=$'\t' read -r grant granted_scopes <"$work/grant" || true
        # It may begin or end with a blank.
        read -r granted_scopes <<<"$granted_scopes" || true
    fi
    each_permission grant_permission
    grant_scopes
}
each_api grant_api
