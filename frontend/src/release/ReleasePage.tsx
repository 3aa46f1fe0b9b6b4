import { ReleaseFacts } from './ReleaseFacts';
import { RevisionGraph } from './RevisionGraph';
import { SchemaDiagram } from './SchemaDiagram';
import type { ReleaseState } from './useRelease';

/** The release and its schema, in each state of release.json. */
export function ReleasePage({ state }: { state: ReleaseState }) {
  return (
    <main className="release" aria-busy={state.kind === 'loading'}>
      <a className="back" href="#/">
        <span aria-hidden="true">← </span>Home
      </a>
      <h1 tabIndex={-1}>Release</h1>
      <p className="lead">The commit of this front end and the database schema it was released with.</p>
      {state.kind === 'loading' && <p role="status">Loading release.json …</p>}
      {state.kind === 'failed' && (
        <div role="alert" className="alert">
          <h2>No release information</h2>
          <p>{state.reason}</p>
          <p>
            This page reads <code>release.json</code>, which <code>cargo xtask publish</code> and <code>cargo xtask dev</code> write.
          </p>
        </div>
      )}
      {state.kind === 'ready' && (
        <>
          <ReleaseFacts release={state.release} />
          <h2>
            Schema <span className="muted">{count(state.release.revisions.length)}, newest first</span>
          </h2>
          {state.release.diagram !== null && <SchemaDiagram diagram={state.release.diagram} />}
          {state.release.revisions.length === 0 ? <p>No revisions yet.</p> : <RevisionGraph release={state.release} />}
        </>
      )}
    </main>
  );
}

function count(revisions: number): string {
  return revisions === 1 ? '1 revision' : `${revisions} revisions`;
}
