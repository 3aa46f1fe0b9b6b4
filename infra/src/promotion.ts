/**
 * The artifact that one environment has verified and others release: how its pipeline passes it on, and how theirs receive
 * it, in any account and region. Each side computes the names of the other from the settings, and reads nothing of it, so
 * the stacks can be deployed in any order.
 */
import {
  aws_codebuild as codebuild,
  aws_codepipeline as codepipeline,
  aws_codepipeline_actions as actions,
  aws_iam as iam,
  aws_s3 as s3,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { arn } from './arn.js';
import { promotedBucket, type Place, type Settings } from './settings.js';
import { SOURCE, starts } from './starts.js';

/** The key of the artifact. An S3 source has one key; each promotion writes another version of the object. */
const KEY = 'promoted/verified.zip';

/** How long earlier versions are kept: as long as `cargo xtask rollback` can release them again. */
const KEPT = Duration.days(90);

/** The region and the account of an environment, as seen from this stack. */
function resolved(scope: Construct, { account, region }: Place): { account: string; region: string } {
  const here = Stack.of(scope);
  return { account: account ?? here.account, region: region ?? here.region };
}

/** The role of the build that promotes. */
function roleName(project: string, environment: string): string {
  return `${project}-${environment}-promote`;
}

/** Passes the artifact of an environment on to those that are promoted from it. */
export class Promotion extends Construct {
  /** The role of the build. The buckets' policies name it. */
  readonly role: iam.Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Settings,
  ) {
    super(scope, id);
    const { project, environment } = settings;
    this.role = new iam.Role(this, 'Role', {
      roleName: roleName(project, environment),
      description: `Passes the artifacts of ${project}-${environment} on`,
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
    });
    const pipeline = arn(Stack.of(this), 'codepipeline', `${project}-${environment}`);
    this.role.addToPolicy(new iam.PolicyStatement({ actions: ['codepipeline:ListActionExecutions'], resources: [pipeline] }));
    for (const to of settings.promotes_to) {
      const place = resolved(this, to);
      const bucket = arn(Stack.of(this), 's3', promotedBucket(project, to.environment, place), 'nowhere');
      this.role.addToPolicy(
        new iam.PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [`${bucket}/${KEY}`],
          // Anyone could create a bucket with this name before the environment has it.
          conditions: { StringEquals: { 'aws:ResourceAccount': place.account } },
        }),
      );
    }
  }

  /** Where an action of the pipeline writes the artifact. */
  variables(to: Place): Readonly<Record<string, codebuild.BuildEnvironmentVariable>> {
    const { account, region } = resolved(this, to);
    return {
      PROMOTION_ENVIRONMENT: { value: to.environment },
      PROMOTION_ACCOUNT: { value: account },
      PROMOTION_REGION: { value: region },
      PROMOTION_BUCKET: { value: promotedBucket(this.settings.project, to.environment, { account, region }) },
      PROMOTION_KEY: { value: KEY },
    };
  }
}

/** The source of a pipeline that releases what another environment has promoted: a bucket with every version of it. */
export class PromotedSource extends Construct {
  private readonly bucket: s3.Bucket;

  constructor(
    scope: Construct,
    id: string,
    { project, environment, here: place }: Settings,
    private readonly from: Place,
  ) {
    super(scope, id);
    const here = Stack.of(this);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      // CloudFormation can import the bucket that an earlier stack has kept only if its name has no references.
      bucketName: promotedBucket(project, environment, resolved(this, place)),
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      // The current version never expires: an environment may be created, or approve, months later.
      lifecycleRules: [{ noncurrentVersionExpiration: KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Not `eventBridgeEnabled`: the CDK would add a function that sets what CloudFormation can set itself.
    const resource = this.bucket.node.defaultChild as s3.CfnBucket;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    // The principal is the account: S3 refuses a policy that names a role before it exists, and a role that is created
    // again would not be the one of the policy.
    const { account } = resolved(this, from);
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Promote',
        principals: [new iam.AccountPrincipal(account)],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(KEY)],
        conditions: {
          StringEquals: { 'aws:PrincipalArn': `arn:${here.partition}:iam::${account}:role/${roleName(project, from.environment)}` },
        },
      }),
    );
  }

  action(output: codepipeline.Artifact): actions.S3SourceAction {
    // The CDK's own trigger would need a trail of CloudTrail; see `starts.ts`.
    const trigger = actions.S3Trigger.NONE;
    return new actions.S3SourceAction({ actionName: SOURCE, bucket: this.bucket, bucketKey: KEY, output, trigger });
  }

  /** Starts the pipeline at each promotion, with the version that was promoted. */
  starts(pipeline: codepipeline.IPipeline): void {
    starts(this, pipeline, {
      description: `Starts the pipeline when ${this.from.environment} has promoted an artifact`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [KEY] } },
      },
      revisionType: 'S3_OBJECT_VERSION_ID',
      path: '$.detail.object.version-id',
    });
  }
}
