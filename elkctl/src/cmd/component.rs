//! `elkctl component`.

use std::fmt::Write as _;
use std::path::PathBuf;

use elk_api::Nothing;
use elk_api::components::{
    self, BlockRequest, Component, ComponentKind, MAX_FILE_BYTES, NewComponent, NewFile, NewVersion,
};
use elk_desk::{Exit, Failure, Tier, sanitize};
use elk_model::{ComponentName, ComponentVersion, Sha256};
use sha2::Digest as _;

use crate::call;
use crate::cmd::user::confirm;
use crate::format::Format;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

/// So many versions are shown with the component.
const SHOWN: u32 = 5;

static COMPONENT: Kind = Kind {
    name: "Component",
    noun: "component",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "TYPE", wide: false, cell: |item, _| field(item, "type") },
        Column { head: "LATEST", wide: false, cell: |item, _| field(item, "latest_version") },
        Column { head: "VERSIONS", wide: false, cell: |item, _| field(item, "versions") },
        Column { head: "CREATED", wide: true, cell: |item, now| age(item, "created_at", now) },
    ],
};

static VERSION: Kind = Kind {
    name: "ComponentVersion",
    noun: "version",
    key: "version",
    columns: &[
        Column { head: "COMPONENT", wide: false, cell: |item, _| field(item, "component") },
        Column { head: "VERSION", wide: false, cell: |item, _| field(item, "version") },
        Column { head: "BY", wide: false, cell: |item, _| field(item, "published_by") },
        Column { head: "PUBLISHED", wide: false, cell: |item, now| age(item, "published_at", now) },
        Column { head: "FILES", wide: false, cell: |item, _| variants(item) },
        Column { head: "BLOCKED", wide: false, cell: |item, _| blocked(item) },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum ComponentCommand {
    /// Create a component
    Create {
        name: ComponentName,
        /// exec, tar.gz or agent
        #[arg(long = "type", value_parser = kind)]
        kind: ComponentKind,
    },
    /// List components
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Show a component
    Get { name: ComponentName },
    /// Upload files and publish them as a version, which never changes again
    #[command(
        disable_version_flag = true,
        after_help = "Examples:\n  \
        elkctl component publish driver --version 1.7.0.24 --file ./driver\n  \
        elkctl component publish elkeid-agent --version 1.9.1.23 \
        --file debian_x86_64=./a.deb --file rhel_x86_64=./a.rpm"
    )]
    Publish {
        name: ComponentName,
        /// Four numbers, such as 1.7.0.24
        #[arg(long)]
        version: ComponentVersion,
        /// VARIANT=FILE, such as default=./driver or debian_x86_64=./agent.deb; FILE alone is the default
        #[arg(long = "file", required = true, value_name = "VARIANT=FILE", value_parser = file)]
        files: Vec<(String, PathBuf)>,
    },
    /// Let no profile and no rollout select a version; rollouts that bring it are paused
    #[command(
        disable_version_flag = true,
        after_help = "Example:\n  \
        elkctl component block driver 1.7.0.24 --reason 'hangs on kernel 6.1'"
    )]
    Block {
        name: ComponentName,
        /// The version; agents that run it keep it
        version: ComponentVersion,
        /// What is wrong with it
        #[arg(long)]
        reason: String,
    },
    /// Take the block of a version away; rollouts stay paused
    #[command(disable_version_flag = true)]
    Unblock {
        name: ComponentName,
        /// The version
        version: ComponentVersion,
    },
    /// List the versions of a component
    Versions {
        name: ComponentName,
        #[command(flatten)]
        span: Span,
    },
}

fn blocked(item: &serde_json::Value) -> String {
    item.get("blocked")
        .filter(|it| !it.is_null())
        .map_or_else(String::new, |it| field(it, "reason"))
}

fn variants(item: &serde_json::Value) -> String {
    let files = item.get("files").and_then(serde_json::Value::as_array).into_iter().flatten();
    files.map(|file| field(file, "variant")).collect::<Vec<_>>().join(",")
}

fn kind(text: &str) -> Result<ComponentKind, String> {
    let known = [ComponentKind::Exec, ComponentKind::TarGz, ComponentKind::Agent];
    let found = known.into_iter().find(|kind| kind.as_str() == text);
    found.ok_or("use exec, tar.gz or agent".to_owned())
}

fn file(text: &str) -> Result<(String, PathBuf), String> {
    let (variant, path) = text.split_once('=').unwrap_or(("default", text));
    if variant.is_empty() || path.is_empty() {
        return Err("write it like default=./file".to_owned());
    }
    Ok((variant.to_owned(), PathBuf::from(path)))
}

