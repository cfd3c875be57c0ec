//! `elkctl import`.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use elk_api::components::{self, MAX_FILE_BYTES, NewComponent, NewFile, NewVersion};
use elk_api::import::{
    self as api, ImportAgents, ImportUsers, ImportedAgent, ImportedUser, MAX_IMPORT,
};
use elk_api::profiles::{self, DEFAULT_PROFILE, NewProfile, PluginSetting};
use elk_api::{Endpoint, Nothing};
use elk_desk::{Action, Exit, Failure, Tier, sanitize};
use elk_model::{ComponentName, Sha256};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::import::map::{self, Fault, Policy, Version};
use crate::import::{Document, Source, Wanted};
use crate::output::{Column, Kind, field};
use crate::session::Session;
use crate::{bulk, call};

/// The most bytes of agents in a call, as far as they are counted.
const MAX_BATCH: usize = 2 << 20;
/// So many that were refused for one reason are named.
const EXAMPLES: usize = 3;

static IMPORT: Kind = Kind {
    name: "Import",
    noun: "import",
    key: "collection",
    columns: &[
        Column { head: "COLLECTION", wide: false, cell: |item, _| field(item, "collection") },
        Column { head: "READ", wide: false, cell: |item, _| field(item, "read") },
        Column { head: "TAKEN", wide: false, cell: |item, _| field(item, "taken") },
        Column { head: "UNCHANGED", wide: false, cell: |item, _| field(item, "unchanged") },
        Column { head: "REFUSED", wide: false, cell: |item, _| field(item, "refused") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum ImportCommand {
    /// Take agents, tags, users, components and policies over from the reference's MongoDB
    #[command(after_help = "Examples:\n  mongodump --db elkeid --out dump && \
        elkctl import elkeid --mongo-dump dump --dry-run\n  \
        elkctl import elkeid --mongo-dump dump --files /elkeid/agent/component --confirm=elkeid\n  \
        elkctl import elkeid --json agent_heartbeat.json --json user=users.json\n\n\
        What is known here already stays as it is, so it may be repeated. Users come without \
        passwords: elkctl user passwd NAME.")]
    Elkeid(ElkeidArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct ElkeidArgs {
    /// What mongodump wrote, packed or not
    #[arg(long, value_name = "DIR", required_unless_present = "json", conflicts_with = "json")]
    mongo_dump: Option<PathBuf>,
    /// What mongoexport wrote of a collection; may be repeated
    #[arg(long, value_name = "[COLLECTION=]FILE")]
    json: Vec<String>,
    /// Where the components' files lie, under any names; versions whose files are not there are left out
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
}

pub(crate) fn run(session: &Session<'_>, command: &ImportCommand) -> Result<Exit, Failure> {
    let ImportCommand::Elkeid(args) = command;
    let source = match &args.mongo_dump {
        Some(dir) => Source::dump(dir)?,
        None => Source::json(&args.json)?,
    };
    let found = Found::read(&source)?;
    let files = args.files.as_deref().map(digests).transpose()?.unwrap_or_default();
    let target = session.writable()?;
    let object = "elkeid";
    let action =
        Action { floor: Tier::Severe, agents: None, free_agents: 0, object, all_agents: false };
    bulk::confirm(session, &target, &action, &found.described())?;
    let mut rows = found.rows;
    let mut taking = Taking { session, source: &source, files: &files };
    if !session.globals.dry_run {
        taking.agents(rows.of(Wanted::Agents))?;
        taking.users(found.users, rows.of(Wanted::Users))?;
        taking.components(found.components, rows.of(Wanted::Components))?;
        taking.versions(found.versions, rows.of(Wanted::Versions))?;
        taking.policies(found.policies, rows.of(Wanted::Policies))?;
    }
    let refused = rows.0.values().any(|it| it.refused > 0);
    let shown: Vec<_> = rows.0.iter().map(|(wanted, row)| row.shown(wanted.name())).collect();
    session.show_all(&IMPORT, &shown, None)?;
    rows.tell(session, &source);
    Ok(if refused { Exit::Partial } else { Exit::Ok })
}

/// What became of a collection.
#[derive(Debug, Default)]
struct Row {
    read: u64,
    taken: u64,
    unchanged: u64,
    refused: u64,
    reasons: BTreeMap<String, (u64, Vec<String>)>,
}

impl Row {
    fn refuse(&mut self, reason: impl Into<String>, example: &str) {
        self.refused += 1;
        self.note(reason, example);
    }

    /// Says what was left out of an object that was taken.
    fn note(&mut self, reason: impl Into<String>, example: &str) {
        let (count, examples) = self.reasons.entry(reason.into()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES && !example.is_empty() {
            examples.push(example.chars().take(80).collect());
        }
    }

    fn shown(&self, collection: &str) -> Value {
        let reasons = self.reasons.iter().map(|(reason, (count, examples))| {
            json!({ "reason": reason, "count": count, "examples": examples })
        });
        json!({
            "collection": collection,
            "read": self.read,
            "taken": self.taken,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "reasons": reasons.collect::<Vec<_>>(),
        })
    }
}

/// What became of all of them.
#[derive(Debug, Default)]
struct Rows(BTreeMap<Wanted, Row>);

impl Rows {
    fn of(&mut self, wanted: Wanted) -> &mut Row {
        self.0.entry(wanted).or_default()
    }

    /// Says to people why what was not taken.
    fn tell(&self, session: &Session<'_>, source: &Source) {
        if !session.format.is_human() {
            return;
        }
        for (wanted, row) in &self.0 {
            for (reason, (count, examples)) in &row.reasons {
                let examples = sanitize(&examples.join(", ")).into_owned();
                let (name, reason) = (wanted.name(), sanitize(reason));
                session.ui.note(&format!("{name}: {count} times: {reason} ({examples})"));
            }
        }
        let missing = Wanted::ALL.into_iter().filter(|it| !source.has(*it)).map(Wanted::name);
        let missing: Vec<_> = missing.collect();
        if !missing.is_empty() {
            session.ui.note(&format!("not in the export: {}", missing.join(", ")));
        }
        if !source.others.is_empty() {
            let others: Vec<_> = source.others.iter().map(String::as_str).collect();
            let others = sanitize(&others.join(", ")).into_owned();
            session.ui.note(&format!("not taken over, as nothing here keeps it: {others}"));
        }
        if session.globals.dry_run {
            session.ui.note("nothing was changed");
        }
    }
}

/// What an export holds. All of it is read before anything is changed; agents are read again then, as
/// there may be too many to be kept.
struct Found {
    rows: Rows,
    users: Vec<ImportedUser>,
    components: Vec<NewComponent>,
    versions: Vec<Version>,
    policies: Vec<Policy>,
}

impl Found {
    fn read(source: &Source) -> Result<Self, Failure> {
        let mut rows = Rows::default();
        if source.has(Wanted::Agents) {
            let row = rows.of(Wanted::Agents);
            source.each(Wanted::Agents, |it| drop(agent(it, row)))?;
        }
        let users = list(source, Wanted::Users, &mut rows, "username", |it| map::user(&it))?;
        let component =
            |it: Document| map::component(&it).map(|(name, kind)| NewComponent { name, kind });
        let components = list(source, Wanted::Components, &mut rows, "name", component)?;
        let version = |it: Document| map::version(&it);
        let versions = list(source, Wanted::Versions, &mut rows, "version", version)?;
        let policies = list(source, Wanted::Policies, &mut rows, "_id", |it| map::policy(&it))?;
        Ok(Self { rows, users, components, versions, policies })
    }

    fn described(&self) -> String {
        let good = |wanted| self.rows.0.get(&wanted).map_or(0, |it| it.read - it.refused);
        let [agents, users, components, versions, policies] = Wanted::ALL.map(good);
        format!(
            "This takes over {agents} agents, {users} users, {components} components, {versions} \
             versions and {policies} policies"
        )
    }
}

/// Reads an agent; counts it, and what is wrong with it.
fn agent(it: Option<Document>, row: &mut Row) -> Option<ImportedAgent> {
    row.read += 1;
    let Some(it) = it else {
        row.refuse("it is no object", "");
        return None;
    };
    let name = it.get("agent_id").map(Value::to_string).unwrap_or_default();
    match map::agent(it) {
        Ok((agent, odd)) => {
            if odd > 0 {
                let reason = "tags that are none here: use a-z 0-9 . _ -, 63 at most";
                row.note(reason, agent.id.as_str());
            }
            Some(agent)
        }
        Err(fault) => {
            row.refuse(fault, &name);
            None
        }
    }
}

fn list<T>(
    source: &Source,
    wanted: Wanted,
    rows: &mut Rows,
    key: &str,
    read: impl Fn(Document) -> Result<T, Fault>,
) -> Result<Vec<T>, Failure> {
    let mut found = Vec::new();
    if !source.has(wanted) {
        return Ok(found);
    }
    let row = rows.of(wanted);
    source.each(wanted, |it| {
        row.read += 1;
        let Some(it) = it else { return row.refuse("it is no object", "") };
        let name = it.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        match read(it) {
            Ok(it) => found.push(it),
            Err(fault) => row.refuse(fault, &name),
        }
    })?;
    Ok(found)
}

/// The files below a directory, by digest.
type Files = HashMap<Sha256, PathBuf>;

fn digests(dir: &Path) -> Result<Files, Failure> {
    let (mut found, mut dirs) = (Files::new(), vec![dir.to_owned()]);
    while let Some(dir) = dirs.pop() {
        let bad = |error: std::io::Error| {
            let dir = dir.display().to_string();
            Failure::new(Exit::Usage, format!("{}: {error}", sanitize(&dir)))
        };
        for entry in fs::read_dir(&dir).map_err(bad)? {
            let entry = entry.map_err(bad)?;
            // Links are not followed: they may lead in circles.
            let kind = entry.file_type().map_err(bad)?;
            let size = entry.metadata().map_err(bad)?.len();
            if kind.is_dir() {
                dirs.push(entry.path());
            } else if kind.is_file() && size <= MAX_FILE_BYTES {
                let mut file = fs::File::open(entry.path()).map_err(bad)?;
                let mut hash = sha2::Sha256::new();
                std::io::copy(&mut file, &mut hash).map_err(bad)?;
                let text: String = hash.finalize().iter().map(|it| format!("{it:02x}")).collect();
                found.extend(text.parse().ok().map(|it: Sha256| (it, entry.path())));
            }
        }
    }
    Ok(found)
}

/// Sends what was found.
struct Taking<'a> {
    session: &'a Session<'a>,
    source: &'a Source,
    files: &'a Files,
}

impl Taking<'_> {
    fn agents(&mut self, row: &mut Row) -> Result<(), Failure> {
        let (mut batch, mut size) = (Vec::new(), 0);
        let mut outcome = Ok(());
        let mut again = Row::default();
        let mut send = |batch: &mut Vec<ImportedAgent>| {
            let agents = std::mem::take(batch);
            let done = self.call::<api::Agents>(&ImportAgents { agents })?;
            row.taken += done.taken;
            row.unchanged += done.unchanged;
            Ok(())
        };
        self.source.each(Wanted::Agents, |it| {
            if outcome.is_err() {
                return;
            }
            let Some(agent) = agent(it, &mut again) else { return };
            let bytes = serde_json::to_vec(&agent).map_or(0, |it| it.len());
            if batch.len() >= MAX_IMPORT || size + bytes > MAX_BATCH {
                outcome = send(&mut batch);
                size = 0;
            }
            size += bytes;
            batch.push(agent);
        })?;
        outcome?;
        if batch.is_empty() { Ok(()) } else { send(&mut batch) }
    }

    fn users(&self, users: Vec<ImportedUser>, row: &mut Row) -> Result<(), Failure> {
        let mut users = users.into_iter();
        loop {
            let some: Vec<_> = users.by_ref().take(MAX_IMPORT).collect();
            if some.is_empty() {
                return Ok(());
            }
            let done = self.call::<api::Users>(&ImportUsers { users: some })?;
            row.taken += done.taken;
            row.unchanged += done.unchanged;
        }
    }

    fn components(&self, all: Vec<NewComponent>, row: &mut Row) -> Result<(), Failure> {
        for component in all {
            let name = component.name.to_string();
            match self.session.call::<components::Create>(&[], &Nothing {}, &component) {
                Ok(_) => row.taken += 1,
                Err(failure) if failure.exit == Exit::Conflict => {
                    let found = self.component(&component.name)?;
                    if found.is_some_and(|it| it.kind == component.kind) {
                        row.unchanged += 1;
                    } else {
                        row.refuse("there is one of another type", &name);
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    fn component(&self, name: &ComponentName) -> Result<Option<components::Component>, Failure> {
        match self.session.call::<components::Get>(&[name.as_str()], &Nothing {}, &Nothing {}) {
            Ok(found) => Ok(Some(found)),
            Err(failure) if failure.exit == Exit::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn versions(&self, mut all: Vec<Version>, row: &mut Row) -> Result<(), Failure> {
        all.sort_by(|a, b| (&a.component, a.version).cmp(&(&b.component, b.version)));
        for it in all {
            let name = format!("{} {}", it.component, it.version);
            if self.published(&it.component, it.version)? {
                row.unchanged += 1;
                continue;
            }
            let lacking = it.files.iter().any(|(_, sha256)| !self.files.contains_key(sha256));
            if lacking {
                row.refuse("its files are not below --files", &name);
                continue;
            }
            match self.publish(&it) {
                Ok(()) => row.taken += 1,
                Err(failure) if matches!(failure.exit, Exit::Usage | Exit::Conflict) => {
                    row.refuse(failure.message, &name);
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Returns whether a version is there already.
    fn published(
        &self,
        name: &ComponentName,
        version: elk_model::ComponentVersion,
    ) -> Result<bool, Failure> {
        let mut cursor = None;
        loop {
            let query = crate::list::plain(elk_api::MAX_PAGE, cursor);
            let path = [name.as_str()];
            let page = self.session.call::<components::Versions>(&path, &query, &Nothing {});
            let page = match page {
                Err(failure) if failure.exit == Exit::NotFound => return Ok(false),
                other => other?,
            };
            if page.items.iter().any(|it| it.version == version) {
                return Ok(true);
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(false);
            }
        }
    }

    fn publish(&self, it: &Version) -> Result<(), Failure> {
        let mut files = Vec::new();
        for (variant, sha256) in &it.files {
            let Some(path) = self.files.get(sha256) else { continue };
            let bytes = fs::read(path).map_err(|error| {
                let path = path.display().to_string();
                Failure::new(Exit::Failure, format!("{}: {error}", sanitize(&path)))
            })?;
            let (length, digest) = (bytes.len() as u64, sha256.to_string());
            let client = self.session.client()?;
            let route = [it.component.as_str(), digest.as_str()];
            let sending =
                client.upload::<components::Upload>(&route, &Nothing {}, bytes, Some(length));
            self.session.block_on(Box::pin(sending))?.map_err(|error| call::failure(&error))?;
            files.push(NewFile { variant: variant.clone(), sha256: *sha256 });
        }
        let body = NewVersion { version: it.version, files };
        let path = [it.component.as_str()];
        self.session.call::<components::Publish>(&path, &Nothing {}, &body).map(drop)
    }

    /// Releases become the profile of all agents, all of them or none: an agent deletes every plugin that
    /// its profile does not name.
    fn policies(&self, all: Vec<Policy>, row: &mut Row) -> Result<(), Failure> {
        if all.is_empty() {
            return Ok(());
        }
        let path = [DEFAULT_PROFILE];
        let profile = self.session.call::<profiles::Get>(&path, &Nothing {}, &Nothing {})?;
        let mut wanted = NewProfile {
            revision: profile.revision,
            plugins: BTreeMap::new(),
            agent_version: None,
        };
        let mut lacking = Vec::new();
        for it in &all {
            if !self.published(&it.component, it.version)? {
                lacking.push(format!("{} {}", it.component, it.version));
            } else if it.kind == components::ComponentKind::Agent {
                wanted.agent_version = Some(it.version);
            } else {
                let setting = PluginSetting { version: it.version, detail: String::new() };
                wanted.plugins.insert(it.component.clone(), setting);
            }
        }
        let same =
            profile.plugins == wanted.plugins && profile.agent_version == wanted.agent_version;
        let refusal = if same && lacking.is_empty() {
            row.unchanged += all.len() as u64;
            return Ok(());
        } else if row.refused > 0 || !lacking.is_empty() {
            "one of the policies cannot be taken, and agents delete plugins that no policy names"
        } else if profile.revision > 0 {
            "the profile default is set already"
        } else {
            self.session.call::<profiles::Set>(&path, &Nothing {}, &wanted)?;
            row.taken += all.len() as u64;
            return Ok(());
        };
        for it in &all {
            let name = format!("{} {}", it.component, it.version);
            let own = lacking.contains(&name);
            row.refuse(if own { "its version is not published here" } else { refusal }, &name);
        }
        Ok(())
    }

    fn call<E: Endpoint<Query = Nothing>>(&self, body: &E::Body) -> Result<E::Reply, Failure> {
        self.session.call::<E>(&[], &Nothing {}, body)
    }
}
