/** What `xtask.toml` says of one environment, checked and with its defaults, as `cargo xtask infra` hands it on. */
export interface Settings {
  /** What every name begins with: the name of the Amplify project. */
  readonly project: string;
  /** What the name of the hosting bucket begins with (`bucketName` of amplify/). */
  readonly hosting_bucket: string;
  /** The environment, as Amplify takes it: 2 to 10 lower-case letters. */
  readonly environment: string;
  /** The major version of PostgreSQL. */
  readonly postgres_major: number;
  /** The branch that is released. */
  readonly branch: string;
  /** The ARN of a CodeConnections connection; without one the stack has a CodeCommit repository. */
  readonly connection: string | null;
  /** With a connection: `owner/name`. */
  readonly repository: string | null;
  /** At least 256 addresses. */
  readonly vpc_cidr: string;
  /** Aurora capacity units; with 0 the database pauses when nobody asks it anything. */
  readonly minimum_acu: number;
  readonly maximum_acu: number;
  /** Days that backups are kept. */
  readonly backup_days: number;
  /** Whether somebody has to approve between verification and database. */
  readonly approval: boolean;
  /** Whether `expand@heads` is applied before the page is published and `contract@heads` after it. */
  readonly expand_contract: boolean;
  /** Whether an IAM user's keys publish, from two secrets, instead of the build's role. */
  readonly user_keys: boolean;
  /** Who gets a mail when the pipeline fails. */
  readonly notify: string | null;
}

/** The settings in the environment of this process. */
export function settings(): Settings {
  const text = process.env['INFRA_SETTINGS'];
  if (!text) {
    throw new Error('INFRA_SETTINGS is not set: `cargo xtask infra` runs this');
  }
  return JSON.parse(text) as Settings;
}

/** Whether the data may go with the stack. */
export function isDisposable(settings: Settings): boolean {
  return settings.environment === 'dev';
}
