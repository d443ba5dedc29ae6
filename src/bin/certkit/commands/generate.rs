//! `certkit gen`.

use std::path::PathBuf;

use certkit::{
    connector::Registry,
    ops::generate::{self, Field},
    report::Written,
};
use clap::Args;

use crate::{
    context::{Context, rng},
    credential::CredentialOptions,
    deliver,
    failure::Failure,
    options::exit_codes,
    password,
    record::RecordOptions,
};

/// Make a new key and its self-signed certificate, as PFX, .cer, connector JSON and more.
///
/// Every file is read back and compared before it gets its name; either all of them appear or
/// none does. Files with a key are readable by their owner alone.
#[derive(Args)]
#[command(name = "gen", after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Base of the file names: NAME.pfx, NAME.cer, NAME.json, NAME.key.pem, NAME.cert.pem, NAME.jks.
    #[arg(long, default_value = generate::DEFAULT_NAME)]
    name: String,

    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out_dir: PathBuf,

    #[command(flatten)]
    credential: CredentialOptions,

    #[command(flatten)]
    record: RecordOptions,

    /// Replace files that exist.
    #[arg(long)]
    force: bool,
}

const AFTER: &str = concat!(
    "\
Examples:
  The vendor page's files in one step, with a new password in pw.txt:
    certkit gen --cn \"SharePoint connector\" --password generate:pw.txt --emit pfx,cer,json
  Only what Azure and the connector need; no password:
    certkit gen --name contoso --emit cer,json
  A PFX for Windows Server 2016, valid for two years:
    certkit gen --days 730 --compat windows-2016 --password file:pw.txt
  With the record that certkit connector check watches:
    certkit gen --name contoso --emit cer,json --record zscaler-sharepoint
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    generate::check_name(&arguments.name)?;
    let output = password::Output::new("--password", arguments.credential.password.as_deref())?;
    let mut request = arguments.credential.request();
    request.ask(Field::Name, [&arguments.name]);
    let mut options = request.options(context.now)?;
    // A path need not be text.
    options.out_dir.clone_from(&arguments.out_dir);
    let needs_password = options.needs_password();
    if output.new_file().is_some() && !needs_password {
        return Err(Failure::usage(
            "--password generate:PATH: no store is made, so there is no password to make",
            "leave the option out, or add pfx or jks to --emit",
        ));
    }
    let unused = arguments.credential.password.is_some() && !needs_password;
    let inputs: Vec<PathBuf> = output.file().into_iter().filter(|_| needs_password).collect();
    let registry = Registry::built_in();
    let profile = arguments.record.profile(&registry)?;
    let recorded = profile.map(|profile| arguments.record.recorded(profile, context)).transpose()?;
    let mut targets = options.targets();
    targets.extend(recorded.as_ref().map(|_| generate::record_target(&options)));
    targets.extend(output.new_file());
    deliver::check(&targets, &inputs, arguments.force)?;

    if needs_password {
        options.password = Some(password::for_new_store(&output, context)?);
    }
    let mut made = generate::generate(&options, context.now, &mut rng())?;
    if let Some(recorded) = &recorded {
        made.plan.files.push(generate::record(&options, recorded, &made.certificate, context.now)?);
    }
    output.plan(options.password.as_ref(), &mut made.plan);
    if unused {
        made.warnings.push("--password was not used: no store is made".into());
    }
    let written = Written {
        alias: Some(options.alias),
        certificate: Some(made.certificate),
        warnings: made.warnings,
        notes: made.notes,
        ..Written::default()
    };
    deliver::files("gen", &made.plan, written, &inputs, deliver::existing(arguments.force), context)
}
