//! `certkit check`.

mod fixing;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use certkit::{
    check::{Options, Rule, Wanted, rules},
    connector::Registry,
    error::Error,
    ops::{Need, check},
    quote,
    report::check::{self as rendered, Checked, Fixed, Outcome},
    time::Instant,
};
use clap::Args;

use self::fixing::{Fixing, Pasted};
use crate::{
    context::Context,
    failure::{Failure, say_error},
    input,
    options::{FailOn, Format, Opening, exit_codes, formats},
    password::{Opener, Unlocking},
};

/// Check credentials against rules: what is wrong with a file, where, why it matters, what to do.
///
/// Takes every file that certkit reads. An error is what the vendor or Microsoft Entra ID refuses or
/// may refuse, and every departure of a connector JSON from its canonical form; a warning is what
/// hurts later.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The files; `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present_any = ["list_rules", "explain"])]
    files: Vec<PathBuf>,

    /// How findings are written.
    #[arg(long, value_parser = formats(FORMATS), default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// From which findings on the exit code is 10.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,

    /// Warn about what expires within this time (30d, 12h) or before this date.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    expires_in: String,

    /// The moment to judge by [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    /// The certificate that was uploaded: each file has to hold it.
    #[arg(long, value_name = "CERT", conflicts_with = "thumbprint")]
    against: Option<PathBuf>,

    /// The same by its thumbprint, SHA-1 or SHA-256, as the portal shows it.
    #[arg(long, value_name = "HEX")]
    thumbprint: Option<String>,

    /// Whom the files are for: entra, or a connector as `certkit connector list` has it.
    #[arg(long, value_name = "ID", default_value = "entra")]
    profile: String,

    #[command(flatten)]
    fixing: Fixing,

    /// List every rule, and check nothing.
    #[arg(long, conflicts_with_all = ["files", "fix"])]
    list_rules: bool,

    /// Explain a rule, and check nothing.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["files", "list_rules", "fix"])]
    explain: Option<String>,

    #[command(flatten)]
    opening: Opening,
}

const FORMATS: &[Format] = &[Format::Text, Format::Json, Format::Sarif];

const AFTER: &str = concat!(
    "\
Examples:
  Is what I pasted what the portal wants, and what I uploaded to Azure?
    certkit check connector.json --against keystore.cer
  Mend it:
    certkit check connector.json --fix --in-place
  In a pipeline, for code scanning:
    certkit check *.json *.cer --fail-on warning --format sarif > certkit.sarif
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    if (arguments.list_rules || arguments.explain.is_some()) && context.format == Format::Sarif {
        return Err(Failure::usage(
            "rules by themselves are no SARIF log",
            "leave --format out, or use --format json",
        ));
    }
    if arguments.list_rules {
        return context.print(&if context.is_json() { rendered::list_json() } else { rendered::list() });
    }
    if let Some(id) = &arguments.explain {
        let rule = named(id)?;
        let render = if context.is_json() { rendered::explanation_json } else { rendered::explanation };
        return context.print(&render(rule));
    }
    let mut run = Run::new(arguments, context)?;
    arguments.fixing.check_targets(&arguments.files, &run.inputs)?;
    for path in &arguments.files {
        run.file(path)?;
    }
    run.print()?;
    run.verdict()
}

fn named(id: &str) -> Result<&'static Rule, Failure> {
    Rule::named(id).ok_or_else(|| {
        let near =
            rules::ALL.iter().map(|rule| rule.id).filter(|known| known.contains(id) || id.contains(known));
        let near: Vec<&str> = near.collect();
        let hint = match near[..] {
            [] => "certkit check --list-rules names them all".to_owned(),
            _ => format!("did you mean {}?", near.join(", ")),
        };
        Failure::usage(format!("--explain {id}: there is no such rule"), hint)
    })
}

/// One run: what files are judged by, and what was found so far.
struct Run<'a> {
    arguments: &'a Arguments,
    context: &'a Context,
    options: Options,
    opener: Opener,
    /// Files that nothing is written over.
    inputs: Vec<PathBuf>,
    outcomes: Vec<Outcome>,
}

