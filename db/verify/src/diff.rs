//! `db diff`: what takes one schema to another, and back. Both are made on scratch databases, and what is planned is proven there
//! before it is printed.

mod drawing;
#[path = "../../../xtask/src/db/exchange.rs"]
mod exchange;
mod linted;
mod load;
mod managed;
mod named;
mod plan;
mod proof;
mod rehearse;
mod rename;
mod sides;
mod state;
mod written;

use std::path::Path;

use anyhow::{Context, Result};
use revision::Revisions;
use serde_json::to_value;

use crate::at_heads::Place;
use crate::difference::changed_object;
use crate::finding::{complaint, counted, json_line, message};
use crate::server::Server;
pub(crate) use drawing::draw;
use exchange::{Answer, Purpose, Request, Step};
use plan::{Planned, Unplanned};
use sides::{Sides, revisions_for};
use state::State;

/// Answers the request on standard input, as JSON. Returns whether there is an answer.
pub(crate) fn run(directory: &Path, place: &Place<'_>) -> Result<bool> {
    let request: Request = serde_json::from_reader(std::io::stdin().lock()).context("standard input")?;
    let revisions = revisions_for(&[&request.from, &request.to], directory)?;
    let mut server = Server::start(place.choice, place.target, place.major)?;
    message(&format!("using {}", server.description));
    let mut sides = Sides::new(&server, &revisions, directory)?;
    let answer = answer(&request, &mut sides, &revisions, place.major);
    sides.leftovers().clean(&mut server)?;
    match answer? {
        Some(answer) => json_line(&to_value(answer)?),
        None => return Ok(false),
    }
    Ok(true)
}

/// The answer; none if the difference can't be planned or proven, which has been reported.
fn answer(request: &Request, sides: &mut Sides<'_>, revisions: &Revisions, major: u32) -> Result<Option<Answer>> {
    let (old, new) = sides.make(request)?;
    let (mut old, mut new) = (State::new(old), State::new(new));
    if let Purpose::Write { .. } = request.purpose {
        sides.refuse_shared_changes()?;
    }
    let planned = plan::plan(request, &mut old, &mut new, &sides.judge());
    let (mut steps, likely) = match planned? {
        Planned::Equal => return Ok(Some(Answer::default())),
        Planned::Steps { steps, likely } => (steps, likely),
        Planned::Not(Unplanned { reason, lines }) => {
            complaint(&reason, &lines);
            if !matches!(request.purpose, Purpose::Drift) {
                return Ok(None);
            }
            let objects = old.schema()?.differences(new.schema()?);
            return Ok(Some(Answer { objects: objects.iter().map(changed_object).collect(), ..Answer::default() }));
        }
    };
    let Purpose::Write { parents } = &request.purpose else {
        return Ok(Some(Answer { steps, likely, ..Answer::default() }));
    };
    let all = written::with_steps(revisions, &steps, parents)?;
    if let Some(lines) = written::unproven(&all, steps.len(), &mut old, &mut new, &sides.judge())? {
        complaint("the revisions are not proven", &lines);
        return Ok(None);
    }
    let places = written::places(&all, &steps)?;
    linted::allow(&mut steps, &all, &places, major)?;
    let steps = rehearse::annotated(steps, &all, &places, old.unchanged())?;
    report(&steps);
    Ok(Some(Answer { steps, likely, ..Answer::default() }))
}

/// Reports what has been proven.
fn report(steps: &[Step]) {
    let statements: usize = steps.iter().map(|step| step.upgrade.len() + step.downgrade.len()).sum();
    let (revisions, statements) = (counted(steps.len(), "revision"), counted(statements, "statement"));
    message(&format!("proven in both directions, and rehearsed on generated rows: {revisions}, {statements}"));
}
