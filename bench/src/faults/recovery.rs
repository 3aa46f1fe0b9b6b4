//! What a run after a fault makes of the database, in words.

/// The results of a rerun that fails, succeeds with the wrong result, or hangs.
pub(super) const STUCK: &str = "cannot recover";
pub(super) const WRONG: &str = "wrong result: ";
pub(super) const HANGS: &str = "still running";

/// The outcome of the run after a fault.
pub(super) enum Recovery {
    Complete,
    Stuck(String),
    Wrong(String),
}

/// The recoveries after a fault that was injected several times, for a cell of the table.
pub(super) fn summary(recoveries: &[Recovery]) -> String {
    let (mut complete, mut stuck, mut wrong, mut why, mut what) = (0, 0, 0, "", "");
    for recovery in recoveries {
        match recovery {
            Recovery::Complete => complete += 1,
            Recovery::Stuck(error_line) => (stuck, why) = (stuck + 1, error_line),
            Recovery::Wrong(line) => (wrong, what) = (wrong + 1, line),
        }
    }
    let of = recoveries.len();
    let mut parts = Vec::new();
    let number = |count: usize| if of == 1 { String::new() } else { format!("{count} of {of} ") };
    if complete > 0 {
        parts.push(if of == 1 {
            "recovers, nothing lost".to_owned()
        } else {
            format!("{}recover, nothing lost", number(complete))
        });
    }
    if stuck > 0 {
        parts.push(format!("{}{STUCK}: {why}", number(stuck)));
    }
    if wrong > 0 {
        parts.push(format!("{}{WRONG}{what}", number(wrong)));
    }
    parts.join("; ")
}
