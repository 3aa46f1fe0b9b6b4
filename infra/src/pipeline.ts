import { readFileSync } from 'node:fs';
import {
  aws_codebuild as codebuild,
  aws_codecommit as codecommit,
  aws_codepipeline as codepipeline,
  aws_codepipeline_actions as actions,
  aws_codestarnotifications as notifications,
  type aws_iam as iam,
  aws_logs as logs,
  aws_s3 as s3,
  aws_secretsmanager as secretsmanager,
  type aws_sns as sns,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Database } from './database.js';
import type { Network } from './network.js';
import { publishing } from './permissions.js';
import { PromotedSource, Promotion } from './promotion.js';
import type { Settings } from './settings.js';
import { SOURCE, starts } from './starts.js';
import { Topic } from './topic.js';

/** The image of every build. `cargo xtask buildspec check` compares its runtimes with the buildspecs. */
export const IMAGE = setting('../src/image.toml', 'image');

export interface PipelineProps {
  readonly settings: Settings;
  readonly network: Network;
  readonly database: Database;
  readonly appId: string;
}

/** A text in a TOML file, whose path is the same from `src` and from `build`. */
function setting(path: string, key: string): string {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  const value = text.match(new RegExp(`^${key} = "(.+)"$`, 'm'))?.[1];
  if (value === undefined) {
    throw new Error(`${path} has no ${key}`);
  }
  return value;
}

type Variables = Readonly<Record<string, codebuild.BuildEnvironmentVariable>>;

/** One value of a secret, read when the build starts. */
function partOf(secret: secretsmanager.ISecret, key: string): codebuild.BuildEnvironmentVariable {
  return { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: `${secret.secretArn}:${key}` };
}

