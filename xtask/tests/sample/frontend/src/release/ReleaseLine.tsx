import { minute } from './time';
import type { ReleaseState } from './useRelease';

/** The release in one line, for the footer, and a link to its page. */
export function ReleaseLine({ state }: { state: ReleaseState }) {
  return (
    <p className="release-line">
      {state.kind === 'failed' && <span>No release information</span>}
      {state.kind === 'ready' && (
        <>
          <span>{state.release.environment}</span>
          <span>
            commit <code>{state.release.commit?.slice(0, 12) ?? 'unknown'}</code>
          </span>
          <span>
            schema <code>{state.release.heads.join(' ') || 'empty'}</code>
          </span>
          <span>
            built <time dateTime={state.release.builtAt}>{minute(state.release.builtAt)}</time>
          </span>
        </>
      )}
      <a href="#/release">About this release</a>
    </p>
  );
}
