//! What kind of error it is: its class, which decides the exit code, and its word for scripts.

use std::io;

use super::Error;

/// The cause of a failure, one per exit code of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// I/O failed, or certkit itself is at fault (exit code 1).
    Internal,
    /// The request makes no sense (exit code 2).
    Usage,
    /// An input is not what it should be (exit code 3).
    Input,
    /// A password is missing or wrong (exit code 4).
    Password,
    /// Refused for safety (exit code 5).
    Safety,
}

impl Class {
    /// The program's exit code for it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Password => 4,
            Self::Safety => 5,
        }
    }
}

impl Error {
    /// The cause's class, which decides the exit code.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.cause() {
            Self::InFile { .. } | Self::Internal(_) | Self::Io { .. } | Self::ReadBack { .. } => {
                Class::Internal
            }
            Self::BadArgument { .. } | Self::OutputTwice | Self::ProfileUnknown { .. } => Class::Usage,
            Self::AliasAmbiguous { .. }
            | Self::AliasUnknown { .. }
            | Self::BadRow { .. }
            | Self::BadToml { .. }
            | Self::Damaged { .. }
            | Self::Empty
            | Self::KdfMemory { .. }
            | Self::KdfTooCostly { .. }
            | Self::NoCertificate { .. }
            | Self::NoKey { .. }
            | Self::NotWritten { .. }
            | Self::TooLarge { .. }
            | Self::TooMany { .. }
            | Self::UnsupportedAlgorithm { .. }
            | Self::Unwritable { .. }
            | Self::WrongKind { .. } => Class::Input,
            Self::PasswordMissing { .. }
            | Self::PasswordUnusable { .. }
            | Self::SecretUnusable { .. }
            | Self::WrongPassword { .. } => Class::Password,
            Self::Changed
            | Self::KeyMismatch { .. }
            | Self::NotAFolder
            | Self::OutputDiffers { .. }
            | Self::OutputExists
            | Self::OutputIsInput
            | Self::OutputKind { .. }
            | Self::SecretToTerminal { .. } => Class::Safety,
        }
    }

    /// A short stable word for scripts, such as `wrong-password`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.cause() {
            Self::AliasAmbiguous { .. } => "alias-ambiguous",
            Self::AliasUnknown { .. } => "alias-unknown",
            Self::BadArgument { .. } => "bad-argument",
            Self::BadRow { .. } => "bad-row",
            Self::BadToml { .. } => "bad-toml",
            Self::Changed => "changed",
            Self::Damaged { .. } => "damaged",
            Self::Empty => "empty",
            Self::InFile { .. } | Self::Internal(_) => "internal",
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "not-found",
                io::ErrorKind::PermissionDenied => "permission-denied",
                _ => "io",
            },
            Self::KdfMemory { .. } => "kdf-memory",
            Self::KdfTooCostly { .. } => "kdf-too-costly",
            Self::KeyMismatch { .. } => "key-mismatch",
            Self::NoCertificate { .. } => "no-certificate",
            Self::NoKey { .. } => "no-key",
            Self::NotAFolder => "output-kind",
            Self::NotWritten { .. } => "not-written",
            Self::OutputDiffers { .. } => "output-differs",
            Self::OutputExists => "output-exists",
            Self::OutputIsInput => "output-is-input",
            Self::OutputKind { .. } => "output-kind",
            Self::OutputTwice => "output-twice",
            Self::PasswordMissing { .. } => "password-missing",
            Self::PasswordUnusable { .. } => "password-unusable",
            Self::ProfileUnknown { .. } => "profile-unknown",
            Self::ReadBack { .. } => "read-back",
            Self::SecretToTerminal { .. } => "secret-to-terminal",
            Self::SecretUnusable { .. } => "secret-unusable",
            Self::TooLarge { .. } => "too-large",
            Self::TooMany { .. } => "too-many",
            Self::UnsupportedAlgorithm { .. } => "unsupported-algorithm",
            Self::Unwritable { .. } => "unwritable",
            Self::WrongKind { .. } => "wrong-kind",
            Self::WrongPassword { .. } => "wrong-password",
        }
    }
}
