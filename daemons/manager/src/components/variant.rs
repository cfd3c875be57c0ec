//! Which hosts a file fits, and what it is called.

use elk_api::components::ComponentKind;
use elk_model::{ComponentName, ComponentVersion};

/// Which hosts a file fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Variant {
    family: Option<&'static str>,
    arch: Option<&'static str>,
}

const FAMILIES: [&str; 2] = ["debian", "rhel"];
const ARCHES: [&str; 2] = ["x86_64", "aarch64"];

impl Variant {
    /// Reads `default`, a platform family, an architecture, or both joined by `_`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let family = |word: &str| FAMILIES.into_iter().find(|it| *it == word);
        let arch = |word: &str| ARCHES.into_iter().find(|it| *it == word);
        if text == "default" {
            return Some(Self { family: None, arch: None });
        }
        if let Some(found) = arch(text) {
            return Some(Self { family: None, arch: Some(found) });
        }
        match text.split_once('_') {
            None => Some(Self { family: Some(family(text)?), arch: None }),
            Some((one, two)) => Some(Self { family: Some(family(one)?), arch: Some(arch(two)?) }),
        }
    }

    /// Returns how well it fits such a host; `None` if it does not. A platform family counts more
    /// than an architecture, as it decides the kind of package.
    pub(crate) fn fit(self, family: &str, arch: &str) -> Option<u8> {
        let rank = |wanted: Option<&str>, is: &str, worth: u8| match wanted {
            None => Some(0),
            Some(wanted) if wanted == is => Some(worth),
            Some(_) => None,
        };
        Some(rank(self.family, family, 2)? + rank(self.arch, arch, 1)?)
    }

    /// Returns the path that agents fetch the file under, as the reference names it.
    pub(crate) fn path(
        self,
        component: &ComponentName,
        kind: ComponentKind,
        version: ComponentVersion,
    ) -> String {
        let word = |it: Option<&'static str>| it.unwrap_or("default");
        let (family, arch) = (word(self.family), word(self.arch));
        let ending = match (kind, self.family) {
            (ComponentKind::TarGz, _) => "tar.gz",
            (ComponentKind::Exec, _) => "plg",
            (ComponentKind::Agent, Some("debian")) => "deb",
            (ComponentKind::Agent, Some("rhel")) => "rpm",
            (ComponentKind::Agent, _) => "pkg",
        };
        format!("/agent/component/{component}/{component}-{family}-{arch}-{version}.{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_a_family_an_architecture_both_or_default() {
        let both = Variant { family: Some("debian"), arch: Some("x86_64") };
        assert_eq!(Variant::parse("debian_x86_64"), Some(both));
        for text in ["default", "debian", "rhel", "x86_64", "aarch64", "rhel_aarch64"] {
            assert!(Variant::parse(text).is_some(), "{text}");
        }
        for text in
            ["", "Debian", "x86_64_debian", "debian_", "debian_mips", "default_x86_64", ".."]
        {
            assert_eq!(Variant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_most_specific_fitting_variant_ranks_highest() {
        let fit = |text, family, arch| Variant::parse(text).unwrap().fit(family, arch);
        assert_eq!(fit("default", "suse", "riscv64"), Some(0));
        assert_eq!(fit("x86_64", "debian", "x86_64"), Some(1));
        assert_eq!(fit("debian", "debian", "x86_64"), Some(2));
        assert_eq!(fit("debian_x86_64", "debian", "x86_64"), Some(3));
        assert_eq!(fit("debian_x86_64", "debian", "aarch64"), None);
        assert_eq!(fit("rhel", "debian", "x86_64"), None);
    }

    #[test]
    fn paths_are_those_of_the_reference() {
        let name = "driver".parse().unwrap();
        let version = "1.7.0.10".parse().unwrap();
        let path = |text, kind| Variant::parse(text).unwrap().path(&name, kind, version);
        assert_eq!(
            path("x86_64", ComponentKind::TarGz),
            "/agent/component/driver/driver-default-x86_64-1.7.0.10.tar.gz"
        );
        assert_eq!(
            path("rhel_aarch64", ComponentKind::Agent),
            "/agent/component/driver/driver-rhel-aarch64-1.7.0.10.rpm"
        );
        assert_eq!(
            path("default", ComponentKind::Exec),
            "/agent/component/driver/driver-default-default-1.7.0.10.plg"
        );
    }
}
