//! Selectors as conditions on table `agents`.

#[cfg(test)]
mod proof;

use elk_model::selector::{
    Age, AgeKey, AgentStatus, Membership, Ordering, Selector, Term, TextKey, TextTest, VersionTest,
};
use elk_model::{ComponentVersion, Tag};
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Query, SelectStatement};

/// Returns a number that orders versions as they order.
pub(crate) fn version_key(version: ComponentVersion) -> i64 {
    version.parts().into_iter().fold(0, |key, part| key * 10_000 + i64::from(part))
}

/// Returns the condition that holds for the agents that `selector` means at `now_ms`.
pub(crate) fn condition(selector: &Selector, now_ms: i64) -> Condition {
    selector.terms.iter().fold(Cond::all(), |all, term| all.add(of_term(term, now_ms)))
}

/// Returns the condition for a status at `now_ms`.
pub(crate) fn status(status: AgentStatus, now_ms: i64) -> Expr {
    let alive = Expr::col("offline_ms").gt(now_ms);
    match status {
        AgentStatus::Offline => alive.not(),
        AgentStatus::Abnormal => alive.and(Expr::col("abnormal").eq(1)),
        AgentStatus::Running => alive.and(Expr::col("abnormal").eq(0)),
    }
}

fn of_term(term: &Term, now_ms: i64) -> Expr {
    match term {
        Term::Text(TextKey::Ip, test) => address(test),
        Term::Text(key, test) => text(column(*key), test),
        Term::Tag(test) => tag(test),
        Term::Status(test) => match test {
            Membership::In(list) => one_of(list, now_ms),
            Membership::NotIn(list) => one_of(list, now_ms).not(),
            Membership::Exists => Expr::val(true),
            Membership::Missing => Expr::val(false),
        },
        Term::Version(test) => version(test, &Expr::col("version_key")),
        Term::Component(name, test) => component(name.as_str(), test),
        Term::Age(key, ordering, age) => of_age(*key, *ordering, *age, now_ms),
    }
}

fn column(key: TextKey) -> &'static str {
    match key {
        TextKey::Id => "id",
        TextKey::Hostname => "hostname",
        TextKey::Ip => "addresses",
        TextKey::Platform => "platform",
        TextKey::Arch => "arch",
        TextKey::Kernel => "kernel",
        TextKey::Idc => "idc",
        TextKey::Ac => "ac",
    }
}

/// Each status once, as what is joined by OR is nested as deep as it is long.
fn one_of(list: &[AgentStatus], now_ms: i64) -> Expr {
    let named = AgentStatus::ALL.into_iter().filter(|it| list.contains(it));
    any(named.map(|it| status(it, now_ms)))
}

fn any(mut conditions: impl Iterator<Item = Expr>) -> Expr {
    let first = conditions.next().unwrap_or_else(|| Expr::val(false));
    conditions.fold(first, |all, one| all.or(one))
}

/// Text that is unset is the empty text.
fn text(column: &'static str, test: &TextTest) -> Expr {
    let value = || Expr::col(column).if_null("");
    match test {
        TextTest::Membership(Membership::In(list)) => {
            value().is_in(list.iter().map(String::as_str))
        }
        TextTest::Membership(Membership::NotIn(list)) => {
            value().is_not_in(list.iter().map(String::as_str))
        }
        TextTest::Membership(Membership::Exists) => value().ne(""),
        TextTest::Membership(Membership::Missing) => value().eq(""),
        TextTest::Matches(pattern) => matches(value(), pattern),
    }
}

fn matches(value: Expr, pattern: &str) -> Expr {
    Expr::cust_with_exprs("? REGEXP ?", [value, Expr::val(pattern)])
}

