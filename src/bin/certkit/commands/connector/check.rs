//! `certkit connector check`.

use std::path::{Path, PathBuf};

use certkit::{
    connector::{
        Registry,
        kit::{RECORD, Record},
        manifest::Names,
    },
    error::Error,
    ops::connector::check::{self, Found, Kit, KitFile, Options},
    report::connector::check as rendered,
};
use clap::Args;

use crate::{
    context::Context,
    failure::Failure,
    input,
    options::{FailOn, Opening, exit_codes},
    password::Unlocking,
};

/// Check a kit: what is missing, expired or does not fit together.
///
/// Reads certkit.toml in the folder and every file that it names. The PFX is looked into only with
/// its password.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The kit's folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Warn this many days before something expires.
    #[arg(long, value_name = "N", default_value_t = 30)]
    warn_days: u32,

    /// From which findings on the exit code is 10.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,

    #[command(flatten)]
    opening: Opening,
}

const AFTER: &str = concat!(
    "\
Examples:
  Once a day, from cron; the exit code is 10 when something is wrong or ends within 60 days:
    certkit connector check /etc/connectors/contoso --warn-days 60 --fail-on warning
  The PFX too:
    certkit connector check contoso --password file:pw.txt
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let record_path = arguments.folder.join(RECORD);
    let record = input::read_plain(&record_path)?;
    let read = Record::read(record.octets.expose()).map_err(|error| error.in_file(&*record.name))?;
    let profile = registry.get(read.profile.as_str()).map_err(|_| unknown(&read, &record.name))?;
    let files: Vec<KitFile> = read
        .files
        .all()
        .map(|(part, name)| {
            let path = arguments.folder.join(name.as_str());
            KitFile { part, path: path.display().to_string(), found: found(&path) }
        })
        .collect();
    let opener = Unlocking::new(&arguments.opening, context).given()?;
    let options = Options {
        now: context.now,
        warn_days: arguments.warn_days.into(),
        unlock: opener.unlock().clone(),
        names: Names::of(registry),
    };
    let folder = arguments.folder.display().to_string();
    let kit = Kit {
        profile,
        record: &read,
        folder: &folder,
        record_path: &record.name,
        profile_file: registry.file(profile).map(str::to_owned),
        files: &files,
    };
    let findings = check::check(&kit, &options);

    let render = if context.is_json() { rendered::json } else { rendered::text };
    context.print(&render(&folder, profile.id.as_str(), &findings))?;
    arguments.fail_on.verdict(findings.iter().map(|finding| finding.severity))
}

/// The record is at fault, or a profile of the user's own was not named.
fn unknown(record: &Record, name: &str) -> Error {
    Error::WrongKind {
        found: format!("the record of a kit for {}, a connector that is not known here", record.profile),
        expected: "a kit of a connector that `certkit connector list` names",
        remedy: Some("name the connector's own profile: --profile-file FILE".into()),
    }
    .in_file(name)
}

fn found(path: &Path) -> Found {
    match input::read_plain(path) {
        Ok(input) => Found::Read { input, exposed: input::exposed(path) },
        // The finding names the file already.
        Err(Error::InFile { source, .. }) => Found::Failed(*source),
        Err(error) => Found::Failed(error),
    }
}
