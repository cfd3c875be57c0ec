//! `elkctl completion`, and the files that packages ship.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap_complete::Shell;
use elk_desk::{Exit, Failure};

use crate::cli;
use crate::ui::Ui;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example:\n  elkctl completion bash > ~/.local/share/bash-completion/completions/elkctl"
)]
pub(crate) struct CompletionArgs {
    /// The shell
    shell: Shell,
}

#[derive(clap::Args, Debug)]
pub(crate) struct GenerateArgs {
    /// Where `completions` and `man` are made
    directory: PathBuf,
}

pub(crate) fn print(ui: &Ui, args: &CompletionArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "elkctl", &mut script);
    ui.out(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

/// Writes what can be told from the command tree and the exit codes alone.
pub(crate) fn generate(args: &GenerateArgs) -> Result<Exit, Failure> {
    write(&args.directory).map(|()| Exit::Ok).map_err(|error| {
        let place = args.directory.display();
        Failure::new(Exit::Failure, format!("{place} cannot be written: {error}"))
    })
}

fn write(directory: &Path) -> std::io::Result<()> {
    let place = |name: &str| {
        let place = directory.join(name);
        fs::create_dir_all(&place).map(|()| place)
    };
    let completions = place("completions")?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut cli::command(), "elkctl", &completions)?;
    }
    clap_mangen::generate_to(cli::command(), place("man/man1")?)?;
    fs::write(place("man/man7")?.join("elkctl-exit-codes.7"), exit_codes())
}

fn exit_codes() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        ".TH elkctl\\-exit\\-codes 7 \"\" \"elkctl {version}\"\n\
         .SH NAME\nelkctl\\-exit\\-codes \\- how the commands of elkctl end\n\
         .SH DESCRIPTION\nEvery command ends with one of these. With \\fB\\-o json\\fR and the other \
         machine formats standard error holds one JSON object whose \\fBexit_code\\fR is the number \
         and whose \\fBcode\\fR names the cause.\n"
    );
    for exit in Exit::ALL {
        let (code, name, when) = (exit.code(), exit.name().replace('_', "\\_"), exit.when());
        // Writing to a string does not fail.
        writeln!(text, ".TP\n.B {code} {name}\n{when}").ok();
    }
    text.push_str(
        "When nobody reads standard output any more, a command that only reads ends with 0; one \
         that changes goes on and ends as it would have.\n.SH SEE ALSO\n.BR elkctl (1)\n",
    );
    text
}
