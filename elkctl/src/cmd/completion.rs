//! `elkctl completion`, and the files that packages ship.

use std::path::PathBuf;

use clap_complete::Shell;
use elk_desk::{Exit, Failure};

use crate::cli;
use crate::ui::Ui;

#[derive(clap::Args, Debug)]
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

pub(crate) fn generate(args: &GenerateArgs) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| {
        let place = args.directory.display();
        Failure::new(Exit::Failure, format!("{place} cannot be written: {error}"))
    };
    let (completions, man) = (args.directory.join("completions"), args.directory.join("man"));
    std::fs::create_dir_all(&completions).map_err(failed)?;
    std::fs::create_dir_all(&man).map_err(failed)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut cli::command(), "elkctl", &completions)
            .map_err(failed)?;
    }
    clap_mangen::generate_to(cli::command(), &man).map_err(failed)?;
    Ok(Exit::Ok)
}
