//! The command line: flags, nouns and how a run ends.

use std::time::Duration;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use elk_desk::{Env, Exit, Failure, parse_duration};

use crate::cmd;
use crate::color::Color;
use crate::format::Format;
use crate::session::Session;
use crate::ui::Ui;

/// Runs and commands an Elkeid-compatible backend.
#[derive(Parser, Debug)]
#[command(name = "elkctl", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Globals {
    /// Use this context
    #[arg(short, long, global = true, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Call this server
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Read the token from this file; `-` is standard input
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<std::path::PathBuf>,
    /// table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// Show only these columns in tables and CSV, joined by commas
    #[arg(long, global = true, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Say only results and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Answer yes to moderate questions
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Confirm a severe change by its token: the agent count or the object's name
    #[arg(long, global = true, value_name = "TOKEN")]
    pub(crate) confirm: Option<String>,
    /// Show what a change would send and to how many agents; change nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Tell each request and how long it took; twice with headers, without secrets
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Colour the states in tables: auto, always or never
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<Color>,
    /// Show times as they are, not as ages
    #[arg(long, global = true)]
    pub(crate) absolute_time: bool,
    /// Never ask
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// How long one call may take, such as 30s
    #[arg(long, global = true, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) request_timeout: Option<Duration>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the whole backend in this process
    Up(crate::up::UpArgs),
    /// Open a session and remember the server
    Login(cmd::login::LoginArgs),
    /// End the session and forget its credential
    Logout,
    /// Show who is signed in
    Whoami,
    /// Servers that are known
    #[command(subcommand)]
    Context(cmd::context::ContextCommand),
    /// Agents
    #[command(subcommand, visible_alias = "ag")]
    Agent(cmd::agent::AgentCommand),
    /// Tags of agents
    #[command(subcommand)]
    Tag(cmd::tag::TagCommand),
    /// Orders to agents
    #[command(subcommand)]
    Task(cmd::task::TaskCommand),
    /// Binaries that agents run
    #[command(subcommand, visible_alias = "comp")]
    Component(cmd::component::ComponentCommand),
    /// Changes that reach agents in steps
    #[command(subcommand, visible_alias = "ro")]
    Rollout(cmd::rollout::RolloutCommand),
    /// What agents should run
    #[command(subcommand)]
    Config(cmd::config::ConfigCommand),
    /// Users
    #[command(subcommand)]
    User(cmd::user::UserCommand),
    /// Roles: what users may do
    #[command(subcommand)]
    Role(cmd::role::RoleCommand),
    /// Tokens for programs
    #[command(subcommand)]
    Token(cmd::token::TokenCommand),
    /// Sessions that are open
    #[command(subcommand)]
    Session(cmd::session::SessionCommand),
    /// Who changed what, and who was refused
    #[command(subcommand)]
    Audit(cmd::audit::AuditCommand),
    /// Alerts: what somebody should look at
    #[command(subcommand)]
    Alert(cmd::alert::AlertCommand),
    /// What happens in the backend, and records of agents
    #[command(subcommand)]
    Event(cmd::event::EventCommand),
    /// The backend itself
    #[command(subcommand, visible_alias = "cl")]
    Cluster(cmd::cluster::ClusterCommand),
    /// The dashboard
    #[command(visible_alias = "top")]
    Tui(cmd::tui::TuiArgs),
    /// Take over what another installation knows
    #[command(subcommand)]
    Import(cmd::import::ImportCommand),
    /// Look for trouble between here and the backend
    Doctor,
    /// Call any path of the server
    Api(cmd::api::ApiArgs),
    /// Show the versions of this program and of the server
    Version(cmd::version::VersionArgs),
    /// Print a completion script
    Completion(cmd::completion::CompletionArgs),
    /// Write completions and man pages below a directory
    #[command(name = "__generate", hide = true)]
    Generate(cmd::completion::GenerateArgs),
}