impl<'a> Run<'a> {
    fn new(arguments: &'a Arguments, context: &'a Context) -> Result<Self, Failure> {
        let now = match &arguments.at {
            Some(text) => Instant::parse("--at", text, context.now)?,
            None => context.now,
        };
        let profile = match arguments.profile.as_str() {
            "entra" => None,
            id => Some(Registry::built_in().get(id)?.clone()),
        };
        let unlocking = Unlocking::new(&arguments.opening, context);
        let mut inputs = unlocking.files();
        inputs.extend(arguments.against.clone());
        let mut opener = unlocking.given()?;
        let options = Options {
            now,
            soon: Instant::parse("--expires-in", &arguments.expires_in, now)?,
            exposed: false,
            wanted: wanted(arguments, &mut opener, context)?,
            thorough: true,
            profile,
        };
        let outcomes = Vec::with_capacity(arguments.files.len());
        Ok(Self { arguments, context, options, opener, inputs, outcomes })
    }

    /// Judges a file. One that cannot be judged costs no other its verdict.
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let outcome = match self.judge(path) {
            Ok(checked) => Ok(checked),
            Err(Failure::Error(error)) => Err(error),
            Err(other) => return Err(other),
        };
        self.outcomes.push((path.display().to_string(), outcome));
        Ok(())
    }

    fn judge(&mut self, path: &Path) -> Result<Checked, Failure> {
        let file = input::read(path, self.context)?;
        let exposed = path != Path::new("-") && input::exposed(path);
        let options = Options { exposed, ..self.options.clone() };
        let look = check::look(&file, self.opener.unlock(), &options)?;
        let fixing = &self.arguments.fixing;
        if !fixing.fix {
            return Ok(look.checked);
        }
        fixing.fix(Pasted { path, file: &file, look }, &self.options, &self.inputs, self.context)
    }

    /// Says what was found: on standard output, unless that holds the mended file.
    fn print(&self) -> Result<(), Failure> {
        let text = match self.context.format {
            Format::Sarif => rendered::sarif(&self.outcomes),
            Format::Json => rendered::json(&self.outcomes),
            _ => rendered::text(&self.outcomes),
        };
        if self.arguments.fixing.output.as_deref() == Some(Path::new("-")) {
            // Where standard error is gone there is nobody to tell.
            let _ = anstream::stderr().write_all(text.as_bytes());
            return Ok(());
        }
        let is_written =
            |(_, outcome): &Outcome| matches!(outcome, Ok(Checked { fixed: Some(Fixed::Mended { .. }), .. }));
        self.context.print(&text).map_err(|failure| match self.outcomes.iter().any(is_written) {
            true => failure.after("the mended files are in place, but standard output"),
            false => failure,
        })
    }

    /// The first failure, or the verdict.
    fn verdict(&self) -> Result<(), Failure> {
        let mut failures = self.outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err());
        if let Some(first) = failures.next() {
            // With JSON the first failure is the one object on standard error.
            let rest = failures.filter(|_| !self.context.is_json());
            std::iter::once(first).chain(rest).for_each(|error| say_error(self.context.is_json(), error));
            return Err(Failure::Said(first.class().exit_code()));
        }
        let judged = self.outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().ok());
        if judged.clone().any(|checked| self.arguments.fixing.failed(checked)) {
            return Err(Failure::Said(10));
        }
        let findings = judged.flat_map(|checked| &checked.findings);
        self.arguments.fail_on.verdict(findings.map(|finding| finding.severity))
    }
}

/// The certificate that was uploaded, if the files are to hold it.
fn wanted(arguments: &Arguments, opener: &mut Opener, context: &Context) -> Result<Option<Wanted>, Failure> {
    if let Some(text) = &arguments.thumbprint {
        return Ok(Some(Wanted::thumbprint(text)?));
    }
    let Some(path) = &arguments.against else { return Ok(None) };
    let file = input::read(path, context)?;
    let store = opener.open(Need::Certificate, &file)?;
    let (_, certificate, _) = store.certificate_entry(None).map_err(|error| {
        let ambiguous = matches!(error, Error::AliasAmbiguous { .. });
        let error = error.in_file(&file.name);
        let name = quote::word(&file.name);
        let hint =
            format!("give the uploaded one alone: certkit export-cer {name} --alias NAME -o uploaded.cer");
        if ambiguous { Failure::Hinted { error, hint } } else { error.into() }
    })?;
    Ok(Some(Wanted::Certificate(certificate.clone())))
}
