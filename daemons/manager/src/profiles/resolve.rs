//! From a profile and a host's facts to the set that its agent should run.

use std::collections::{BTreeMap, BTreeSet};

use elk_api::agents::DesiredComponent;
use elk_api::center::ConfigItem;
use elk_api::components::{ComponentKind, Version};
use elk_api::profiles::Profile;
use elk_model::data_type::AGENT_OBJECT;
use elk_model::{ComponentName, ComponentVersion};
use serde_json::{Map, Value};

use super::pins::{Pin, Pins};
use crate::components::{self, variant::Variant};
use crate::store::{Result, Store};

/// What decides which file fits a host.
#[derive(Clone, Default, Debug)]
pub(crate) struct Facts {
    pub(crate) family: String,
    pub(crate) arch: String,
}

impl Facts {
    /// Takes them from a heartbeat; what is missing or no text fits only `default`.
    pub(crate) fn of(heartbeat: &Map<String, Value>) -> Self {
        let text = |key: &str| {
            let text = heartbeat.get(key).and_then(Value::as_str).unwrap_or_default();
            text.chars().take(64).collect()
        };
        Self { family: text("platform_family"), arch: text("arch") }
    }
}

/// Why an agent is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Held {
    /// A set without a plugin would make agents delete all they have.
    #[error("the profile names no plugin: agents stay as they are")]
    NoPlugin,
    /// An operator asked for no plugins.
    #[error("{0} removed all plugins; it stays so until the next push")]
    Emptied(String),
    /// Nothing would be left of the agent's list.
    #[error(
        "its list would name nothing: an agent deletes all its plugins only by a push that says so"
    )]
    NothingLeft,
    /// A set without the component would make the agent delete it.
    #[error("{0} {1} has no file for platform family {2:?} on {3:?}: the agent stays as it is")]
    NoFile(ComponentName, ComponentVersion, String, String),
    /// What an agent ran before cannot be given to it.
    #[error("{0} {1:?} was never published here: the agent stays as it is")]
    NeverPublished(ComponentName, String),
}

/// The complete set that an agent should run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desired {
    /// As agents get it; the places to download from are still paths.
    pub(crate) items: Vec<ConfigItem>,
    pub(crate) components: Vec<DesiredComponent>,
}

impl Desired {
    /// Returns names and versions.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        self.items.iter().map(|it| (it.name.clone(), it.version.clone())).collect()
    }

    /// Returns the items with their places to download from, each at all of `bases`.
    pub(crate) fn at(self, bases: &[String]) -> Vec<ConfigItem> {
        let mut items = self.items;
        for item in &mut items {
            let paths = std::mem::take(&mut item.download_url);
            let urls =
                paths.iter().flat_map(|path| bases.iter().map(move |it| format!("{it}{path}")));
            item.download_url = urls.collect();
        }
        items
    }
}

/// Published versions, with the kind of their component.
pub(crate) type Released = BTreeMap<(ComponentName, ComponentVersion), (ComponentKind, Version)>;

/// Adds what is published of a version, if anything is.
pub(crate) async fn release(
    store: &Store,
    name: &ComponentName,
    version: ComponentVersion,
    released: &mut Released,
) -> Result<()> {
    let key = (name.clone(), version);
    if released.contains_key(&key) {
        return Ok(());
    }
    let component = components::store::get(store, name).await?;
    let found = components::store::find(store, name, version).await?;
    if let Some((component, found)) = component.zip(found) {
        released.insert(key, (component.kind, found));
    }
    Ok(())
}

/// A profile with the files it needs.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    pub(crate) profile: Profile,
    versions: Released,
}

impl Catalog {
    /// Reads what `profile` names.
    pub(crate) async fn read(store: &Store, profile: Profile) -> Result<Self> {
        let mut versions = Released::new();
        let plugins = profile.plugins.iter().map(|(name, it)| (name.clone(), it.version));
        let agent = AGENT_OBJECT.parse::<ComponentName>().ok().zip(profile.agent_version);
        for (name, version) in plugins.chain(agent) {
            release(store, &name, version, &mut versions).await?;
        }
        Ok(Self { profile, versions })
    }

    /// Returns what the profile says of a component.
    pub(crate) fn of(&self, name: &ComponentName) -> Option<(ComponentVersion, &str)> {
        if name.as_str() == AGENT_OBJECT {
            return self.profile.agent_version.map(|it| (it, ""));
        }
        self.profile.plugins.get(name).map(|it| (it.version, it.detail.as_str()))
    }

