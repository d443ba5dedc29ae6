
# ---- service principals and consent

# The service principal of an app; it is made where there is none, such as that of an API that the
# organization never used.
function Get-Principal([string] $AppId, [string] $Name) {
    $found = $null
    if ($AppId) { $found = Get-MgServicePrincipal -Filter "appId eq '$AppId'" | Select-Object -First 1 }
    if (-not $found -and (Test-Change "create the service principal of $Name")) {
        $found = Invoke-Patiently { New-MgServicePrincipal -BodyParameter @{ appId = $AppId } }
        $script:Fresh = $true
    }
    return $found
}

$appId = ''
if ($app) { $appId = $app.AppId }
$principal = Get-Principal $appId 'the app'

foreach ($api in $Apis) {
    $resource = Get-Principal $api.Id $api.Name
    $granted = @()
    $grant = $null
    if ($principal -and $resource) {
        $assignments = @(Invoke-Patiently { Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -All })
        $granted = @($assignments | Where-Object { $_.ResourceId -eq $resource.Id } | ForEach-Object { $_.AppRoleId })
        $grant = Get-MgOauth2PermissionGrant -Filter "clientId eq '$($principal.Id)' and consentType eq 'AllPrincipals'" -All |
            Where-Object { $_.ResourceId -eq $resource.Id } | Select-Object -First 1
    }
    $wanted = @($Permissions | Where-Object { $_.Api -eq $api.Id })
    foreach ($permission in @($wanted | Where-Object { $_.Type -eq 'Role' })) {
        if ($granted -contains $permission.Id) { continue }
        if (Test-Change "grant the application permission $($permission.Name) of $($api.Name)") {
            $body = @{ principalId = $principal.Id; resourceId = $resource.Id; appRoleId = $permission.Id }
            [void] (Invoke-Patiently { New-MgServicePrincipalAppRoleAssignedTo -ServicePrincipalId $resource.Id -BodyParameter $body })
        }
    }
    # One grant holds all delegated permissions of an API, as words with blanks between them.
    $held = @()
    if ($grant) { $held = @("$($grant.Scope)".Split(' ') | Where-Object { $_ }) }
    $scopes = @($wanted | Where-Object { $_.Type -eq 'Scope' -and -not ($held -ccontains $_.Name) } | ForEach-Object { $_.Name })
    if ($scopes.Count -eq 0) { continue }
    if (Test-Change "grant for everybody the delegated permissions $($scopes -join ' ') of $($api.Name)") {
        $all = ($held + $scopes) -join ' '
        if ($grant) {
            $change = @{ OAuth2PermissionGrantId = $grant.Id; BodyParameter = @{ scope = $all } }
            Update-MgOauth2PermissionGrant @change
        }
        else {
            $body = @{ clientId = $principal.Id; consentType = 'AllPrincipals'; resourceId = $resource.Id; scope = $all }
            [void] (Invoke-Patiently { New-MgOauth2PermissionGrant -BodyParameter $body })
        }
    }
}
