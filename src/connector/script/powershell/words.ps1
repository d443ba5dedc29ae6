
# ---- words

$Cmdlet = $PSCmdlet
# Whether something was made in this run, which Entra may not know everywhere yet.
$Fresh = $false

# Says what is done now; with -WhatIf, what would be.
function Test-Change([string] $What) {
    if (-not $Cmdlet.ShouldProcess('Microsoft Entra ID', $What)) { return $false }
    Write-Host $What
    return $true
}

# Tries again for a while where something is so new that Entra may not find it yet.
function Invoke-Patiently([scriptblock] $Call) {
    $left = 1
    if ($script:Fresh) { $left = 6 }
    while ($true) {
        try { return (& $Call) }
        catch {
            $left--
            if ($left -le 0) { throw }
            Write-Host 'That may be too new to be found everywhere: again in 10 seconds.'
            Start-Sleep -Seconds 10
        }
    }
}

# A path that .NET understands too, whose current folder is not PowerShell's.
function Get-FullPath([string] $Path) {
    return $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}