    /// Returns the complete set for a host, or why its agent is left as it is.
    pub(crate) fn desired(
        &self,
        facts: &Facts,
        pins: &Pins,
        released: &Released,
    ) -> std::result::Result<Desired, Held> {
        let desired = self.set(facts, pins, released)?;
        if desired.items.iter().all(|it| it.name == AGENT_OBJECT) {
            return Err(Held::NoPlugin);
        }
        Ok(desired)
    }

    /// Returns the complete set for a host, with what is pinned to it instead of what the profile
    /// says, also if there is no plugin in it.
    pub(crate) fn set(
        &self,
        facts: &Facts,
        pins: &Pins,
        released: &Released,
    ) -> std::result::Result<Desired, Held> {
        let mut desired = Desired { items: Vec::new(), components: Vec::new() };
        let named = self.profile.plugins.keys().cloned();
        let agent = self.profile.agent_version.and_then(|_| AGENT_OBJECT.parse().ok());
        let names: BTreeSet<_> = named.chain(agent).chain(pins.keys().cloned()).collect();
        // The agent's own version comes last: with it the agent restarts.
        let (own, plugins): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|it| it.as_str() == AGENT_OBJECT);
        for name in plugins.into_iter().chain(own) {
            match pins.get(&name) {
                Some(pin) if pin.kept => desired.items.push(kept(&name, pin)),
                Some(pin) => desired.push(pinned(&name, pin, facts, released)?),
                None => {
                    if let Some(said) = self.of(&name) {
                        desired.push(item(&name, said, facts, &self.versions)?);
                    }
                }
            }
        }
        Ok(desired)
    }
}

fn pinned(
    name: &ComponentName,
    pin: &Pin,
    facts: &Facts,
    released: &Released,
) -> std::result::Result<(ConfigItem, DesiredComponent), Held> {
    let unknown = || Held::NeverPublished(name.clone(), pin.version.clone());
    let version = pin.version.parse().map_err(|_| unknown())?;
    item(name, (version, &pin.detail), facts, released)
}

/// A plugin that runs already, of which nothing is known here: the agent that runs this version
/// keeps it.
fn kept(name: &ComponentName, pin: &Pin) -> ConfigItem {
    let (name, version) = (name.to_string(), pin.version.clone());
    ConfigItem { name, version, detail: pin.detail.clone(), ..ConfigItem::default() }
}

fn item(
    name: &ComponentName,
    (version, detail): (ComponentVersion, &str),
    facts: &Facts,
    released: &Released,
) -> std::result::Result<(ConfigItem, DesiredComponent), Held> {
    let found = released.get(&(name.clone(), version)).and_then(|(kind, found)| {
        let fitting = found.files.iter().filter_map(|file| {
            Some((Variant::parse(&file.variant)?.fit(&facts.family, &facts.arch)?, file))
        });
        Some((kind, fitting.max_by_key(|(rank, _)| *rank)?.1))
    });
    let (kind, file) = found.ok_or_else(|| {
        Held::NoFile(name.clone(), version, facts.family.clone(), facts.arch.clone())
    })?;
    let item = ConfigItem {
        name: name.to_string(),
        kind: kind.as_str().to_owned(),
        version: version.to_string(),
        sha256: file.sha256.to_string(),
        signature: file.signature.clone(),
        download_url: vec![file.path.clone()],
        detail: detail.to_owned(),
    };
    Ok((item, DesiredComponent { name: name.clone(), version, sha256: file.sha256 }))
}

