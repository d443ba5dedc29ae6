
# ---- client secret

# Makes an empty file that its owner alone can read, before there is a secret to keep in it.
function New-PrivateFile([string] $Path) {
    $stream = [System.IO.File]::Open($Path, [System.IO.FileMode]::CreateNew)
    $stream.Dispose()
    if ([System.Environment]::OSVersion.Platform -eq [System.PlatformID]::Win32NT) {
        $owner = [System.Security.Principal.WindowsIdentity]::GetCurrent().User
        $rights = New-Object System.Security.AccessControl.FileSecurity
        $rights.SetAccessRuleProtection($true, $false)
        $rule = New-Object System.Security.AccessControl.FileSystemAccessRule -ArgumentList $owner, 'FullControl', 'Allow'
        $rights.AddAccessRule($rule)
        Set-Acl -LiteralPath $Path -AclObject $rights
    }
    else {
        chmod 600 $Path
        if ($LASTEXITCODE -ne 0) { throw "chmod 600 failed for $Path" }
    }
}

# A new secret goes from Microsoft Graph into the file; it is not shown.
function New-Secret([string] $Path) {
    $full = Get-FullPath $Path
    if (Test-Path -LiteralPath $full) {
        Write-Host "$Path is there: no new client secret is made."
        return
    }
    if (-not (Test-Change "make a client secret and write it to $Path")) { return }
    New-PrivateFile $full
    try {
        $body = @{ passwordCredential = @{ displayName = 'certkit'; endDateTime = (Get-Date).ToUniversalTime().AddDays($SecretDays) } }
        $made = Invoke-Patiently { Add-MgApplicationPassword -ApplicationId $app.Id -BodyParameter $body }
        [System.IO.File]::WriteAllText($full, $made.SecretText + "`n")
    }
    catch {
        Remove-Item -LiteralPath $full
        throw
    }
}
if ($SecretFile) { New-Secret $SecretFile }
