// release.json: what `cargo xtask` writes beside the page when it is built.

export interface Revision {
  revision: string;
  message: string;
  /** The parents: none for a base, two or more for a merge. */
  revises: string[];
  /** Applied before, without being parents. */
  dependsOn: string[];
  branchLabels: string[];
  /** ISO 8601, or empty. */
  createDate: string;
}

export interface Release {
  commit: string | null;
  /** ISO 8601. */
  builtAt: string;
  environment: string;
  /** The revisions that nothing follows: what the database has to be at. */
  heads: string[];
  /** Newest first: a revision comes before everything it follows or depends on. */
  revisions: Revision[];
}

/** Says where a value is not what it should be. */
export class ReleaseError extends Error {}

/** Fetches and checks release.json. Never from a cache: it is how a stale page is found out. */
export async function fetchRelease(url: string, signal?: AbortSignal): Promise<Release> {
  const response = await fetch(url, { cache: 'no-store', ...(signal ? { signal } : {}) });
  if (!response.ok) throw new ReleaseError(`${url}: ${response.status} ${response.statusText}`.trim());
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A server that answers every address with the page does so here too.
    throw new ReleaseError(`${url} is not JSON`);
  }
  return parseRelease(value);
}

/** Checks that a value is a release. */
export function parseRelease(value: unknown): Release {
  const release = object(value, 'release.json');
  const revisions = list(release['revisions'], 'revisions').map((item, index) => {
    const at = `revisions[${index}]`;
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
  for (const id of [...heads, ...revisions.flatMap((revision) => [...revision.revises, ...revision.dependsOn])]) {
    if (!known.has(id)) throw new ReleaseError(`there is no revision ${id}`);
  }
  return {
    commit: release['commit'] === null ? null : string(release['commit'], 'commit'),
    builtAt: string(release['built_at'], 'built_at'),
    environment: string(release['environment'], 'environment'),
    heads,
    revisions,
  };
}

function object(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ReleaseError(`${at} is no object`);
  return value as Record<string, unknown>;
}

function list(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw new ReleaseError(`${at} is no list`);
  return value;
}

function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new ReleaseError(`${at} is no text`);
  return value;
}

function strings(value: unknown, at: string): string[] {
  return list(value, at).map((item, index) => string(item, `${at}[${index}]`));
}
