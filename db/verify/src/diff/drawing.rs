//! `db diagram`: draws a schema that is made on a scratch database.

use std::path::Path;

use anyhow::{Context, Result};
use diagram::{Format, Options};
use revision::{Directory, Revisions};

use super::exchange::Drawing;
use super::revisions_for;
use super::sides::Sides;
use crate::at_heads::Place;
use crate::finding::{message, script};
use crate::objects;
use crate::release_diagram;
use crate::scratch::ScratchDatabase;
use crate::server::Server;

/// Prints the drawing that standard input asks for, as JSON; or that of the release.
pub(crate) fn draw(directory: &Path, place: &Place<'_>, is_release: bool) -> Result<bool> {
    if is_release {
        return draw_release(directory, place);
    }
    let request: Drawing = serde_json::from_reader(std::io::stdin().lock()).context("standard input")?;
    let sides: Vec<_> = request.from.iter().chain([&request.to]).collect();
    let revisions = revisions_for(&sides, directory)?;
    let mut server = Server::start(place.choice, place.target, place.major)?;
    message(&format!("using {}", server.description));
    let mut sides = Sides::new(&server, &revisions, directory)?;
    let drawn = drawn(&request, &mut sides);
    sides.leftovers().clean(&mut server)?;
    script(drawn?.trim_end());
    Ok(true)
}

fn drawn(request: &Drawing, sides: &mut Sides<'_>) -> Result<String> {
    let old = match &request.from {
        Some(from) => Some(sides.side(from)?.snapshot()?.outline()),
        None => None,
    };
    let new = sides.side(&request.to)?.snapshot()?.outline();
    let options = Options {
        format: if request.is_mermaid { Format::Mermaid } else { Format::Svg },
        tables: request.tables.clone(),
        everything: request.everything,
        title: request.title.clone(),
    };
    Ok(diagram::draw(old.as_ref(), &new, &options)?)
}

fn draw_release(directory: &Path, place: &Place<'_>) -> Result<bool> {
    let revisions = Revisions::read(&Directory::new(directory))?;
    let files = objects::read(directory)?;
    let server = Server::start(place.choice, place.target, place.major)?;
    message(&format!("using {}", server.description));
    let mut scratch = ScratchDatabase::create(&server, &revisions)?;
    scratch.upgrade("heads")?;
    if !files.is_empty() {
        scratch.apply_objects(&files)??;
    }
    script(release_diagram::text(&server, &revisions, &mut scratch)?.trim_end());
    Ok(true)
}
