//! The meaning of selectors, worked out a second time without a database, and held against it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use elk_model::selector::{
    AgeKey, AgentStatus, Membership, Ordering, Selector, Term, TextKey, TextTest, VersionTest,
};
use elk_model::{ComponentVersion, Tag};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use regex::Regex;
use sea_query::{Expr, InsertStatement, Query};
use sqlx::Row as _;

use crate::agents::filter::condition;
use crate::agents::report::key_of;
use crate::store::Store;

const NOW: i64 = 1_700_000_000_000;

/// What the grammar can ask about an agent.
#[derive(Clone, Debug)]
struct Fact {
    id: String,
    texts: BTreeMap<&'static str, String>,
    addresses: Vec<String>,
    ac: Option<String>,
    tags: BTreeSet<String>,
    version: String,
    plugins: BTreeMap<String, String>,
    abnormal: bool,
    offline_ms: i64,
    last_ms: Option<i64>,
    first_ms: i64,
}

fn holds(selector: &Selector, it: &Fact) -> bool {
    selector.terms.iter().all(|term| match term {
        Term::Text(TextKey::Ip, test) => address(test, &it.addresses),
        Term::Text(key, test) => text(test, &value(*key, it)),
        Term::Tag(test) => membership(test, &it.tags, |tag: &Tag| tag.to_string()),
        Term::Status(test) => {
            let here = BTreeSet::from([status(it).as_str().to_owned()]);
            membership(test, &here, |it| it.as_str().to_owned())
        }
        Term::Version(test) => version(test, &[it.version.parse().ok()]),
        Term::Component(name, test) => {
            let found = it.plugins.get(name.as_str());
            let found: Vec<Option<ComponentVersion>> =
                found.iter().map(|it| it.parse().ok()).collect();
            plugin(test, &found)
        }
        Term::Age(key, ordering, age) => {
            let at = match key {
                AgeKey::LastSeen => it.last_ms.unwrap_or(0),
                AgeKey::FirstSeen => it.first_ms,
            };
            let seconds = i64::try_from(age.seconds).unwrap();
            is_beside(&(NOW - at), *ordering, &(seconds * 1_000))
        }
    })
}

fn value(key: TextKey, it: &Fact) -> String {
    match key {
        TextKey::Id => it.id.clone(),
        TextKey::Ac => it.ac.clone().unwrap_or_default(),
        TextKey::Ip => String::new(),
        TextKey::Hostname => it.texts["hostname"].clone(),
        TextKey::Platform => it.texts["platform"].clone(),
        TextKey::Arch => it.texts["arch"].clone(),
        TextKey::Kernel => it.texts["kernel"].clone(),
        TextKey::Idc => it.texts["idc"].clone(),
    }
}

fn status(it: &Fact) -> AgentStatus {
    match (it.offline_ms > NOW, it.abnormal) {
        (false, _) => AgentStatus::Offline,
        (true, true) => AgentStatus::Abnormal,
        (true, false) => AgentStatus::Running,
    }
}

fn membership<T>(
    test: &Membership<T>,
    found: &BTreeSet<String>,
    name: impl Fn(&T) -> String,
) -> bool {
    match test {
        Membership::In(list) => list.iter().any(|it| found.contains(&name(it))),
        Membership::NotIn(list) => !list.iter().any(|it| found.contains(&name(it))),
        Membership::Exists => !found.is_empty(),
        Membership::Missing => found.is_empty(),
    }
}

fn text(test: &TextTest, value: &str) -> bool {
    match test {
        TextTest::Membership(Membership::In(list)) => list.iter().any(|it| it == value),
        TextTest::Membership(Membership::NotIn(list)) => list.iter().all(|it| it != value),
        TextTest::Membership(Membership::Exists) => !value.is_empty(),
        TextTest::Membership(Membership::Missing) => value.is_empty(),
        TextTest::Matches(pattern) => compiled(pattern).is_match(value),
    }
}

fn compiled(pattern: &str) -> &'static Regex {
    static ALL: LazyLock<Vec<Regex>> =
        LazyLock::new(|| PATTERNS.iter().map(|it| Regex::new(it).unwrap()).collect());
    let at = PATTERNS.iter().position(|it| *it == pattern).unwrap();
    &ALL[at]
}

fn address(test: &TextTest, found: &[String]) -> bool {
    match test {
        TextTest::Membership(test) => {
            let found = found.iter().cloned().collect();
            membership(test, &found, Clone::clone)
        }
        TextTest::Matches(pattern) => {
            let pattern = compiled(pattern);
            found.iter().any(|it| pattern.is_match(it))
        }
    }
}

