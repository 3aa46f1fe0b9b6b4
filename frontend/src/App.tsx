import { useEffect, useState } from 'react';
import { ReleaseFacts } from './ReleaseFacts';
import { RevisionGraph } from './RevisionGraph';
import { type Release, fetchRelease } from './release';

type State = { kind: 'loading' } | { kind: 'failed'; reason: string } | { kind: 'ready'; release: Release };

/** The page: the release and the schema it was released with. */
export function App() {
  const [state, setState] = useState<State>({ kind: 'loading' });
  useEffect(() => {
    const gone = new AbortController();
    fetchRelease('release.json', gone.signal).then(
      (release) => setState({ kind: 'ready', release }),
      (error: unknown) => {
        if (!gone.signal.aborted) setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => gone.abort();
  }, []);
  return <Page state={state} />;
}

/** The page in each state. */
export function Page({ state }: { state: State }) {
  return (
    <>
      <header>
        <h1>Release</h1>
        <p>The commit of this front end and the database schema it was released with.</p>
      </header>
      <main aria-busy={state.kind === 'loading'}>
        {state.kind === 'loading' && <p role="status">Loading release.json …</p>}
        {state.kind === 'failed' && (
          <div role="alert" className="alert">
            <h2>No release information</h2>
            <p>{state.reason}</p>
            <p>
              This page reads <code>release.json</code>, which <code>cargo xtask publish</code> and{' '}
              <code>cargo xtask dev</code> write.
            </p>
          </div>
        )}
        {state.kind === 'ready' && (
          <>
            <ReleaseFacts release={state.release} />
            <h2>
              Schema <span className="muted">{count(state.release.revisions.length)}, newest first</span>
            </h2>
            {state.release.revisions.length === 0 ? (
              <p>No revisions yet.</p>
            ) : (
              <RevisionGraph release={state.release} />
            )}
          </>
        )}
      </main>
    </>
  );
}

function count(revisions: number): string {
  return revisions === 1 ? '1 revision' : `${revisions} revisions`;
}