/// Addresses are kept joined by blanks, with one at each end.
fn address(test: &TextTest) -> Expr {
    let holds = |list: &[String]| {
        let list = serde_json::to_string(list).unwrap_or_default();
        Expr::cust_with_exprs(
            "EXISTS (SELECT 1 FROM json_each(?) AS wanted \
             WHERE instr(?, ' ' || wanted.value || ' ') > 0)",
            [Expr::val(list), Expr::col("addresses")],
        )
    };
    match test {
        TextTest::Membership(Membership::In(list)) => holds(list),
        TextTest::Membership(Membership::NotIn(list)) => holds(list).not(),
        TextTest::Membership(Membership::Exists) => Expr::col("addresses").ne(" "),
        TextTest::Membership(Membership::Missing) => Expr::col("addresses").eq(" "),
        // One of them has to match, not the line they stand in.
        TextTest::Matches(pattern) => Expr::cust_with_exprs(
            "EXISTS (SELECT 1 FROM json_each('[\"' || replace(trim(addresses), ' ', '\",\"') \
             || '\"]') WHERE value <> '' AND value REGEXP ?)",
            [Expr::val(pattern.as_str())],
        ),
    }
}

fn tag(test: &Membership<Tag>) -> Expr {
    let carriers = |tags: Option<&[Tag]>| -> SelectStatement {
        let mut select = Query::select();
        select.column("agent").from("tags");
        if let Some(tags) = tags {
            select.and_where(Expr::col("tag").is_in(tags.iter().map(Tag::as_str)));
        }
        select
    };
    let id = || Expr::col("id");
    match test {
        Membership::In(tags) => id().in_subquery(carriers(Some(tags))),
        Membership::NotIn(tags) => id().not_in_subquery(carriers(Some(tags))),
        Membership::Exists => id().in_subquery(carriers(None)),
        Membership::Missing => id().not_in_subquery(carriers(None)),
    }
}

fn version(test: &VersionTest, key: &Expr) -> Expr {
    let known = || key.clone().if_null(-1);
    let keys =
        |list: &[ComponentVersion]| list.iter().map(|it| version_key(*it)).collect::<Vec<_>>();
    match test {
        VersionTest::Membership(Membership::In(list)) => known().is_in(keys(list)),
        VersionTest::Membership(Membership::NotIn(list)) => known().is_not_in(keys(list)),
        VersionTest::Membership(Membership::Exists) => known().ne(-1),
        VersionTest::Membership(Membership::Missing) => known().eq(-1),
        VersionTest::Compare(ordering, bound) => {
            compare(known(), *ordering, version_key(*bound)).and(known().ne(-1))
        }
    }
}

fn compare(value: Expr, ordering: Ordering, bound: i64) -> Expr {
    match ordering {
        Ordering::Less => value.lt(bound),
        Ordering::LessOrEqual => value.lte(bound),
        Ordering::Greater => value.gt(bound),
        Ordering::GreaterOrEqual => value.gte(bound),
    }
}

fn component(name: &str, test: &VersionTest) -> Expr {
    let running = |inner: Option<Expr>| {
        let mut select = Query::select();
        select.column("agent").from("plugins").and_where(Expr::col("name").eq(name));
        if let Some(inner) = inner {
            select.and_where(inner);
        }
        select
    };
    let (id, key) = (Expr::col("id"), Expr::col("version_key"));
    match test {
        VersionTest::Membership(Membership::NotIn(list)) => {
            let some = VersionTest::Membership(Membership::In(list.clone()));
            id.not_in_subquery(running(Some(version(&some, &key))))
        }
        VersionTest::Membership(Membership::Exists) => id.in_subquery(running(None)),
        VersionTest::Membership(Membership::Missing) => id.not_in_subquery(running(None)),
        _ => id.in_subquery(running(Some(version(test, &key)))),
    }
}

/// An agent that was never seen has no age; its last heartbeat counts as infinitely long ago.
fn of_age(key: AgeKey, ordering: Ordering, age: Age, now_ms: i64) -> Expr {
    let at = match key {
        AgeKey::LastSeen => Expr::col("last_ms").if_null(0),
        AgeKey::FirstSeen => Expr::col("first_ms"),
    };
    let seconds = i64::try_from(age.seconds).unwrap_or(i64::MAX);
    let bound = now_ms.saturating_sub(seconds.saturating_mul(1_000));
    match ordering {
        Ordering::Less => at.gt(bound),
        Ordering::LessOrEqual => at.gte(bound),
        Ordering::Greater => at.lt(bound),
        Ordering::GreaterOrEqual => at.lte(bound),
    }
}
