// Errors that are reported to the client, in the format of RFC 9457. Nothing else about an error leaves the function.

/** A request that was not served, and why. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** The last part of the problem's type, `/problems/…`. */
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    /** Further members of the problem. */
    readonly extensions: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(title, options);
  }

  body(): Record<string, unknown> {
    const { title, status, detail } = this;
    return { type: `/problems/${this.type}`, title, status, detail, ...this.extensions };
  }
}

/** Seconds after which a client may try again: a paused Aurora takes about this long to resume. */
const RETRY_AFTER = '15';

export const unavailable = (cause: unknown) =>
  new Problem(
    503,
    'database-unavailable',
    'The database is not available',
    'The database did not answer in time. It may be starting: try again in a moment.',
    {},
    { 'retry-after': RETRY_AFTER },
    { cause },
  );

export const internal = (cause: unknown) =>
  new Problem(500, 'internal-error', 'Internal error', 'The request could not be served.', {}, {}, { cause });

/** Where an input is invalid (names joined with dots; empty for the whole) and why. */
export interface InvalidInput {
  readonly path: string;
  readonly message: string;
}

export const invalid = (errors: readonly InvalidInput[]) =>
  new Problem(
    422,
    'invalid-input',
    'The input is invalid',
    errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    { errors },
  );
