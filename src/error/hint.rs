//! What to do about an error, in words for a person.

use std::io;

use super::{Error, TomlFile};
use crate::quote::word as quoted;

impl Error {
    /// What to do about it, ideally a command that works.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let file = quoted(self.file().unwrap_or("FILE"));
        Some(match self.cause() {
            Self::AliasAmbiguous { aliases, .. } | Self::AliasUnknown { aliases, .. } => {
                let first = aliases.first().map_or("ALIAS", String::as_str);
                format!("choose one, for example: --alias {}", quoted(first))
            }
            Self::BadToml { file, .. } => match file {
                TomlFile::Record => "mend that line; `certkit connector init` writes a record that works".into(),
                TomlFile::Profile => "mend that line; one that works: certkit connector show zscaler-sharepoint --as profile".into(),
            },
            Self::Changed => "run the same command again: it reads what the file holds now".into(),
            Self::Damaged { .. } => {
                "take the file again from where it came, in binary mode where it is binary".into()
            }
            Self::Empty => "make it again: the command that wrote it was probably interrupted or failed".into(),
            Self::Io { source, action } => match source.kind() {
                io::ErrorKind::NotFound if matches!(*action, "write to this folder") => {
                    format!("make the folder first: mkdir -p {file}")
                }
                io::ErrorKind::NotFound => "check the path: names differ in upper and lower case, and `ls` shows what is there".into(),
                io::ErrorKind::PermissionDenied if *action == "name" => {
                    "the folder lets nobody but a file's owner replace it (it is sticky), or the file is immutable: run certkit as the file's owner".into()
                }
                io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder".into(),
                io::ErrorKind::IsADirectory => format!("name a file in it; to see what is there: ls {file}"),
                _ => return None,
            },
            // No limit that can be given allows what cannot be counted.
            Self::KdfTooCostly { work: u64::MAX, .. } => return None,
            Self::KdfTooCostly { work, .. } => format!(
                "if you trust the file and the time it takes, raise the limit: --max-work {}",
                work.saturating_mul(2)
            ),
            Self::KeyMismatch { .. } => {
                "give the key and the certificate that were made together; `certkit inspect` shows the SubjectPublicKeyInfo hash of both".into()
            }
            Self::NoCertificate { .. } | Self::NoKey { .. } => format!(
                "see what is there: certkit inspect {file}; a key and a certificate in two files go together as: certkit export-json --key KEY.pem --cert CERT.cer"
            ),
            Self::NotAFolder => format!("name another folder; what is there: ls -l {file}"),
            Self::OutputDiffers { .. } => {
                "give the row another name or folder; or move these files away, and it is made anew".into()
            }
            Self::OutputExists => "choose another name, or add --force to replace it".into(),
            Self::OutputIsInput => "name another file: the input stays as it is".into(),
            Self::OutputTwice => "choose another name for one of them".into(),
            Self::OutputKind { found } => match *found {
                "a symbolic link" => "name the plain file itself, not a link to it".into(),
                "a folder" => format!("name a plain file in it; to see what is there: ls {file}"),
                _ => "name a plain file; where there is an option -o, `-o -` is standard output".into(),
            },
            Self::PasswordMissing { .. } | Self::PasswordUnusable { .. } => {
                "use --password file:PATH, env:VAR, fd:N, stdin or prompt, or set CERTKIT_PASSWORD".into()
            }
            Self::ProfileUnknown { ids, .. } => {
                let nearest = ids.first().map_or("ID", String::as_str);
                format!("perhaps {nearest}; all of them: certkit connector list; one of your own is named with --profile-file FILE")
            }
            Self::SecretToTerminal { .. } => "write it to a file with -o FILE, or pipe it to the program that needs it".into(),
            Self::SecretUnusable { .. } => {
                "use --client-secret file:PATH, env:VAR, fd:N, stdin or prompt, with the secret's Value as the portal showed it once, or --client-secret-path where the vendor reads a file".into()
            }
            Self::TooLarge { .. } | Self::TooMany { .. } => "name the key store itself, not an archive or a disk image".into(),
            Self::UnsupportedAlgorithm { role: "private key", .. } => {
                "Microsoft Entra ID takes RSA keys; certkit gen makes one".into()
            }
            Self::UnsupportedAlgorithm { .. } => {
                format!("convert it with the tool that made it, for example: openssl pkcs12 -in {file} -nodes | openssl pkcs12 -export -out NEW.pfx")
            }
            Self::Unwritable { .. } => {
                format!("PEM holds every kind of key and certificate: certkit convert {file} --to pem")
            }
            Self::WrongKind { remedy: Some(remedy), .. } => remedy.replace("{file}", &file),
            Self::WrongPassword { .. } => {
                "check which store the password belongs to; a password file's first line is used, without its line end".into()
            }
            _ => return None,
        })
    }
}
