/** An environment that this one passes artifacts on to, or receives them from. */
export interface Place {
  readonly environment: string;
  /** The account that it is in; `null` if it is in that of this environment. */
  readonly account: string | null;
  readonly region: string | null;
}

/** The bucket that the pipeline of an environment reads promoted artifacts from: unique among all accounts and regions. */
export function promotedBucket(project: string, environment: string, { account, region }: { account: string; region: string }): string {
  return `${project}-${environment}-src-${account}-${region}`;
}

/** The settings of one environment from `xtask.toml`, checked and with defaults, as passed on by `cargo xtask infra`. */
export interface Settings {
  /** The prefix of all names: the name of the Amplify project. */
  readonly project: string;
  /** The prefix of the hosting bucket's name (`bucketName` in amplify/). */
  readonly hosting_bucket: string;
  /** The generation of Amplify that the project in amplify/ is written for. */
  readonly generation: 1 | 2;
  /** The service that serves the page of a Gen 2 project. */
  readonly hosting: 'amplify' | 'cloudfront';
  /** The name of the environment: 2 to 10 lower-case letters, as Amplify requires. */
  readonly environment: string;
  /** The major version of PostgreSQL. */
  readonly postgres_major: number;
  /** The branch to release. */
  readonly branch: string;
  /** Where the stack is deployed, with account and region if the template is to name them. */
  readonly here: Place;
  /** The environment whose verified artifact is released, in place of a branch. */
  readonly promoted_from: Place | null;
  /** The environments that release the artifacts of this one. */
  readonly promotes_to: readonly Place[];
  /** The ARN of a CodeConnections connection; without one, the stack creates a CodeCommit repository. */
  readonly connection: string | null;
  /** `owner/name`, if there is a connection. */
  readonly repository: string | null;
  /** At least 256 addresses. */
  readonly vpc_cidr: string;
  /** Outbound access of the private subnets: through one NAT gateway, or only to AWS, through VPC endpoints. */
  readonly nat: 'gateway' | 'none';
  /** Aurora capacity units; with 0, the database pauses when it is idle. */
  readonly minimum_acu: number;
  readonly maximum_acu: number;
  /** Whether functions connect through RDS Proxy. */
  readonly proxy: boolean;
  /** The database user of the functions. */
  readonly database_user: string;
  /** What people may do in the database, with `--env` of `cargo xtask db`: `write` includes `read`. */
  readonly database_access: 'off' | 'read' | 'write';
  /** The database user of people who only read. */
  readonly database_reader: string;
  /** Whether branches may have previews (`cargo xtask preview`). */
  readonly previews: boolean;
  /** Actions that roles of the backend may be granted, in addition to those that every backend needs. */
  readonly backend_actions: readonly string[];
  /** Days to keep backups. */
  readonly backup_days: number;
  /** Days between rotations of the database password; 0 disables rotation. */
  readonly rotation_days: number;
  /** Whether manual approval is required between verification and migration. */
  readonly approval: boolean;
  /** Whether `expand@heads` is applied before the page is published and `contract@heads` after it. */
  readonly expand_contract: boolean;
  /** Whether manual approval is required between the publication and `contract@heads`. */
  readonly contract_approval: boolean;
  /** Minutes between the publication and `contract@heads`, for users to leave the previous page. */
  readonly contract_wait_minutes: number;
  /** Whether to publish with an IAM user's keys, from a secret that is filled by hand, instead of the build's role. */
  readonly user_keys: boolean;
  /** The email address to notify when the pipeline fails. */
  readonly notify: string | null;
  /** Whether the notifications are encrypted with a key of this account. */
  readonly encrypt_notifications: boolean;
  /** Minutes after which a migration that is still running raises an alarm. */
  readonly migration_minutes: number;
  /** Instances in addition to the writer, which take over from it in seconds. */
  readonly readers: number;
  /** Seconds between measurements of the database's operating system (enhanced monitoring); 0 disables them. */
  readonly monitoring_seconds: number;
  /** Whether RDS keeps seven days of the load by statement (Performance Insights). */
  readonly performance_insights: boolean;
  /** Whether the pipeline's bucket keeps previous versions of artifacts. */
  readonly versioned_artifacts: boolean;
  /** Whether the CodeCommit repository is not the stack's own: an earlier stack has left it behind. */
  readonly existing_repository: boolean;
  /** Whether the stack does not exist yet. */
  readonly first_deployment: boolean;
}

/** Reads the settings from the environment of this process. */
export function settings(): Settings {
  const text = process.env['INFRA_SETTINGS'];
  if (!text) {
    throw new Error('INFRA_SETTINGS is not set: run this with `cargo xtask infra`');
  }
  return JSON.parse(text) as Settings;
}

/** Whether the data may be deleted with the stack. */
export function isDisposable(settings: Settings): boolean {
  return settings.environment === 'dev';
}

/**
 * Whether the stack and the database refuse to be deleted, and a deletion leaves a snapshot. Not while they are created:
 * otherwise, CloudFormation could not roll back a creation that fails, and the next attempt would find the names taken.
 */
export function isProtected(settings: Settings): boolean {
  return !isDisposable(settings) && !settings.first_deployment;
}

/** A setting that AWS would reject or that contradicts another one. Reported without a stack trace. */
export class SettingsError extends Error {
  constructor(settings: Settings, key: keyof Settings, message: string) {
    super(`xtask.toml, [infra.environments.${settings.environment}], ${key} = ${JSON.stringify(settings[key])}: ${message}`);
  }
}

