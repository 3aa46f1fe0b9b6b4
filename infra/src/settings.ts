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
  /** What leaves the private subnets: through one NAT gateway, or only to AWS, through endpoints. */
  readonly nat: 'gateway' | 'none';
  /** Aurora capacity units; with 0 the database pauses when nobody asks it anything. */
  readonly minimum_acu: number;
  readonly maximum_acu: number;
  /** Days that backups are kept. */
  readonly backup_days: number;
  /** Days after which the database's password is changed; with 0 never. */
  readonly rotation_days: number;
  /** Whether somebody has to approve between verification and database. */
  readonly approval: boolean;
  /** Whether `expand@heads` is applied before the page is published and `contract@heads` after it. */
  readonly expand_contract: boolean;
  /** Whether an IAM user's keys publish, from a secret that somebody fills, instead of the build's role. */
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

/** A setting that AWS would refuse, or that makes no sense with another: said without a stack trace. */
export class SettingsError extends Error {
  constructor(settings: Settings, key: keyof Settings, message: string) {
    super(`xtask.toml, [infra.environments.${settings.environment}], ${key} = ${JSON.stringify(settings[key])}: ${message}`);
  }
}

/** Looks at each setting before anything is made of it. The limits are those of the user guides of Amazon VPC, Aurora and Secrets Manager. */
export function check(settings: Settings): void {
  const refuse = (key: keyof Settings, message: string): never => {
    throw new SettingsError(settings, key, message);
  };
  const isCapacity = (units: number) => units >= 0 && units <= 256 && Number.isInteger(units * 2);
  if (!/^[a-z]{2,10}$/.test(settings.environment)) {
    refuse('environment', "Amplify's environments have 2 to 10 lower-case letters");
  }
  if (!/^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-4])$/.test(settings.vpc_cidr)) {
    refuse('vpc_cidr', 'four subnets of 64 addresses need /16 to /24');
  }
  if (!isCapacity(settings.minimum_acu)) {
    refuse('minimum_acu', '0 to 256, in halves');
  }
  if (!isCapacity(settings.maximum_acu) || settings.maximum_acu < 1 || settings.maximum_acu < settings.minimum_acu) {
    refuse('maximum_acu', '1 to 256, in halves, and not less than minimum_acu');
  }
  if (!Number.isInteger(settings.backup_days) || settings.backup_days < 1 || settings.backup_days > 35) {
    refuse('backup_days', '1 to 35');
  }
  if (!['gateway', 'none'].includes(settings.nat)) {
    refuse('nat', '"gateway" or "none"');
  }
  if (!Number.isInteger(settings.rotation_days) || settings.rotation_days < 0 || settings.rotation_days > 1000) {
    refuse('rotation_days', '1 to 1000, or 0 for never');
  }
  if (settings.connection && !/^[^/]+\/[^/]+$/.test(settings.repository ?? '')) {
    refuse('repository', 'with a `connection`, it is `owner/name`');
  }
  if (settings.repository && !settings.connection) {
    refuse('connection', 'with a `repository`, it is the ARN of a CodeConnections connection');
  }
}
