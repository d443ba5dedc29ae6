
# ---- certificate

# Adds the certificate beside the others: the old one works until the vendor has the new one.
function Add-Certificate([string] $Path) {
    $certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (Get-FullPath $Path)
    if ($certificate.HasPrivateKey) { throw "$Path holds a private key: name the .cer" }
    $old = @()
    if ($app) {
        # The certificates themselves are told for one app, and with this property named.
        $whole = Invoke-Patiently { Get-MgApplication -ApplicationId $app.Id -Property 'id,keyCredentials' }
        $old = @($whole.KeyCredentials | Where-Object { $_ })
    }
    # What is sent replaces everything that is there, so nothing is sent that is not whole.
    $partial = @($old | Where-Object { -not $_.Key })
    $same = @($old | Where-Object { $_.Key -and [Convert]::ToBase64String($_.Key) -ceq [Convert]::ToBase64String($certificate.RawData) })
    if ($same.Count -gt 0) {
        Write-Host 'The certificate is there already.'
        return
    }
    if ($partial.Count -gt 0) {
        throw "Microsoft Graph does not show all of the app's certificates: add $Path in the portal, so that none is lost"
    }
    if (-not (Test-Change "add the certificate of $Path")) { return }
    $name = $certificate.Subject
    if ($name.Length -gt 90) { $name = $name.Substring(0, 90) }
    # Its thumbprint (CustomKeyIdentifier) is left to Microsoft Graph.
    $new = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphKeyCredential] @{
        Type          = 'AsymmetricX509Cert'
        Usage         = 'Verify'
        Key           = $certificate.RawData
        DisplayName   = $name
        StartDateTime = $certificate.NotBefore.ToUniversalTime()
        EndDateTime   = $certificate.NotAfter.ToUniversalTime()
    }
    $all = @($old) + $new
    Invoke-Patiently { Update-MgApplication -ApplicationId $app.Id -KeyCredentials $all }
    $kept = @((Get-MgApplication -ApplicationId $app.Id -Property 'id,keyCredentials').KeyCredentials | ForEach-Object { "$($_.KeyId)" })
    foreach ($credential in $old) {
        if (-not ($kept -contains "$($credential.KeyId)")) { throw "The certificate with the key id $($credential.KeyId) is gone: put it back" }
    }
}
if ($CertFile) { Add-Certificate $CertFile }
