
# ---- Azure roles

# A name for an assignment: a random GUID (RFC 9562 section 5.4).
new_guid() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' |
        sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\)$/\1-\2-4\3-8\4-\5/'
}

assign_role() { # ROLE NAME
    if has_line "$work/assigned" "$1"; then return; fi
    if will "assign the role $2 at $ROLE_SCOPE"; then
        # With the type of the principal, a new one need not be known everywhere yet.
        send "$ARM_TOKEN" PUT "$ARM_URL$ROLE_SCOPE/providers/Microsoft.Authorization/roleAssignments/$(new_guid)?api-version=2022-04-01" \
            "{\"properties\":{\"roleDefinitionId\":\"/subscriptions/$SUBSCRIPTION/providers/Microsoft.Authorization/roleDefinitions/$1\",\"principalId\":\"$principal\",\"principalType\":\"ServicePrincipal\"}}"
    fi
}

assign_roles() {
    trusted ARM_URL "$ARM_URL"
    ARM_TOKEN=${ARM_TOKEN-}
    export -n ARM_TOKEN
    token_given ARM_TOKEN "$ARM_TOKEN"
    : >"$work/assigned"
    if [ -n "$principal" ]; then
        every "$ARM_TOKEN" "$ARM_URL" "${ROLE_SCOPE#/}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20'$principal'"
        # Those at the scope or above it count; those of a part of it do not.
        jq -r --arg scope "$ROLE_SCOPE" '.[].properties
            | (.scope | ascii_downcase | rtrimstr("/")) as $at
            | select($scope | ascii_downcase | rtrimstr("/") | . == $at or startswith($at + "/"))
            | .roleDefinitionId | split("/") | last' "$work/list.json" >"$work/assigned"
    fi
    each_role assign_role
}
if [ -n "$SUBSCRIPTION" ]; then assign_roles; fi