pub(crate) fn run(session: &Session<'_>, command: &ComponentCommand) -> Result<Exit, Failure> {
    match command {
        ComponentCommand::Create { name, kind } => {
            session.writable()?;
            let body = NewComponent { name: name.clone(), kind: *kind };
            let made = session.call::<components::Create>(&[], &Nothing {}, &body)?;
            session.show_one(&COMPONENT, &made, None)
        }
        ComponentCommand::List { span } => {
            list::show::<components::List, _>(session, &COMPONENT, &[], span, list::plain)
        }
        ComponentCommand::Get { name } => {
            let path = [name.as_str()];
            let found = session.call::<components::Get>(&path, &Nothing {}, &Nothing {})?;
            let human = match session.format {
                Format::Table | Format::Wide => Some(page(session, &found)?),
                _ => None,
            };
            session.show_one(&COMPONENT, &found, human)
        }
        ComponentCommand::Versions { name, span } => {
            let path = [name.as_str()];
            list::show::<components::Versions, _>(session, &VERSION, &path, span, list::plain)
        }
        ComponentCommand::Block { name, version, reason } => {
            let (text, what) = (version.to_string(), format!("{name}/{version}"));
            confirm(session, &what, "lets nothing select", Tier::Severe)?;
            let body = BlockRequest { reason: reason.clone() };
            let path = [name.as_str(), &text];
            let it = session.call::<components::BlockVersion>(&path, &Nothing {}, &body)?;
            session.show_one(&VERSION, &it, None)
        }
        ComponentCommand::Unblock { name, version } => {
            let (text, what) = (version.to_string(), format!("{name}/{version}"));
            confirm(session, &what, "lets profiles and rollouts select", Tier::Moderate)?;
            let path = [name.as_str(), &text];
            let it = session.call::<components::UnblockVersion>(&path, &Nothing {}, &Nothing {})?;
            session.show_one(&VERSION, &it, None)
        }
        ComponentCommand::Publish { name, version, files } => {
            publish(session, name, version, files)
        }
    }
}

/// Says what there is of a component: its newest versions, and the files of each.
fn page(session: &Session<'_>, component: &Component) -> Result<String, Failure> {
    let path = [component.name.as_str()];
    let query = list::plain(SHOWN, None);
    let newest = session.call::<components::Versions>(&path, &query, &Nothing {})?;
    let mut text = String::new();
    // Writing to a string does not fail.
    writeln!(text, "{}   type {}", component.name, component.kind.as_str()).ok();
    for version in &newest.items {
        let (at, by) = (version.published_at, sanitize(&version.published_by));
        writeln!(text, "version {}   published {at} by {by}", version.version).ok();
        for file in &version.files {
            let (name, size) = (file.variant.as_str(), file.size_bytes);
            writeln!(text, "  {name:<20} {size:>10} bytes   sha256 {}", file.sha256).ok();
        }
    }
    if newest.next_cursor.is_some() {
        writeln!(text, "older ones: elkctl component versions {}", component.name).ok();
    }
    if newest.items.is_empty() {
        writeln!(text, "nothing is published").ok();
    }
    Ok(text)
}

/// Refuses what would be refused in the end, before anything is sent.
fn check(files: &[(String, PathBuf)]) -> Result<(), Failure> {
    for ((variant, path), at) in files.iter().zip(0..) {
        if files.iter().take(at).any(|(other, _)| other == variant) {
            let message = format!("the variant {variant} is named twice");
            return Err(Failure::new(Exit::Usage, message));
        }
        let bad = |what: String| Failure::new(Exit::Usage, format!("{}: {what}", path.display()));
        let found = std::fs::metadata(path).map_err(|error| bad(error.to_string()))?;
        if !found.is_file() {
            return Err(bad("it is no file".to_owned()));
        }
        if found.len() > MAX_FILE_BYTES {
            return Err(bad(format!("{} bytes are more than {MAX_FILE_BYTES}", found.len())));
        }
    }
    Ok(())
}

fn publish(
    session: &Session<'_>,
    name: &ComponentName,
    version: &ComponentVersion,
    files: &[(String, PathBuf)],
) -> Result<Exit, Failure> {
    session.writable()?;
    check(files)?;
    session.call::<components::Get>(&[name.as_str()], &Nothing {}, &Nothing {})?;
    let mut published = Vec::new();
    for (variant, path) in files {
        let bad = |what: String| Failure::new(Exit::Usage, format!("{}: {what}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
        let digest: String =
            sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let sha256: Sha256 = digest.parse().map_err(|_| bad("it has no digest".to_owned()))?;
        published.push(NewFile { variant: variant.clone(), sha256 });
        if session.globals.dry_run {
            session.ui.note(&format!("would upload {} sha256 {digest}", path.display()));
            continue;
        }
        session.ui.note(&format!("uploading {} sha256 {digest}", path.display()));
        let length = bytes.len() as u64;
        let client = session.client()?;
        let route = [name.as_str(), digest.as_str()];
        let called =
            Box::pin(client.upload::<components::Upload>(&route, &Nothing {}, bytes, Some(length)));
        session.block_on(called)?.map_err(|error| call::failure(&error))?;
    }
    let body = NewVersion { version: *version, files: published };
    let done = session.call::<components::Publish>(&[name.as_str()], &Nothing {}, &body)?;
    session.show_one(&VERSION, &done, None)
}