/** Services with which a role can assume the rights of another role, or create one. */
const WIDENING = ['cloudformation', 'iam', 'organizations', 'sso', 'sso-admin', 'sts'];

/** The maximum length of the prefix of the page's bucket name, which ends with `-page-`, the account and the region. */
const LONGEST_PREFIX = 30;

/** What a template names instead of an account or a region that it is not for: as long as the longest of each. */
const ANY_ACCOUNT = '000000000000';
const ANY_REGION = 'ap-southeast-1';

/** Checks the settings before they are used. The limits come from the user guides of Amazon VPC, Aurora and Secrets Manager. */
export function check(settings: Settings): void {
  const refuse = (key: keyof Settings, message: string): never => {
    throw new SettingsError(settings, key, message);
  };
  const isCapacity = (units: number) => units >= 0 && units <= 256 && Number.isInteger(units * 2);
  if (!/^[a-z]{2,10}$/.test(settings.environment)) {
    refuse('environment', 'must be 2 to 10 lower-case letters, as Amplify requires');
  }
  if (!/^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-4])$/.test(settings.vpc_cidr)) {
    refuse('vpc_cidr', 'four subnets of 64 addresses need /16 to /24');
  }
  if (!isCapacity(settings.minimum_acu)) {
    refuse('minimum_acu', 'must be 0 to 256, in steps of 0.5');
  }
  if (!isCapacity(settings.maximum_acu) || settings.maximum_acu < 1 || settings.maximum_acu < settings.minimum_acu) {
    refuse('maximum_acu', 'must be 1 to 256, in steps of 0.5, and at least minimum_acu');
  }
  if (!Number.isInteger(settings.backup_days) || settings.backup_days < 1 || settings.backup_days > 35) {
    refuse('backup_days', 'must be 1 to 35');
  }
  if (!['gateway', 'none'].includes(settings.nat)) {
    refuse('nat', 'must be "gateway" or "none"');
  }
  const prefix = `${settings.project}-${settings.environment}`;
  if (settings.hosting === 'cloudfront' && prefix.length > LONGEST_PREFIX) {
    refuse('hosting', `"${prefix}" has more than ${LONGEST_PREFIX} characters, which the bucket's name has no room for`);
  }
  const buckets = [...(settings.promoted_from ? [settings.here] : []), ...settings.promotes_to];
  for (const { environment, account, region } of buckets) {
    const name = promotedBucket(settings.project, environment, { account: account ?? ANY_ACCOUNT, region: region ?? ANY_REGION });
    // "General purpose bucket naming rules" in the Amazon S3 User Guide. Names of projects have no dots.
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
      refuse(
        'project',
        `the bucket of artifacts promoted to \`${environment}\` would be "${name}", with ${name.length} characters: S3 requires 3 to 63 lower-case letters, digits and hyphens, so shorten the name of the project or of the environment`,
      );
    }
  }
  if (!Number.isInteger(settings.rotation_days) || settings.rotation_days < 0 || settings.rotation_days > 1000) {
    refuse('rotation_days', 'must be 1 to 1000, or 0 to disable rotation');
  }
  if (!Number.isInteger(settings.readers) || settings.readers < 0 || settings.readers > 15) {
    refuse('readers', 'must be 0 to 15');
  }
  if (![0, 1, 5, 10, 15, 30, 60].includes(settings.monitoring_seconds)) {
    refuse('monitoring_seconds', 'must be 1, 5, 10, 15, 30 or 60, or 0 to disable enhanced monitoring');
  }
  if (!Number.isInteger(settings.migration_minutes) || settings.migration_minutes < 1 || settings.migration_minutes > 480) {
    refuse('migration_minutes', 'must be 1 to 480: a migration is stopped after eight hours');
  }
  if (settings.proxy && settings.minimum_acu === 0) {
    refuse('proxy', 'keeps the database from pausing: minimum_acu must be at least 0.5');
  }
  if (settings.contract_approval && !settings.expand_contract) {
    refuse('contract_approval', 'has no effect without expand_contract = true');
  }
  const wait = settings.contract_wait_minutes;
  if (!Number.isInteger(wait) || wait < 0 || wait > 420) {
    refuse('contract_wait_minutes', 'must be 0 to 420: the build that waits may take eight hours');
  }
  if (wait > 0 && !settings.expand_contract) {
    refuse('contract_wait_minutes', 'has no effect without expand_contract = true');
  }
  for (const user of ['database_user', 'database_reader'] as const) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(settings[user])) {
      refuse(user, 'must be a name in lower-case letters, digits and underscores');
    }
  }
  if (!['off', 'read', 'write'].includes(settings.database_access)) {
    refuse('database_access', 'must be "off", "read" or "write"');
  }
  if (settings.previews && !isDisposable(settings)) {
    refuse('previews', 'is only for `dev`: previews share its server and its network, and run code that is not reviewed');
  }
  if (settings.previews && settings.generation === 1) {
    refuse('previews', 'needs a backend of Amplify Gen 2');
  }
  for (const action of settings.backend_actions) {
    if (!/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action)) {
      refuse('backend_actions', `\`${action}\` must be \`service:Action\`, without a wildcard`);
    }
    if (WIDENING.includes(action.split(':')[0] ?? '')) {
      refuse('backend_actions', `\`${action}\` could grant more than this boundary allows`);
    }
  }
  if (settings.connection && !/^[^/]+\/[^/]+$/.test(settings.repository ?? '')) {
    refuse('repository', 'must be `owner/name` if `connection` is set');
  }
  if (settings.repository && !settings.connection) {
    refuse('connection', 'must be the ARN of a CodeConnections connection if `repository` is set');
  }
}