impl Desired {
    fn push(&mut self, (item, component): (ConfigItem, DesiredComponent)) {
        self.items.push(item);
        self.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use elk_api::components::File;
    use elk_api::profiles::PluginSetting;
    use elk_model::Sha256;
    use jiff::Timestamp;

    fn catalog(plugins: &[(&str, &[&str])], agent: bool) -> Catalog {
        let version: ComponentVersion = "1.0.0.1".parse().unwrap();
        let mut catalog = Catalog {
            profile: Profile {
                name: "default".to_owned(),
                revision: 1,
                plugins: BTreeMap::new(),
                agent_version: agent.then_some(version),
                updated_by: None,
                updated_at: None,
            },
            versions: BTreeMap::new(),
        };
        for (name, variants) in plugins {
            let name: ComponentName = name.parse().unwrap();
            let file = |variant: &&str| File {
                variant: (*variant).to_owned(),
                sha256: Sha256::from_bytes([7; 32]),
                signature: String::new(),
                size_bytes: 1,
                path: format!("/{variant}"),
            };
            let files = variants.iter().map(file).collect();
            let published = Version {
                component: name.clone(),
                version,
                files,
                published_by: String::new(),
                published_at: Timestamp::UNIX_EPOCH,
                blocked: None,
            };
            let kind = if name.as_str() == AGENT_OBJECT {
                ComponentKind::Agent
            } else {
                ComponentKind::Exec
            };
            catalog.versions.insert((name.clone(), version), (kind, published));
            if kind != ComponentKind::Agent {
                let setting = PluginSetting { version, detail: "{}".to_owned() };
                catalog.profile.plugins.insert(name, setting);
            }
        }
        catalog
    }

    fn debian() -> Facts {
        Facts { family: "debian".to_owned(), arch: "x86_64".to_owned() }
    }

    #[test]
    fn the_most_specific_file_is_taken_at_every_base() {
        let it = catalog(&[("driver", &["default", "debian_x86_64", "debian"])], false);
        let items = it
            .desired(&debian(), &Pins::new(), &Released::new())
            .unwrap()
            .at(&["http://a".to_owned(), "http://b".to_owned()]);
        assert_eq!(items[0].download_url, ["http://a/debian_x86_64", "http://b/debian_x86_64"]);
        let other = it
            .desired(&Facts::default(), &Pins::new(), &Released::new())
            .unwrap()
            .at(&["http://a".to_owned()]);
        assert_eq!(other[0].download_url, ["http://a/default"]);
    }

    #[test]
    fn a_host_that_one_component_does_not_fit_is_left_as_it_is() {
        let it = catalog(&[("driver", &["default"]), ("other", &["rhel"])], false);
        assert!(
            matches!(it.desired(&debian(), &Pins::new(), &Released::new()), Err(Held::NoFile(name, ..)) if name.as_str() == "other")
        );
    }

    #[test]
    fn no_set_is_ever_without_a_plugin() {
        assert_eq!(
            catalog(&[], false).desired(&debian(), &Pins::new(), &Released::new()),
            Err(Held::NoPlugin)
        );
        let only_the_agent = catalog(&[(AGENT_OBJECT, &["default"])], true);
        assert_eq!(
            only_the_agent.desired(&debian(), &Pins::new(), &Released::new()),
            Err(Held::NoPlugin)
        );
    }

    #[test]
    fn the_agent_is_one_of_the_items_if_the_profile_names_its_version() {
        let it = catalog(&[("driver", &["default"]), (AGENT_OBJECT, &["debian"])], true);
        let desired = it.desired(&debian(), &Pins::new(), &Released::new()).unwrap();
        let names: Vec<_> =
            desired.items.iter().map(|it| (it.name.as_str(), it.kind.as_str())).collect();
        assert_eq!(names, [("driver", "exec"), (AGENT_OBJECT, "agent")]);
    }

    #[test]
    fn what_is_pinned_replaces_what_the_profile_says_and_what_is_kept_needs_no_file() {
        let it = catalog(&[("driver", &["default"]), ("other", &["default"])], false);
        let newer: ComponentVersion = "1.0.0.2".parse().unwrap();
        let mut released = Released::new();
        let driver: ComponentName = "driver".parse().unwrap();
        let old: ComponentVersion = "1.0.0.1".parse().unwrap();
        let published = it.versions.get(&(driver.clone(), old)).unwrap().clone();
        released.insert((driver.clone(), newer), published);
        let pin =
            |version: &str, kept| Pin { version: version.to_owned(), detail: "d".to_owned(), kept };
        let mut pins = Pins::new();
        pins.insert(driver.clone(), pin("1.0.0.2", false));
        pins.insert("foreign".parse().unwrap(), pin("v7", true));
        let set = it.desired(&debian(), &pins, &released).unwrap();
        let said: Vec<_> = set
            .items
            .iter()
            .map(|it| (it.name.as_str(), it.version.as_str(), it.download_url.len()))
            .collect();
        assert_eq!(said, [("driver", "1.0.0.2", 1), ("foreign", "v7", 0), ("other", "1.0.0.1", 1)]);
        pins.insert(driver, pin("v0", false));
        let held = it.desired(&debian(), &pins, &released);
        assert!(matches!(held, Err(Held::NeverPublished(..))), "{held:?}");
    }
}
