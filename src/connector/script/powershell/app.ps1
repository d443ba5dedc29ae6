
# ---- the right place

if ($RedirectNeeded -and -not $RedirectUri) {
    throw 'RedirectUri is empty: fill it in at the top of this script'
}
$context = Get-MgContext
if (-not $context) {
    $connection = @{ Scopes = $TokenScopes.Split(' '); Environment = $GraphEnvironment; NoWelcome = $true }
    if ($TenantId) { $connection.TenantId = $TenantId }
    Connect-MgGraph @connection
    $context = Get-MgContext
}
if ($context.Environment -ne $GraphEnvironment) {
    throw "Connected to $($context.Environment), this script is for ${GraphEnvironment}: Disconnect-MgGraph, then run this again"
}
if ($TenantId -and $context.TenantId -ne $TenantId) {
    throw "Connected to $($context.TenantId), this script is for ${TenantId}: Disconnect-MgGraph, then run this again"
}

# ---- the app registration

$app = $null
if ($ClientId) {
    $app = Get-MgApplication -Filter "appId eq '$ClientId'" | Select-Object -First 1
    if (-not $app) { throw "There is no app $ClientId in $($context.TenantId)" }
}
else {
    $inFilter = $AppName.Replace("'", "''")
    # Entra compares names without regard to upper and lower case.
    $apps = @(Get-MgApplication -Filter "displayName eq '$inFilter'" -All |
            Where-Object { [string]::Equals($_.DisplayName, $AppName, [System.StringComparison]::Ordinal) })
    if ($apps.Count -gt 1) {
        throw "Several apps have the name $AppName ($(($apps | ForEach-Object { $_.AppId }) -join ', ')): put the right one into ClientId"
    }
    $app = $apps | Select-Object -First 1
}

# What the app's list has, and what this connector needs besides; the rest stays as it is.
$access = New-Object System.Collections.ArrayList
if ($app) {
    foreach ($resource in @($app.RequiredResourceAccess | Where-Object { $_ })) {
        $held = @($resource.ResourceAccess | ForEach-Object { @{ id = $_.Id; type = $_.Type } })
        [void] $access.Add(@{ resourceAppId = $resource.ResourceAppId; resourceAccess = $held })
    }
}
$missing = @()
foreach ($permission in $Permissions) {
    $resource = $access | Where-Object { $_.resourceAppId -eq $permission.Api } | Select-Object -First 1
    if (-not $resource) {
        $resource = @{ resourceAppId = $permission.Api; resourceAccess = @() }
        [void] $access.Add($resource)
    }
    $held = $resource.resourceAccess | Where-Object { $_.id -eq $permission.Id -and $_.type -eq $permission.Type }
    if (-not $held) {
        $resource.resourceAccess = @($resource.resourceAccess) + @{ id = $permission.Id; type = $permission.Type }
        $missing += $permission.Name
    }
}

if (-not $app) {
    if (Test-Change "create the app $AppName") {
        $uris = @()
        if ($RedirectUri) { $uris = @($RedirectUri) }
        $app = New-MgApplication -BodyParameter @{
            displayName            = $AppName
            signInAudience         = $Audience
            web                    = @{ redirectUris = $uris }
            requiredResourceAccess = $access.ToArray()
        }
        $Fresh = $true
    }
}
else {
    Write-Host "The app is there: $($app.AppId)"
    if ($missing.Count -gt 0 -and (Test-Change "add to the app's list the permissions $($missing -join ', ')")) {
        Update-MgApplication -ApplicationId $app.Id -BodyParameter @{ requiredResourceAccess = $access.ToArray() }
    }
    $uris = @($app.Web.RedirectUris | Where-Object { $_ })
    if ($RedirectUri -and -not ($uris -ccontains $RedirectUri) -and (Test-Change "add the redirect URI $RedirectUri")) {
        Update-MgApplication -ApplicationId $app.Id -BodyParameter @{ web = @{ redirectUris = $uris + $RedirectUri } }
    }
}
