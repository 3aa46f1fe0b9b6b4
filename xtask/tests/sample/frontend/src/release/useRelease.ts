import { useEffect, useState } from 'react';
import { type Release, fetchRelease } from './release';

export type ReleaseState = { kind: 'loading' } | { kind: 'failed'; reason: string } | { kind: 'ready'; release: Release };

/** Reads release.json once. */
export function useRelease(): ReleaseState {
  const [state, setState] = useState<ReleaseState>({ kind: 'loading' });
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
  return state;
}
