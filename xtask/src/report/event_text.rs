//! The engine's events as text.

use connection::ConnectEvent;
use migrate::Event;

/// The text of an event; `None` for progress.
pub(super) fn event_text(event: &Event) -> Option<String> {
    Some(match event {
        Event::Connection(ConnectEvent::Waiting { reason, remaining }) => {
            format!("waiting for the server ({reason}), {} s left", remaining.as_secs())
        }
        Event::Connection(ConnectEvent::Notice(notice)) => {
            let more = |name: &str, text: &Option<String>| text.as_ref().map(|text| format!("\n  {name}: {text}"));
            let detail = more("detail", &notice.detail).unwrap_or_default();
            let hint = more("hint", &notice.hint).unwrap_or_default();
            format!("{}: {}{detail}{hint}", notice.severity, notice.message)
        }
        Event::WaitingForLock { holder, remaining } => format!(
            "waiting for another migration ({}), {} s left",
            holder.as_deref().unwrap_or("a session that this role cannot see"),
            remaining.as_secs()
        ),
        Event::Blocked { blocker } => format!("  waiting for a lock held by {blocker}"),
        Event::Retrying { revision, reason, blocker, attempt, pause } => {
            let blocker = blocker.as_ref().map(|blocker| format!(", held by {blocker}")).unwrap_or_default();
            let (next, pause) = (attempt + 1, pause.as_secs_f64());
            format!("`{revision}`: {reason}{blocker}; rolled back, attempt {next} in {pause:.1} s")
        }
        Event::Locating { revision } => {
            format!("`{revision}` failed; running it statement by statement to find the failing statement")
        }
        Event::DroppedInvalidIndex { index } => {
            format!("  dropped the invalid index {index} left by the previous run")
        }
        Event::LeftInvalidIndex { index, reason } => {
            format!("  the previous run left the invalid index {index}, which this role can't drop: {reason}")
        }
        Event::DroppingObjects { revision, objects } => format!(
            "`{revision}` changes what these depend on, so they are dropped first and created again after the revisions: {}",
            objects.join(", ")
        ),
        Event::ObjectsApplied { names, .. } => format!("Applying objects {}", some(names)),
        Event::ObjectDropped { name, object } => {
            format!("  dropped {object}, which `{name}` no longer creates")
        }
        Event::ObjectLeftOut { name, reason } => {
            format!("`{name}` does not load on these revisions and remains to be applied: {reason}")
        }
        Event::ObjectFileRemoved { name, objects } => {
            format!(
                "`{name}` is no longer in `objects`, but its objects remain until a revision drops them: {}",
                objects.join(", ")
            )
        }
        Event::Finishing { statement } => format!("  finishing it with: {statement}"),
        _ => return None,
    })
}

/// The first names of a list.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