fn version(test: &VersionTest, found: &[Option<ComponentVersion>]) -> bool {
    let known: Vec<ComponentVersion> = found.iter().flatten().copied().collect();
    match test {
        VersionTest::Membership(Membership::In(list)) => known.iter().any(|it| list.contains(it)),
        VersionTest::Membership(Membership::NotIn(list)) => {
            !known.iter().any(|it| list.contains(it))
        }
        VersionTest::Membership(Membership::Exists) => !known.is_empty(),
        VersionTest::Membership(Membership::Missing) => known.is_empty(),
        VersionTest::Compare(ordering, bound) => {
            known.iter().any(|it| is_beside(it, *ordering, bound))
        }
    }
}

/// A plugin exists whatever its version is.
fn plugin(test: &VersionTest, found: &[Option<ComponentVersion>]) -> bool {
    match test {
        VersionTest::Membership(Membership::Exists) => !found.is_empty(),
        VersionTest::Membership(Membership::Missing) => found.is_empty(),
        _ => version(test, found),
    }
}

fn is_beside<T: Ord>(value: &T, ordering: Ordering, bound: &T) -> bool {
    match ordering {
        Ordering::Less => value < bound,
        Ordering::LessOrEqual => value <= bound,
        Ordering::Greater => value > bound,
        Ordering::GreaterOrEqual => value >= bound,
    }
}

const TEXTS: [&str; 7] = ["", "web-1", "web-10", "Web-1", "a,b c", "x86_64", "é'\"%_"];
const VERSIONS: [&str; 6] = ["1.0.0.9", "1.0.0.10", "1.9.1.22", "9999.0.0.1", "", "beta"];
const TAGS: [&str; 3] = ["prod", "eu", "canary"];
const ADDRESSES: [&str; 4] = ["10.0.0.1", "10.0.0.10", "110.0.0.1", "fd00::1"];
const PATTERNS: [&str; 7] = ["^web-[0-9]$", "1", "^$", "é", "0\\.0\\.1$", "^10\\.", "a.b"];

fn fact() -> impl Strategy<Value = Fact> {
    let text = || select(&TEXTS[..]).prop_map(str::to_owned);
    let texts = [text(), text(), text(), text(), text()];
    let age = prop_oneof![Just(0_i64), Just(59_999), Just(60_000), Just(60_001), 0_i64..200_000];
    let some = |all: &'static [&'static str]| {
        proptest::sample::subsequence(all.to_vec(), 0..all.len())
            .prop_map(|it| it.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let plugins = proptest::collection::btree_map(
        select(&["driver", "collector"][..]).prop_map(str::to_owned),
        select(&VERSIONS[..]).prop_map(str::to_owned),
        0..3,
    );
    let times = (age.clone(), age.clone(), proptest::option::of(age), any::<bool>());
    let more = (some(&ADDRESSES), some(&TAGS), select(&VERSIONS[..]), plugins);
    let ac = proptest::option::of(select(&["10.0.0.1:6752", "web-1"][..]));
    (texts, times, more, ac).prop_map(|(texts, times, more, ac)| {
        let names = ["hostname", "platform", "arch", "kernel", "idc"];
        let (offline, first, last, abnormal) = times;
        let (addresses, tags, version, plugins) = more;
        Fact {
            id: String::new(),
            texts: names.into_iter().zip(texts).collect(),
            addresses,
            ac: ac.map(str::to_owned),
            tags: tags.into_iter().collect(),
            version: version.to_owned(),
            plugins,
            abnormal,
            offline_ms: NOW + 60_000 - offline,
            last_ms: last.map(|it| NOW - it),
            first_ms: NOW - first,
        }
    })
}

fn term() -> impl Strategy<Value = String> {
    let quoted = || select(&TEXTS[..]).prop_map(|it| format!("\"{}\"", it.replace('"', "")));
    let key = || select(&["hostname", "platform", "arch", "kernel", "idc", "ac", "id"][..]);
    let equal = || select(&["=", "!="][..]);
    let order = || select(&["<", "<=", ">", ">="][..]);
    let set = || select(&["in", "notin"][..]);
    let versions = || select(&VERSIONS[..4]);
    let versioned = || select(&["version", "component.driver", "component.collector"][..]);
    let present = select(
        &["hostname", "idc", "ac", "ip", "tag", "version", "component.driver", "prod", "canary"][..],
    );
    let patterned = select(&["hostname", "kernel", "ip", "id"][..]);
    let aged = select(&["last_seen", "first_seen"][..]);
    let words = select(&["running", "abnormal", "offline"][..]);
    prop_oneof![
        (key(), equal(), quoted()).prop_map(|(k, o, v)| format!("{k}{o}{v}")),
        (key(), set(), quoted(), quoted()).prop_map(|(k, o, a, b)| format!("{k} {o} ({a},{b})")),
        (select(&ADDRESSES[..]), equal()).prop_map(|(v, o)| format!("ip{o}{v}")),
        (patterned, select(&PATTERNS[..])).prop_map(|(k, p)| format!("{k}~\"{p}\"")),
        (select(&TAGS[..]), equal()).prop_map(|(v, o)| format!("tag{o}{v}")),
        (select(&TAGS[..]), set()).prop_map(|(v, o)| format!("tag {o} ({v},other)")),
        (words, equal()).prop_map(|(v, o)| format!("status{o}{v}")),
        (versioned(), equal(), versions()).prop_map(|(k, o, v)| format!("{k}{o}{v}")),
        (versioned(), order(), versions()).prop_map(|(k, o, v)| format!("{k}{o}{v}")),
        (versioned(), set(), versions()).prop_map(|(k, o, v)| format!("{k} {o} ({v},7.7.7.7)")),
        (aged, order(), select(&["0s", "60s", "1m", "1d"][..]))
            .prop_map(|(k, o, v)| format!("{k}{o}{v}")),
        (present, any::<bool>()).prop_map(|(k, yes)| if yes {
            format!("exists({k})")
        } else {
            format!("!{k}")
        }),
    ]
}

fn agent_row(it: &Fact) -> InsertStatement {
    let of = |name: &str| Expr::val(it.texts[name].as_str());
    let addresses = it.addresses.iter().fold(" ".to_owned(), |all, one| all + one + " ");
    let cells = [
        ("id", Expr::val(it.id.as_str())),
        ("hostname", of("hostname")),
        ("platform", of("platform")),
        ("arch", of("arch")),
        ("kernel", of("kernel")),
        ("idc", of("idc")),
        ("ac", Expr::val(it.ac.clone())),
        ("version", Expr::val(it.version.as_str())),
        ("version_key", Expr::val(key_of(&it.version))),
        ("addresses", Expr::val(addresses)),
        ("abnormal", Expr::val(i64::from(it.abnormal))),
        ("offline_ms", Expr::val(it.offline_ms)),
        ("last_ms", Expr::val(it.last_ms)),
        ("first_ms", Expr::val(it.first_ms)),
        ("platform_version", Expr::val("")),
        ("region", Expr::val("")),
        ("heartbeat", Expr::val("{}")),
        ("interval_ms", Expr::val(60_000)),
        ("clone", Expr::val(0)),
    ];
    row("agents", cells)
}

fn row<const N: usize>(table: &'static str, cells: [(&'static str, Expr); N]) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(table).columns(cells.iter().map(|it| it.0));
    insert.values_panic(cells.into_iter().map(|it| it.1));
    insert
}

