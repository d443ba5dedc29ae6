
# ---- result

$shown = '(no app was made)'
if ($app) { $shown = $app.AppId }
Write-Output "client id  $shown"
Write-Output "tenant id  $($context.TenantId)"
if ($WhatIfPreference) { Write-Host 'This was a dry run: nothing was changed.' }
$Remaining | Write-Output
