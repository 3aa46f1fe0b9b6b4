import { useMemo, useSyncExternalStore } from 'react';
import { isoDay, parseDay } from './calendar/dates';

/** The view that the page shows. The route is in the hash, so that the page works at any path. */
export type Route = { view: 'calendar'; day: string | null } | { view: 'release' };

/** The route of a hash. A calendar without a day shows today. */
export function parseRoute(hash: string): Route {
  const week = /^#\/week\/([^/]+)$/.exec(hash)?.[1];
  if (week !== undefined && parseDay(week) !== null) return { view: 'calendar', day: week };
  // The anchors of the revisions, such as #19e7a6d3c05f, are on the page of the release.
  if (hash === '#/release' || /^#[^/]/.test(hash)) return { view: 'release' };
  return { view: 'calendar', day: null };
}

/** The address of the week that contains this day. */
export function weekAddress(day: Date): string {
  return `#/week/${isoDay(day)}`;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}