/** Source, verification, database, page and promotion, in sequence: actions running in parallel would race. */
export class Pipeline extends Construct {
  readonly pipeline: codepipeline.Pipeline;
  readonly repository: codecommit.IRepository | undefined;
  /** Failed releases and alarms. */
  readonly topic: sns.Topic;
  /** The name of the secret for an IAM user's keys. */
  readonly userSecretName: string;
  /** Artifacts and caches. */
  readonly bucket: s3.Bucket;
  /** The builds; each runs the buildspec of the same name. An environment that is promoted has nothing to verify. */
  readonly build: Readonly<
    Record<'database' | 'publish', codebuild.PipelineProject> & Partial<Record<'verify' | 'promote', codebuild.PipelineProject>>
  >;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PipelineProps,
  ) {
    super(scope, id);
    const { settings } = props;
    this.userSecretName = `${settings.project}/${settings.environment}/amplify-user`;
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: settings.versioned_artifacts,
      lifecycleRules: [
        {
          expiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          ...(settings.versioned_artifacts ? { noncurrentVersionExpiration: Duration.days(30) } : {}),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const source = new codepipeline.Artifact('Source');
    if (!settings.connection && !settings.promoted_from) {
      this.repository = this.codeCommit();
    }
    // The source with the programs that verified it, so that exactly these migrate and publish, here and in the
    // environments that it is promoted to.
    const verified = new codepipeline.Artifact('Verified');
    const run = (name: string, project: codebuild.PipelineProject, variables: Variables, input = source, runOrder = 1) =>
      new actions.CodeBuildAction({
        actionName: name,
        project,
        input,
        runOrder,
        ...(name === 'Verify' ? { outputs: [verified] } : {}),
        variablesNamespace: name,
        environmentVariables: { ...variables },
      });
    const promotion = settings.promotes_to.length > 0 ? new Promotion(this, 'Promotion', settings) : undefined;
    this.build = {
      ...(settings.promoted_from ? {} : { verify: this.verifyProject() }),
      database: this.databaseProject(),
      publish: this.publishProject(),
      ...(promotion ? { promote: this.promoteProject(promotion.role) } : {}),
    };
    const { verify, database, publish, promote } = this.build;
    const target = (value: string): Variables => (settings.expand_contract ? { DATABASE_TARGET: { value } } : {});
    const { promoted_from: from } = settings;
    const promoted = from ? new PromotedSource(this, 'Promoted', settings, from) : undefined;
    const fetched = promoted?.action(verified) ?? this.source(source);
    // `cargo xtask rollback` sets it (xtask/src/release_kind.rs).
    const rollback = new codepipeline.Variable({
      variableName: 'RELEASE_ROLLBACK',
      description: 'none: a release. page or database: set by `cargo xtask rollback`, for an earlier commit',
      defaultValue: 'none',
    });
    const release: Variables = {
      RELEASE_ROLLBACK: { value: rollback.reference() },
      // CodeBuild does not know the commit of a build's output. A promoted artifact records it (`buildspec/commit`).
      ...('commitId' in fetched.variables ? { RELEASE_COMMIT: { value: fetched.variables.commitId } } : {}),
    };
    const migrate = (name: string, revisions: string, runOrder: number, more: Variables = {}) =>
      run(name, database, { ...release, ...target(revisions), ...more }, verified, runOrder);
    const migrated = migrate('Database', 'expand@heads', 1);
    const heads: Variables = { DATABASE_HEADS: { value: migrated.variable('DATABASE_HEADS') } };
    const published = run('Publish', publish, { ...release, ...heads, ...target('expand@heads') }, verified, 2);
    // No action of CodePipeline waits, and a condition on a stage would need a second stage, which another release could
    // enter first. So the build waits: at the smallest size, an hour costs less than a dollar.
    const minutes = settings.contract_wait_minutes;
    const wait: Variables = minutes > 0 ? { DATABASE_WAIT_MINUTES: { value: String(minutes) } } : {};
    const execution: Variables = { RELEASE_EXECUTION: { value: codepipeline.GlobalVariables.executionId } };
    const passOn = (build: codebuild.PipelineProject, to: Promotion) =>
      settings.promotes_to.map((place) =>
        // An action for each, so that a retry passes nothing on twice.
        run(`Promote-${place.environment}`, build, { ...release, ...execution, ...to.variables(place) }, verified),
      );
    const approve = (actionName: string, runOrder: number) => new actions.ManualApprovalAction({ actionName, runOrder });
    const stages: codepipeline.StageProps[] = [
      { stageName: 'Source', actions: [fetched] },
      ...(verify ? [{ stageName: 'Verify', actions: [run('Verify', verify, {})] }] : []),
      ...(settings.approval ? [{ stageName: 'Approve', actions: [approve('Approve', 1)] }] : []),
      {
        // One stage: CodePipeline lets only one execution into a stage, so no other release changes the database between
        // the expansion and the contraction.
        stageName: 'Release',
        // No automatic rollback or retry. CodePipeline's rollback runs this stage again with the artifacts and variables of
        // an earlier execution: its `Database` would find the revisions of the later one and refuse, since only
        // `RELEASE_ROLLBACK` tells it what to do. A retry would ask for a rejected approval again, and repeat a failure
        // that needs a person, such as a statement that may have run; what is transient, the commands themselves retry.
        actions: [
          migrated,
          published,
          ...(settings.contract_approval ? [approve('ApproveContract', 3)] : []),
          ...(settings.expand_contract ? [migrate('Contract', 'contract@heads', 4, { ...heads, ...wait })] : []),
        ],
      },
      ...(promote && promotion ? [{ stageName: 'Promote', actions: passOn(promote, promotion) }] : []),
    ];
    this.pipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: `${settings.project}-${settings.environment}`,
      pipelineType: codepipeline.PipelineType.V2,
      // A running release finishes before the next one starts.
      executionMode: codepipeline.ExecutionMode.QUEUED,
      artifactBucket: this.bucket,
      stages,
      variables: [rollback],
    });
    promoted?.starts(this.pipeline);
    if (this.repository) {
      this.startsWithPushesTo(this.repository);
    }
    this.topic = new Topic(this, 'Failures', settings).topic;
    new notifications.NotificationRule(this, 'FailureRule', {
      source: this.pipeline,
      events: ['codepipeline-pipeline-pipeline-execution-failed'],
      targets: [this.topic],
    });
  }

  /** The repository of this environment, which may be older than the stack: deleting a stack keeps it. */
  private codeCommit(): codecommit.IRepository {
    const { settings } = this.props;
    const repositoryName = `${settings.project}-${settings.environment}`;
    if (settings.existing_repository) {
      return codecommit.Repository.fromRepositoryName(this, 'Repository', repositoryName);
    }
    const description = `The source of ${settings.project}, released to ${settings.environment}`;
    const repository = new codecommit.Repository(this, 'Repository', { repositoryName, description });
    repository.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return repository;
  }

  /** Starts the pipeline at each push to its branch, with the commit that was pushed. */
  private startsWithPushesTo(repository: codecommit.IRepository): void {
    const { branch } = this.props.settings;
    starts(repository, this.pipeline, {
      description: `Starts the pipeline when ${branch} is pushed`,
      eventPattern: {
        source: ['aws.codecommit'],
        resources: [repository.repositoryArn],
        detailType: ['CodeCommit Repository State Change'],
        detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: [branch] },
      },
      revisionType: 'COMMIT_ID',
      path: '$.detail.commitId',
    });
  }

  private source(output: codepipeline.Artifact): actions.CodeCommitSourceAction | actions.CodeStarConnectionsSourceAction {
    const { connection, repository, branch } = this.props.settings;
    if (this.repository) {
      // The CDK's own trigger passes on no commit; see `starts.ts`.
      const trigger = actions.CodeCommitTrigger.NONE;
      return new actions.CodeCommitSourceAction({ actionName: SOURCE, repository: this.repository, branch, output, trigger });
    }
    const [owner = '', repo = ''] = (repository ?? '').split('/');
    const connectionArn = connection ?? '';
    return new actions.CodeStarConnectionsSourceAction({ actionName: SOURCE, connectionArn, owner, repo, branch, output });
  }

  private verifyProject(): codebuild.PipelineProject {
    return this.project('Verify', 'verify', codebuild.ComputeType.MEDIUM, Duration.minutes(60));
  }

  /** The only build that can reach the database, in the private subnets. */
  private databaseProject(): codebuild.PipelineProject {
    const { network, database } = this.props;
    const { secret } = database.cluster;
    if (!secret) {
      throw new Error('the cluster has a generated secret');
    }
    const part = (key: string) => partOf(secret, key);
    const project = this.project('Database', 'database', codebuild.ComputeType.SMALL, Duration.hours(8), {
      vpc: network.vpc,
      subnetSelection: network.privateSubnets,
      securityGroups: [network.build],
      environmentVariables: {
        DATABASE_SECRET_USERNAME: part('username'),
        DATABASE_SECRET_PASSWORD: part('password'),
        DATABASE_SECRET_HOST: part('host'),
        DATABASE_SECRET_PORT: part('port'),
        DATABASE_SECRET_DBNAME: part('dbname'),
      },
    });
    secret.grantRead(project);
    return project;
  }

  private publishProject(): codebuild.PipelineProject {
    const { settings, appId } = this.props;
    const keys: Variables = settings.user_keys ? this.keysOfUser() : {};
    const project = this.project('Publish', 'publish', codebuild.ComputeType.SMALL, Duration.hours(2), {
      environmentVariables: {
        AMPLIFY_APP_ID: { value: appId },
        AMPLIFY_ENV: { value: settings.environment },
        ...keys,
      },
    });
    if (!settings.user_keys) {
      publishing(Stack.of(this), settings, appId).forEach((statement) => project.addToRolePolicy(statement));
    }
    return project;
  }

  private promoteProject(role: iam.Role): codebuild.PipelineProject {
    return this.project('Promote', 'promote', codebuild.ComputeType.SMALL, Duration.minutes(15), {
      environmentVariables: { AMPLIFY_ENV: { value: this.props.settings.environment } },
      role,
    });
  }

  /** The keys of an IAM user, as in the original solution. They must be written to the secret by hand. */
  private keysOfUser(): Variables {
    const secret = new secretsmanager.Secret(this, 'UserKeys', {
      secretName: this.userSecretName,
      description: 'The access key of the IAM user who publishes; replace it with yours',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ AMPLIFY_USER_ACCESS_KEY_ID: 'to be replaced' }),
        generateStringKey: 'AMPLIFY_USER_SECRET_ACCESS_KEY',
      },
    });
    const part = (key: string) => partOf(secret, key);
    return {
      AMPLIFY_USER_ACCESS_KEY_ID: part('AMPLIFY_USER_ACCESS_KEY_ID'),
      AMPLIFY_USER_SECRET_ACCESS_KEY: part('AMPLIFY_USER_SECRET_ACCESS_KEY'),
    };
  }

  /** A build that runs `buildspec/NAME.yml`. */
  private project(
    id: string,
    name: string,
    computeType: codebuild.ComputeType,
    timeout: Duration,
    more: codebuild.PipelineProjectProps = {},
  ): codebuild.PipelineProject {
    const { settings } = this.props;
    const project = new codebuild.PipelineProject(this, id, {
      ...more,
      projectName: `${settings.project}-${settings.environment}-${name}`,
      buildSpec: codebuild.BuildSpec.fromSourceFilename(`buildspec/${name}.yml`),
      environment: { buildImage: codebuild.LinuxBuildImage.fromCodeBuildImageId(IMAGE), computeType },
      logging: {
        cloudWatch: {
          logGroup: new logs.LogGroup(this, `${id}Logs`, {
            retention: logs.RetentionDays.THREE_MONTHS,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        },
      },
      grantReportGroupPermissions: name === 'verify',
      timeout,
      queuedTimeout: Duration.hours(8),
    });
    // Not the CDK's `Cache.bucket`: it would let every build replace the artifacts of releases and the caches of others.
    const prefix = `cache/${name}`;
    (project.node.defaultChild as codebuild.CfnProject).cache = { type: 'S3', location: `${this.bucket.bucketName}/${prefix}` };
    this.bucket.grantReadWrite(project, `${prefix}/*`);
    return project;
  }
}
