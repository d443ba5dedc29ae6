
# ---- Azure roles

assign_role() { # ROLE NAME
    local there=
    if [ -n "$principal" ]; then
        there=$(az role assignment list --only-show-errors --subscription "$SUBSCRIPTION" --assignee "$principal" \
            --scope "$ROLE_SCOPE" --include-inherited --fill-principal-name false \
            --query "[?ends_with(roleDefinitionId, '$1')].id" --output tsv)
    fi
    if [ -n "$there" ]; then return; fi
    if will "assign the role $2 at $ROLE_SCOPE"; then
        # With the type of the principal, a new one need not be known everywhere yet.
        patiently az role assignment create --only-show-errors --subscription "$SUBSCRIPTION" \
            --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
            --role "$1" --scope "$ROLE_SCOPE" --output none
    fi
}
if [ -n "$SUBSCRIPTION" ]; then each_role assign_role; fi
