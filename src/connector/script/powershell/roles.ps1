
# ---- Azure roles

function Add-Roles {
    $azure = Get-AzContext
    if (-not $azure -or $azure.Environment.Name -ne $AzureEnvironment) {
        throw "Not signed in to ${AzureEnvironment}: Connect-AzAccount -Environment $AzureEnvironment -Subscription $Subscription"
    }
    $held = @()
    if ($principal) { $held = @(Get-AzRoleAssignment -ObjectId $principal.Id -Scope $RoleScope) }
    foreach ($role in $Roles) {
        # Those at the scope or above it count.
        $same = @($held | Where-Object {
                "$($_.RoleDefinitionId)".EndsWith($role.Id) -and "$RoleScope/".StartsWith("$($_.Scope)".TrimEnd('/') + '/', [System.StringComparison]::OrdinalIgnoreCase)
            })
        if ($same.Count -gt 0) { continue }
        if (Test-Change "assign the role $($role.Name) at $RoleScope") {
            # With the type of the principal, a new one need not be known everywhere yet.
            [void] (Invoke-Patiently { New-AzRoleAssignment -ObjectId $principal.Id -ObjectType ServicePrincipal -RoleDefinitionId $role.Id -Scope $RoleScope })
        }
    }
}
if ($Subscription) { Add-Roles }
