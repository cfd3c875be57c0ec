//! From a profile and a host's facts to the set that its agent should run.

use std::collections::BTreeMap;

use elk_api::agents::DesiredComponent;
use elk_api::center::ConfigItem;
use elk_api::components::{ComponentKind, Version};
use elk_api::profiles::Profile;
use elk_model::data_type::AGENT_OBJECT;
use elk_model::{ComponentName, ComponentVersion};
use serde_json::{Map, Value};

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
}

/// The complete set that an agent should run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desired {
    /// As agents get it; the places to download from are still paths.
    pub(crate) items: Vec<ConfigItem>,
    pub(crate) components: Vec<DesiredComponent>,
}

impl Desired {
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

/// A profile with the files it needs.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    pub(crate) profile: Profile,
    versions: BTreeMap<ComponentName, (ComponentKind, Version)>,
}

impl Catalog {
    /// Reads what `profile` names.
    pub(crate) async fn read(store: &Store, profile: Profile) -> Result<Self> {
        let mut versions = BTreeMap::new();
        let plugins = profile.plugins.iter().map(|(name, it)| (name.clone(), it.version));
        let agent = AGENT_OBJECT.parse::<ComponentName>().ok().zip(profile.agent_version);
        for (name, version) in plugins.chain(agent) {
            let component = components::store::get(store, &name).await?;
            let found = components::store::find(store, &name, version).await?;
            if let Some((component, found)) = component.zip(found) {
                versions.insert(name, (component.kind, found));
            }
        }
        Ok(Self { profile, versions })
    }

    /// Returns the complete set for a host, or why its agent is left as it is.
    pub(crate) fn desired(&self, facts: &Facts) -> std::result::Result<Desired, Held> {
        if self.profile.plugins.is_empty() {
            return Err(Held::NoPlugin);
        }
        let mut desired = Desired { items: Vec::new(), components: Vec::new() };
        for (name, setting) in &self.profile.plugins {
            desired.push(self.item(name, (setting.version, &setting.detail), facts)?);
        }
        if let Some(version) = self.profile.agent_version
            && let Ok(name) = AGENT_OBJECT.parse()
        {
            desired.push(self.item(&name, (version, ""), facts)?);
        }
        Ok(desired)
    }

    fn item(
        &self,
        name: &ComponentName,
        (version, detail): (ComponentVersion, &str),
        facts: &Facts,
    ) -> std::result::Result<(ConfigItem, DesiredComponent), Held> {
        let found = self.versions.get(name).and_then(|(kind, found)| {
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
            };
            let kind = if name.as_str() == AGENT_OBJECT {
                ComponentKind::Agent
            } else {
                ComponentKind::Exec
            };
            catalog.versions.insert(name.clone(), (kind, published));
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
        let items =
            it.desired(&debian()).unwrap().at(&["http://a".to_owned(), "http://b".to_owned()]);
        assert_eq!(items[0].download_url, ["http://a/debian_x86_64", "http://b/debian_x86_64"]);
        let other = it.desired(&Facts::default()).unwrap().at(&["http://a".to_owned()]);
        assert_eq!(other[0].download_url, ["http://a/default"]);
    }

    #[test]
    fn a_host_that_one_component_does_not_fit_is_left_as_it_is() {
        let it = catalog(&[("driver", &["default"]), ("other", &["rhel"])], false);
        assert!(
            matches!(it.desired(&debian()), Err(Held::NoFile(name, ..)) if name.as_str() == "other")
        );
    }

    #[test]
    fn no_set_is_ever_without_a_plugin() {
        assert_eq!(catalog(&[], false).desired(&debian()), Err(Held::NoPlugin));
        let only_the_agent = catalog(&[(AGENT_OBJECT, &["default"])], true);
        assert_eq!(only_the_agent.desired(&debian()), Err(Held::NoPlugin));
    }

    #[test]
    fn the_agent_is_one_of_the_items_if_the_profile_names_its_version() {
        let it = catalog(&[("driver", &["default"]), (AGENT_OBJECT, &["debian"])], true);
        let desired = it.desired(&debian()).unwrap();
        let names: Vec<_> =
            desired.items.iter().map(|it| (it.name.as_str(), it.kind.as_str())).collect();
        assert_eq!(names, [("driver", "exec"), (AGENT_OBJECT, "agent")]);
    }
}
