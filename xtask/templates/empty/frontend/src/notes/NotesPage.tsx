import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { type Note, addNote, fetchNotes } from '../api';

/** The notes, newest first, and a form that adds one. */
export function NotesPage() {
  const { notes, failure, load, add } = useNotes();
  return (
    <main aria-busy={notes === null && failure === null}>
      <h1 tabIndex={-1}>Notes</h1>
      <NewNote add={add} />
      {failure !== null && (
        <div role="alert" className="alert">
          <p>{failure}</p>
          <button type="button" className="button" onClick={load}>
            Try again
          </button>
        </div>
      )}
      {notes === null && failure === null && <p role="status">Loading the notes …</p>}
      {notes?.length === 0 && <p className="empty">There are no notes yet.</p>}
      {notes !== null && notes.length > 0 && (
        <ul className="notes">
          {notes.map((note) => (
            <li key={note.id}>
              {note.body} <time dateTime={note.createdAt.toISOString()}>{note.createdAt.toLocaleString()}</time>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}

function useNotes() {
  const [notes, setNotes] = useState<Note[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setFailure(null);
    fetchNotes(controller.signal).then(setNotes, (error: Error) => {
      if (!controller.signal.aborted) setFailure(error.message);
    });
    return () => controller.abort();
  }, [attempt]);
  const load = useCallback(() => setAttempt((count) => count + 1), []);
  const add = useCallback(async (body: string) => {
    const note = await addNote(body);
    setNotes((notes) => [note, ...(notes ?? [])]);
  }, []);
  return { notes, failure, load, add };
}

function NewNote({ add }: { add: (body: string) => Promise<void> }) {
  const [body, setBody] = useState('');
  const [isSending, setIsSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSending) return;
    setIsSending(true);
    try {
      await add(body);
      setBody('');
      setFailure(null);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setIsSending(false);
    }
  };
  return (
    <form className="new-note" onSubmit={submit}>
      <div className="field">
        <label htmlFor="body">New note</label>
        <input id="body" required maxLength={500} value={body} onChange={(event) => setBody(event.target.value)} />
        {failure !== null && (
          <p role="alert" className="field-error">
            {failure}
          </p>
        )}
      </div>
      <button type="submit" className="button primary" aria-disabled={isSending}>
        Add
      </button>
    </form>
  );
}
