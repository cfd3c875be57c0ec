//! What `up` says when everything serves: commands that work as they are printed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use elk_trust::SERVER_NAME;

/// What the greeting tells of.
pub(super) struct Greeting<'a> {
    pub(super) root: &'a Path,
    pub(super) listen: IpAddr,
    pub(super) manager_port: u16,
    /// What other hosts dial.
    pub(super) manager_tls: &'a str,
    pub(super) demo: u32,
    pub(super) has_password: bool,
}

impl Greeting<'_> {
    pub(super) fn text(&self) -> String {
        let more = match self.demo {
            0 => String::new(),
            demo => format!(", {demo} simulated agents"),
        };
        let mut text = format!(
            "ready: ServiceDiscovery, Manager, AgentCenter{more}; state in {}\n",
            self.root.display()
        );
        let password = quoted(&self.root.join("admin-password").display().to_string());
        let how = if self.has_password {
            format!("--password-stdin --store file < {password}")
        } else {
            text.push_str(
                "there is no admin-password here: sign in with the one you know; an admin sets \
                 a user's anew with `elkctl user passwd NAME`\n",
            );
            "--store file".to_owned()
        };
        // The Manager takes plain HTTP from this host only, and `login` sends it nowhere else.
        if let Some(local) = self.local() {
            text.push_str(&format!(
                "next, in another terminal:\n  \
                 elkctl login --server http://{local} -u admin {how}\n  \
                 elkctl agent status"
            ));
        }
        if !self.listen.is_loopback() {
            let start = if self.local().is_some() { "\n" } else { "" };
            let ca = quoted(&self.root.join("pki/ca.crt").display().to_string());
            text.push_str(&format!(
                "{start}from any host, with a copy of that ca.crt and the admin's password:\n  \
                 elkctl context set elk --server {} --ca-file {ca} --tls-server-name {SERVER_NAME}\n  \
                 elkctl -c elk login -u admin --store file",
                self.manager_tls,
            ));
        }
        text
    }

    /// Returns the address on which this host's own loopback reaches the Manager.
    fn local(&self) -> Option<SocketAddr> {
        let ip: IpAddr = match self.listen {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip if ip.is_loopback() => ip,
            _ => return None,
        };
        Some(SocketAddr::new(ip, self.manager_port))
    }
}

/// Makes a path one word for a shell.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '@');
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(listen: &str, has_password: bool) -> String {
        let greeting = Greeting {
            root: Path::new("/d"),
            listen: listen.parse().expect("an address"),
            manager_port: 6701,
            manager_tls: "https://192.0.2.2:6701",
            demo: 0,
            has_password,
        };
        greeting.text()
    }

    #[test]
    fn plain_http_is_for_loopback_and_tls_for_all_others() {
        let plain = |at: &str| format!("login --server http://{at}:6701 -u admin --password");
        let tls = "context set elk --server https://192.0.2.2:6701 --ca-file /d/pki/ca.crt";
        for (listen, local) in [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")] {
            let text = text(listen, true);
            assert!(text.contains(&plain(local)) && text.contains(tls), "{text}");
            assert!(!text.contains("http://192.0.2.2"), "{text}");
        }
        let here = text("127.0.0.1", true);
        assert!(here.contains(&plain("127.0.0.1")) && !here.contains("https:"), "{here}");
        let there = text("192.0.2.2", true);
        assert!(!there.contains("http:") && there.contains(tls), "{there}");
    }

    #[test]
    fn a_password_that_is_not_there_is_not_pointed_to() {
        let text = text("127.0.0.1", false);
        assert!(!text.contains("< /d/admin-password"), "{text}");
        assert!(text.contains("elkctl user passwd"), "{text}");
    }

    #[test]
    fn a_path_is_one_word_for_the_shell() {
        assert_eq!(quoted("/a/b-c"), "/a/b-c");
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
    }
}
