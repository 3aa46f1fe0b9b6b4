//! Sends the statements of a revision in its transaction: as one message, or as several if they are many.
//!
//! A message holds entire statements. The server parses a message before it runs the first statement of it, which takes
//! about twelve times the memory of the message.

use revision::{Excerpt, Place, Statement};

use crate::observer::{Observer, Scope, lend};
use crate::revision_run::{Cause, Failure, RevisionRun, position};
use crate::send::send;
use crate::session::Session;

/// The length of a message in bytes, without the bookkeeping. A longer statement is sent by itself.
const LENGTH: usize = 1024 * 1024;

/// Which statements are sent by themselves, apart from those with COPY data and long ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Singly {
    /// None: the fewest messages.
    None,
    /// Those of the message with this number and all later ones. Messages are counted from 0 as if no statement were
    /// sent by itself.
    From(usize),
}

/// Where sending stopped.
pub(crate) struct Stop {
    pub(crate) failure: Failure,
    /// The number of the message, from 0.
    pub(crate) message: usize,
    /// The beginnings of its first statements, two at most.
    pub(crate) statements: Vec<Excerpt>,
}

/// The messages of a revision.
pub(crate) struct Messages<'s, 'r> {
    session: &'s mut Session,
    run: &'s RevisionRun<'r>,
    singly: Singly,
    /// The message to send next.
    text: String,
    /// Where each of its statements begins in it, and in the file.
    starts: Vec<(usize, Place)>,
    /// How many messages were sent.
    sent: usize,
}

impl<'s, 'r> Messages<'s, 'r> {
    /// The messages of a revision, of which the first begins with `begin`.
    pub(crate) fn new(session: &'s mut Session, run: &'s RevisionRun<'r>, begin: &str, singly: Singly) -> Self {
        Self { session, run, singly, text: begin.to_owned(), starts: Vec::new(), sent: 0 }
    }

    /// Sends the revision, up to and including its COMMIT.
    pub(crate) fn send(mut self, observer: Option<&mut dyn Observer>) -> Result<(), Box<Stop>> {
        let sent = self.send_statements(observer).and_then(|()| self.finish());
        let beginning = |&(start, place): &(usize, Place)| place.excerpt(&self.text[start..], 0);
        sent.map_err(|failure| {
            let statements = self.starts.iter().take(2).map(beginning).collect();
            Box::new(Stop { failure, message: self.sent, statements })
        })
    }

    fn send_statements(&mut self, mut observer: Option<&mut dyn Observer>) -> Result<(), Failure> {
        if let Some(observer) = lend(&mut observer) {
            self.flush()?;
            let observed = observer.begin(&mut self.session.connection, Scope::Transaction);
            observed.map_err(|error| Failure::between(Cause::Observer(error)))?;
        }
        for statement in self.run.statements() {
            let statement = statement.map_err(Failure::between)?;
            if self.is_single(&statement) {
                self.flush()?;
                self.send_single(&statement, lend(&mut observer))?;
            } else {
                self.add(&statement)?;
            }
        }
        Ok(())
    }

    fn is_single(&self, statement: &Statement) -> bool {
        let is_long = statement.length() > LENGTH as u64;
        let message = self.sent + usize::from(self.is_full_for(statement));
        is_long || statement.copy.is_some() || matches!(self.singly, Singly::From(first) if message >= first)
    }

    fn is_full_for(&self, statement: &Statement) -> bool {
        !self.starts.is_empty() && self.text.len() as u64 + statement.length() > LENGTH as u64
    }

    fn send_single(&mut self, statement: &Statement, observer: Option<&mut dyn Observer>) -> Result<(), Failure> {
        self.check_interrupted()?;
        self.session.is_suspect = true;
        send(&mut self.session.connection, self.run.script(), statement, None, observer)?;
        self.sent += 1;
        Ok(())
    }

    /// Adds a statement to the message. If it does not fit, sends the message first.
    fn add(&mut self, statement: &Statement) -> Result<(), Failure> {
        if self.is_full_for(statement) {
            self.flush()?;
        }
        let text = self.run.script().text(statement).map_err(Failure::between)?;
        self.starts.push((self.text.len(), statement.place));
        self.text.push_str(&text);
        self.text.push_str(statement.terminator());
        Ok(())
    }

    /// Sends the bookkeeping and the COMMIT with the last statements.
    fn finish(&mut self) -> Result<(), Failure> {
        let end = self.text.len();
        let tables = &self.session.tables;
        let bookkeeping = match self.singly {
            Singly::None if self.sent == 0 && self.session.is_prepared => self.run.bookkeeping_prepared(tables),
            Singly::None if self.sent == 0 => self.run.bookkeeping(tables, "now()"),
            _ => self.run.bookkeeping_checked(tables, "now()"),
        };
        self.text.push_str(&bookkeeping.map_err(Failure::between)?);
        self.text.push_str(self.session.begin_and_commit().1);
        self.send_message(end)
    }

    fn flush(&mut self) -> Result<(), Failure> {
        if self.text.is_empty() { Ok(()) } else { self.send_message(self.text.len()) }
    }

    /// Sends the message, whose statements end at `end`.
    fn send_message(&mut self, end: usize) -> Result<(), Failure> {
        self.check_interrupted()?;
        let sent = self.session.connection.send(&self.text);
        self.session.is_suspect = true;
        sent.map_err(|error| {
            let at = position(&error, &self.text).and_then(|byte| self.excerpt(byte, end)).map(Box::new);
            Failure { cause: error.into(), at }
        })?;
        self.text.clear();
        self.starts.clear();
        self.sent += 1;
        Ok(())
    }

    /// Locates a byte of the message in the file, if it is in a statement.
    fn excerpt(&self, byte: usize, end: usize) -> Option<Excerpt> {
        let index = self.starts.iter().rposition(|&(start, _)| start <= byte).filter(|_| byte < end)?;
        let (start, place) = self.starts[index];
        let end = self.starts.get(index + 1).map_or(end, |&(next, _)| next);
        Some(place.excerpt(&self.text[start..end], byte - start))
    }

    fn check_interrupted(&self) -> Result<(), Failure> {
        if self.session.is_interrupted() { Err(Failure::between(Cause::Interrupted)) } else { Ok(()) }
    }
}