async fn write(store: &Store, facts: &[Fact]) {
    let mut tx = store.begin().await.unwrap();
    for it in facts {
        tx.execute(&agent_row(it)).await.unwrap();
        let agent = || ("agent", Expr::val(it.id.as_str()));
        for tag in &it.tags {
            let cells = [("tag", Expr::val(tag.as_str())), agent()];
            tx.execute(&row("tags", cells)).await.unwrap();
        }
        for (name, version) in &it.plugins {
            let cells = [
                agent(),
                ("name", Expr::val(name.as_str())),
                ("version", Expr::val(version.as_str())),
                ("version_key", Expr::val(key_of(version))),
            ];
            tx.execute(&row("plugins", cells)).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_database_selects_exactly_the_agents_that_a_selector_means() {
    let mut runner = TestRunner::new(Config { cases: 1, ..Config::default() });
    let mut draw = |count: usize| {
        let tree = proptest::collection::vec(fact(), count).new_tree(&mut runner).unwrap();
        let terms = proptest::collection::vec(proptest::collection::vec(term(), 1..4), 1_000);
        (tree.current(), terms.new_tree(&mut runner).unwrap().current())
    };
    let (mut facts, selectors) = draw(150);
    for (number, it) in facts.iter_mut().enumerate() {
        it.id = format!("agent-{number}");
    }
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("state.db")).await.unwrap();
    write(&store, &facts).await;
    let mut found_any = 0;
    for terms in selectors {
        let text = terms.join(",");
        let selector: Selector = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let select = Query::select()
            .column("id")
            .from("agents")
            .cond_where(condition(&selector, NOW))
            .to_owned();
        let rows = store.rows(&select).await.unwrap();
        let found: HashSet<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
        let meant: HashSet<String> =
            facts.iter().filter(|it| holds(&selector, it)).map(|it| it.id.clone()).collect();
        let differ: Vec<_> = found.symmetric_difference(&meant).collect();
        let first = differ.first().and_then(|id| facts.iter().find(|it| it.id == **id));
        assert!(differ.is_empty(), "{text}: {first:#?} is found or meant, but not both");
        found_any += usize::from(!found.is_empty());
    }
    assert!(found_any > 200, "only {found_any} selectors found any agent");
}
