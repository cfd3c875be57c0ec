//! Which file holds which collection.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use elk_desk::{Exit, Failure, sanitize};
use flate2::read::MultiGzDecoder;

use super::{Document, ReadError, bson, json};

/// A collection that is taken over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Wanted {
    Agents,
    Users,
    Components,
    Versions,
    Policies,
}

impl Wanted {
    /// All of them, in the order in which they are taken.
    pub(crate) const ALL: [Self; 5] =
        [Self::Agents, Self::Users, Self::Components, Self::Versions, Self::Policies];

    /// Returns the collection's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Agents => "agent_heartbeat",
            Self::Users => "user",
            Self::Components => "component",
            Self::Versions => "component_version",
            Self::Policies => "component_policy",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Bson,
    Json,
}

/// Where each collection is.
#[derive(Debug, Default)]
pub(crate) struct Source {
    files: BTreeMap<Wanted, (PathBuf, Form)>,
    /// Collections that are there too.
    pub(crate) others: BTreeSet<String>,
}

impl Source {
    /// Finds the collections in what `mongodump` wrote: the directory of one database, or the one above.
    pub(crate) fn dump(dir: &Path) -> Result<Self, Failure> {
        let mut source = Self::default();
        source.collect(dir)?;
        for below in entries(dir)?.into_iter().filter(|it| it.is_dir()) {
            source.collect(&below)?;
        }
        if source.files.is_empty() {
            let names = Wanted::ALL.map(Wanted::name).join(", ");
            let message = format!("{} holds no .bson file of {names}", shown(dir));
            return Err(Failure::new(Exit::Usage, message)
                .hint("name the directory that mongodump --out wrote"));
        }
        Ok(source)
    }

    fn collect(&mut self, dir: &Path) -> Result<(), Failure> {
        for path in entries(dir)?.into_iter().filter(|it| it.is_file()) {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            let bare = name.strip_suffix(".gz").unwrap_or(name);
            let Some(collection) = bare.strip_suffix(".bson").map(str::to_owned) else { continue };
            self.add(&collection, path, Form::Bson)?;
        }
        Ok(())
    }

    /// Takes files of `mongoexport`, each `FILE` or `COLLECTION=FILE`.
    pub(crate) fn json(files: &[String]) -> Result<Self, Failure> {
        let mut source = Self::default();
        for text in files {
            let named = text.split_once('=').filter(|(name, _)| Wanted::of(name).is_some());
            let path = PathBuf::from(named.map_or(text.as_str(), |(_, path)| path));
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            let stem = name.split('.').next().unwrap_or_default().to_owned();
            let collection = named.map_or(stem, |(name, _)| name.to_owned());
            if Wanted::of(&collection).is_none() {
                let names = Wanted::ALL.map(Wanted::name).join(", ");
                let message = format!("{} is called like none of {names}", shown(&path));
                let hint = "say which collection it holds: --json agent_heartbeat=FILE";
                return Err(Failure::new(Exit::Usage, message).hint(hint));
            }
            source.add(&collection, path, Form::Json)?;
        }
        Ok(source)
    }

    fn add(&mut self, collection: &str, path: PathBuf, form: Form) -> Result<(), Failure> {
        let Some(wanted) = Wanted::of(collection) else {
            self.others.insert(collection.to_owned());
            return Ok(());
        };
        if let Some((other, _)) = self.files.get(&wanted) {
            let (one, two) = (shown(other), shown(&path));
            let message = format!("both {one} and {two} hold {collection}");
            return Err(Failure::new(Exit::Usage, message).hint("name the one to take"));
        }
        self.files.insert(wanted, (path, form));
        Ok(())
    }

    /// Returns whether there is a file of a collection.
    pub(crate) fn has(&self, wanted: Wanted) -> bool {
        self.files.contains_key(&wanted)
    }

    /// Reads a collection, document by document; what is no object is handed over as `None`.
    pub(crate) fn each(
        &self,
        wanted: Wanted,
        take: impl FnMut(Option<Document>),
    ) -> Result<(), Failure> {
        let Some((path, form)) = self.files.get(&wanted) else { return Ok(()) };
        let read = || -> Result<(), ReadError> {
            let file = File::open(path)?;
            let packed = path.extension().is_some_and(|it| it == "gz");
            let file: Box<dyn Read> =
                if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
            let file = BufReader::with_capacity(256 << 10, file);
            match form {
                Form::Bson => bson::read(file, take),
                Form::Json => json::read(file, take),
            }
        };
        read().map_err(|error| {
            let message = format!("{}: {}", shown(path), sanitize(&error.to_string()));
            Failure::new(Exit::Usage, message).code("unreadable_export")
        })
    }
}

fn shown(path: &Path) -> String {
    sanitize(&path.display().to_string()).into_owned()
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let mut found: Vec<_> =
            fs::read_dir(dir)?.map(|it| Ok(it?.path())).collect::<std::io::Result<_>>()?;
        found.sort();
        Ok(found)
    };
    read().map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", shown(dir))))
}
