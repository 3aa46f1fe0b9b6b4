import { useSyncExternalStore } from 'react';

/** The view that the page shows. The route is in the hash, so that the page works at any path. */
export type Route = 'notes' | 'release';

/** The route of a hash. The anchors of the revisions, such as #19e7a6d3c05f, are on the page of the release. */
export function parseRoute(hash: string): Route {
  return hash === '#/release' || /^#[^/]/.test(hash) ? 'release' : 'notes';
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => parseRoute(window.location.hash));
}
