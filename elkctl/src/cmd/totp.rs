//! `elkctl user totp`.

use elk_api::Nothing;
use elk_api::totp::{self, Code, Proof};
use elk_api::users::User;
use elk_desk::{Exit, Failure, Tier};

use crate::cmd::user::{USER, confirm, named};
use crate::output::{Column, Kind, field};
use crate::session::Session;

static SECRET: Kind = Kind {
    name: "TotpSecret",
    noun: "secret",
    key: "secret",
    columns: &[
        Column { head: "SECRET", wide: false, cell: |item, _| field(item, "secret") },
        Column { head: "URI", wide: false, cell: |item, _| field(item, "uri") },
    ],
};

static CODES: Kind = Kind {
    name: "RecoveryCodes",
    noun: "codes",
    key: "recovery_codes",
    columns: &[Column {
        head: "RECOVERY-CODES",
        wide: false,
        cell: |item, _| field(item, "recovery_codes"),
    }],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum TotpCommand {
    /// Ask for a code at each of your sign-ins from now on
    #[command(
        after_help = "At a terminal this shows the secret, asks for a code of it and shows the \
        recovery codes.\nA program takes two steps: without --otp-stdin it gets the secret, and with \
        it a code\nof that secret puts it in force."
    )]
    Enable {
        /// Put the secret in force that was made before: read a code of it from standard input
        #[arg(long)]
        otp_stdin: bool,
    },
    /// Ask for codes no more
    Disable {
        /// The user; oneself if absent. Administrators need no code for others
        name: Option<String>,
        /// Read a code, or a recovery code, from standard input
        #[arg(long)]
        otp_stdin: bool,
    },
}

pub(crate) fn run(session: &Session<'_>, command: &TotpCommand) -> Result<Exit, Failure> {
    match command {
        TotpCommand::Enable { otp_stdin } => enable(session, *otp_stdin),
        TotpCommand::Disable { name, otp_stdin } => {
            let own = named(session, None)?;
            let name = named(session, name.as_deref())?;
            confirm(session, &name, "takes the second factor away from", Tier::Moderate)?;
            let code =
                if own == name || *otp_stdin { Some(code(session, *otp_stdin)?) } else { None };
            let user: User =
                session.call::<totp::Disable>(&[&name], &Nothing {}, &Proof { code })?;
            session.show_one(&USER, &user, None)
        }
    }
}

fn enable(session: &Session<'_>, stdin: bool) -> Result<Exit, Failure> {
    let name = named(session, None)?;
    confirm(session, &name, "asks for a code at each sign-in of", Tier::None)?;
    if !stdin {
        let made = session.call::<totp::Begin>(&[], &Nothing {}, &Nothing {})?;
        let human = format!("secret  {}\n{}\n", made.secret, made.uri);
        session.show_one(&SECRET, &made, Some(human))?;
        if !session.ui.is_interactive() {
            session.ui.note("it is not in force yet: elkctl user totp enable --otp-stdin");
            return Ok(Exit::Ok);
        }
    }
    let body = Code { code: code(session, stdin)? };
    let codes = session.call::<totp::Enable>(&[], &Nothing {}, &body)?;
    session
        .ui
        .note("these work once each, should the authenticator be lost; they are shown this once");
    let human = codes.recovery_codes.join("\n") + "\n";
    session.show_one(&CODES, &codes, Some(human))
}

fn code(session: &Session<'_>, stdin: bool) -> Result<String, Failure> {
    if stdin {
        let text = crate::ui::stdin()?;
        return Ok(text.lines().next().unwrap_or_default().trim().to_owned());
    }
    if session.ui.is_interactive() {
        return crate::ui::ask("Code:");
    }
    Err(Failure::new(Exit::Usage, "a code is needed and nobody can be asked")
        .hint("pass --otp-stdin"))
}
