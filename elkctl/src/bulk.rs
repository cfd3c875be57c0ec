//! Changes to many agents: a fixed set first, then the question, then the change.

use std::path::PathBuf;

use elk_api::Nothing;
use elk_api::agents::{Aggregate, AggregateQuery};
use elk_api::selections::{self, NewSelection, Selection};
use elk_desk::{Action, Decision, Exit, Expect, Failure, Manner, Tier, decide};

use crate::session::{Session, Target};

/// Which agents a change is for.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Targets {
    /// Agents, by id, unique prefix or host=NAME; `-` reads them from standard input
    #[arg(value_name = "AGENT")]
    ids: Vec<String>,
    /// Agents that match, such as tag=prod,status=running
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// Agents listed in this file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// All agents
    #[arg(long)]
    all_agents: bool,
    /// Stop unless so many agents are meant: N, A..B, '<=N' or '<=P%'
    #[arg(long, value_name = "COUNT")]
    expect: Option<Expect>,
}

/// What is done to the agents.
pub(crate) struct Change {
    /// As in `this restarts 5 agents`.
    pub(crate) verb: &'static str,
    pub(crate) floor: Tier,
    /// Up to so many agents nothing more is asked.
    pub(crate) free_agents: u64,
}

/// Takes the noun from `agent/ID`.
pub(crate) fn bare(id: &str) -> &str {
    id.strip_prefix("agent/").unwrap_or(id)
}

impl Targets {
    fn selection(&self) -> Result<NewSelection, Failure> {
        let usage = |text: &str| Failure::new(Exit::Usage, text).code("no_target");
        let ways =
            [!self.ids.is_empty(), self.selector.is_some(), self.from.is_some(), self.all_agents];
        match ways.iter().filter(|way| **way).count() {
            1 => {}
            0 => return Err(usage("name agents by id, with -l, --from or --all-agents")),
            _ => return Err(usage("use only one of ids, -l, --from and --all-agents")),
        }
        let text =
            match &self.from {
                Some(path) if path.as_os_str() == "-" => Some(crate::ui::stdin()?),
                Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
                    usage(&format!("{} cannot be read: {error}", path.display()))
                })?),
                None if self.ids == ["-"] => Some(crate::ui::stdin()?),
                None => None,
            };
        let ids: Vec<String> = match &text {
            Some(text) => {
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.map(|line| bare(line).to_owned()).collect()
            }
            None => self.ids.iter().map(|id| bare(id).to_owned()).collect(),
        };
        let by_id = self.from.is_some() || !self.ids.is_empty();
        if by_id && ids.is_empty() {
            return Err(usage("the list of agents is empty"));
        }
        let ids = by_id.then_some(ids);
        Ok(NewSelection { selector: self.selector.clone(), ids, all: self.all_agents })
    }

    /// Fixes the set and asks for confirmation; `None` if no agent is in it.
    pub(crate) fn confirmed(
        &self,
        session: &Session<'_>,
        change: &Change,
    ) -> Result<Option<Selection>, Failure> {
        let target = session.writable()?;
        let wanted = self.selection()?;
        let selection = session.call::<selections::Create>(&[], &Nothing {}, &wanted)?;
        if let Some(expect) = self.expect {
            check(session, expect, selection.count)?;
        }
        if selection.count == 0 {
            session.ui.note("No agents match.");
            return Ok(None);
        }
        let action = Action {
            floor: change.floor,
            agents: Some(selection.count),
            free_agents: change.free_agents,
            object: "",
            all_agents: self.all_agents,
        };
        confirm(session, &target, &action, &described(change.verb, &selection))?;
        Ok(Some(selection))
    }
}

fn check(session: &Session<'_>, expect: Expect, count: u64) -> Result<(), Failure> {
    let total = match expect {
        Expect::AtMostPercent(_) => {
            let all = AggregateQuery::default();
            session.call::<Aggregate>(&[], &all, &Nothing {})?.total
        }
        _ => count,
    };
    if expect.holds(count, total) {
        return Ok(());
    }
    let message = format!("{count} agents are meant, which is not the expected {expect}");
    Err(Failure::new(Exit::Conflict, message).code("not_as_expected"))
}

fn described(verb: &str, selection: &Selection) -> String {
    let parts = selection.by_status.iter().filter(|(_, count)| **count > 0);
    let parts: Vec<_> =
        parts.map(|(status, count)| format!("{count} {}", status.as_str())).collect();
    let agents = if selection.count == 1 { "agent" } else { "agents" };
    format!("This {verb} {} {agents} ({})", selection.count, parts.join(", "))
}

/// Asks about a change as its tier demands.
pub(crate) fn confirm(
    session: &Session<'_>,
    target: &Target,
    action: &Action<'_>,
    described: &str,
) -> Result<(), Failure> {
    let manner = Manner {
        protected: target.context.as_ref().is_some_and(|context| context.protected),
        threshold: session.config.settings.confirm_threshold(),
        interactive: session.ui.is_interactive(),
        yes: session.globals.yes,
        confirm: session.globals.confirm.as_deref(),
    };
    let context = target.context.as_ref();
    let place = context.and_then(|context| context.banner.clone());
    let place = place.or_else(|| target.name.clone()).unwrap_or_else(|| target.url.clone());
    let told = format!("{described} in {}.", elk_desk::sanitize(&place));
    if session.globals.dry_run {
        let more = match decide(action, &manner) {
            Decision::Refuse { hint } => format!(" It needs a confirmation: {hint}"),
            _ => String::new(),
        };
        if session.format.is_human() {
            session.ui.note(&format!("{told}{more}"));
        }
        return Ok(());
    }
    let declined = || Failure::new(Exit::Declined, "declined; nothing was changed");
    match decide(action, &manner) {
        Decision::Run => Ok(()),
        Decision::Ask => {
            let answer = crate::ui::ask(&format!("{told}\nContinue? [y/N]"))?;
            if crate::ui::is_yes(&answer) { Ok(()) } else { Err(declined()) }
        }
        Decision::AskTyped { token } => {
            let answer = crate::ui::ask(&format!("{told}\nType {token} to continue:"))?;
            if answer == token { Ok(()) } else { Err(declined()) }
        }
        Decision::Refuse { hint } => {
            let message = format!("{told} It needs a confirmation");
            Err(Failure::new(Exit::Usage, message).code("confirmation_needed").hint(hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_may_carry_their_noun() {
        assert_eq!(bare("agent/a1"), "a1");
        assert_eq!(bare("host=web"), "host=web");
    }
}