/// Returns the whole command tree.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line of this process.
pub(crate) fn main() -> Exit {
    let env = Env::process();
    let args: Vec<_> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let machine = Format::machine_errors(&args, &env);
    let outcome = match Cli::try_parse() {
        Ok(cli) => {
            let silent = ["ELKCTL_NO_INPUT", "CI"].iter().any(|name| env.is_on(name));
            let ui = Ui::new(cli.globals.quiet, cli.globals.no_input || silent);
            run(cli, env, &ui)
        }
        Err(error) if !error.use_stderr() => {
            Ui::new(false, true).out(&error.render().to_string()).map(|()| Exit::Ok)
        }
        Err(error) => {
            let text = error.render().to_string();
            if !machine {
                crate::ui::note(text.trim_end());
                return Exit::Usage;
            }
            let (what, usage) = text.split_once("\n\n").unwrap_or((&text, ""));
            let usage = usage.lines().find_map(|line| line.strip_prefix("Usage: "));
            let failure = Failure::new(Exit::Usage, what.trim().trim_start_matches("error: "));
            Err(usage.into_iter().fold(failure, |failure, usage| failure.hint(usage)))
        }
    };
    outcome.unwrap_or_else(|failure| {
        // A dry run has said all when it comes to what would change something.
        if failure.exit == Exit::Ok {
            return failure.exit;
        }
        let told = if machine { failure.json().to_string() } else { failure.to_string() };
        crate::ui::note(&told);
        failure.exit
    })
}

fn run(cli: Cli, env: Env, ui: &Ui) -> Result<Exit, Failure> {
    let here = match &cli.command {
        Command::Up(_) | Command::Login(_) | Command::Logout | Command::Generate(_) => true,
        Command::Context(command) => command.changes(),
        _ => false,
    };
    if here && cli.globals.dry_run {
        let message = "--dry-run is for what changes the backend; this changes what is here";
        return Err(Failure::new(Exit::Usage, message));
    }
    let command = match cli.command {
        Command::Up(args) => {
            let done = crate::up::run(args);
            return done.map(|()| Exit::Ok).map_err(|error| unexpected(&error));
        }
        Command::Completion(args) => return cmd::completion::print(ui, &args),
        Command::Generate(args) => return cmd::completion::generate(&args),
        command => command,
    };
    crate::ui::tell_requests(cli.globals.verbose, &env)?;
    if matches!(command, Command::Doctor) {
        return cmd::doctor::run(&Session::lenient(cli.globals, env, ui)?);
    }
    let session = Session::new(cli.globals, env, ui)?;
    match command {
        Command::Login(args) => cmd::login::login(&session, &args),
        Command::Logout => cmd::login::logout(&session),
        Command::Whoami => cmd::login::whoami(&session),
        Command::Context(command) => cmd::context::run(&session, &command),
        Command::Agent(command) => cmd::agent::run(&session, &command),
        Command::Tag(command) => cmd::tag::run(&session, &command),
        Command::Task(command) => cmd::task::run(&session, &command),
        Command::Component(command) => cmd::component::run(&session, &command),
        Command::Rollout(command) => cmd::rollout::run(&session, &command),
        Command::Config(command) => cmd::config::run(&session, &command),
        Command::User(command) => cmd::user::run(&session, &command),
        Command::Role(command) => cmd::role::run(&session, &command),
        Command::Token(command) => cmd::token::run(&session, &command),
        Command::Session(command) => cmd::session::run(&session, &command),
        Command::Audit(command) => cmd::audit::run(&session, &command),
        Command::Alert(command) => cmd::alert::run(&session, &command),
        Command::Event(command) => cmd::event::run(&session, &command),
        Command::Cluster(command) => cmd::cluster::run(&session, &command),
        Command::Tui(args) => cmd::tui::run(&session, &args),
        Command::Import(command) => cmd::import::run(&session, &command),
        Command::Api(args) => cmd::api::run(&session, &args),
        Command::Version(args) => cmd::version::run(&session, &args),
        Command::Up(_) | Command::Completion(_) | Command::Generate(_) | Command::Doctor => {
            Ok(Exit::Ok)
        }
    }
}

/// Makes a failure of what `anyhow` brings; a [`Failure`] in it stays what it is.
fn unexpected(error: &anyhow::Error) -> Failure {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.clone();
    }
    let mut failure = Failure::new(Exit::Failure, error.to_string());
    failure.causes = error.chain().skip(1).map(ToString::to_string).collect();
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn the_lines_of_the_readme_are_read() {
        for line in [
            "elkctl login --server http://127.0.0.1:1 -u admin --password-stdin --store file",
            "elkctl agent list --all -o json",
            "elkctl tag add canary agent/a agent/b --yes",
            "elkctl task create --plugin collector --data-type 5050 --data {} -l tag=canary --wait --timeout 30s",
            "elkctl agent inspect agent/a",
        ] {
            let parsed = Cli::try_parse_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
        }
    }

    #[test]
    fn a_bare_number_is_not_a_timeout() {
        let parsed = Cli::try_parse_from(["elkctl", "whoami", "--request-timeout", "30"]);
        let error = parsed.expect_err("has no unit").to_string();
        assert!(error.contains("30s"), "{error}");
    }
}
