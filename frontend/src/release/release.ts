// release.json, which `cargo xtask` writes next to the page when it builds it.

import { StructureError, listOf, object, string, strings } from '../parse';

export interface Revision {
  revision: string;
  message: string;
  /** The parents: none for a base, two or more for a merge. */
  revises: string[];
  /** Revisions that must be applied first but are not parents. */
  dependsOn: string[];
  branchLabels: string[];
  /** ISO 8601, or empty. */
  createDate: string;
}

/** The drawing of the schema. */
export interface Diagram {
  /** Its name, next to the page. */
  file: string;
  title: string;
  /** A line for each table. */
  tables: string[];
}

export interface Release {
  commit: string | null;
  /** ISO 8601. */
  builtAt: string;
  environment: string;
  /** The revisions without successors, which the database must be at. */
  heads: string[];
  /** Newest first: a revision comes before its parents and dependencies. */
  revisions: Revision[];
  /** None if the team has not drawn its schema. */
  diagram: Diagram | null;
}

/** Fetches and checks release.json. Bypasses the cache, so that stale pages can be detected. */
export async function fetchRelease(url: string, signal?: AbortSignal): Promise<Release> {
  const response = await fetch(url, { cache: 'no-store', ...(signal ? { signal } : {}) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`.trim());
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A server with a catch-all route responds with the page.
    throw new StructureError(`${url} is not JSON`);
  }
  return parseRelease(value);
}

/** Checks that a value is a release. */
export function parseRelease(value: unknown): Release {
  const release = object(value, 'release.json');
  const revisions = listOf(release['revisions'], 'revisions', (item, at) => {
    const revision = object(item, at);
    return {
      revision: string(revision['revision'], `${at}.revision`),
      message: string(revision['message'], `${at}.message`),
      revises: strings(revision['revises'], `${at}.revises`),
      dependsOn: strings(revision['depends_on'], `${at}.depends_on`),
      branchLabels: strings(revision['branch_labels'], `${at}.branch_labels`),
      createDate: string(revision['create_date'], `${at}.create_date`),
    };
  });
  const known = new Set(revisions.map((revision) => revision.revision));
  const heads = strings(release['heads'], 'heads');
  // A head may be missing: after a rollback of the page, the database is at a newer release.
  for (const id of revisions.flatMap((revision) => [...revision.revises, ...revision.dependsOn])) {
    if (!known.has(id)) throw new StructureError(`unknown revision ${id}`);
  }
  return {
    commit: release['commit'] === null ? null : string(release['commit'], 'commit'),
    builtAt: string(release['built_at'], 'built_at'),
    environment: string(release['environment'], 'environment'),
    heads,
    revisions,
    diagram: parseDiagram(release['diagram']),
  };
}

function parseDiagram(value: unknown): Diagram | null {
  if (value === null || value === undefined) return null;
  const diagram = object(value, 'diagram');
  return {
    file: string(diagram['file'], 'diagram.file'),
    title: string(diagram['title'], 'diagram.title'),
    tables: strings(diagram['tables'], 'diagram.tables'),
  };
}
