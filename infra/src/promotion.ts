/** The artifact that one environment has verified and others release: where it is kept, and how their pipelines read it. */
import {
  aws_codebuild as codebuild,
  aws_codepipeline as codepipeline,
  aws_codepipeline_actions as actions,
  aws_events as events,
  aws_events_targets as targets,
  aws_iam as iam,
  aws_s3 as s3,
  aws_ssm as ssm,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { arn } from './arn.js';
import type { Settings } from './settings.js';

/** The key of the artifact. An S3 source has one key; each promotion writes another version of the object. */
const KEY = 'promoted/verified.zip';

/** How long earlier versions are kept: as long as `cargo xtask rollback` can release them again. */
const KEPT = Duration.days(90);

/** The parameter with the name of an environment's bucket. */
function parameterOf(project: string, environment: string): string {
  return `/${project}/${environment}/promotion-bucket`;
}

/** The bucket of an environment whose artifacts others release, with every version of the last artifact. */
export class Promotion extends Construct {
  private readonly bucket: s3.Bucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Settings,
  ) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
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
    new ssm.StringParameter(this, 'Name', {
      parameterName: parameterOf(settings.project, settings.environment),
      stringValue: this.bucket.bucketName,
    });
  }

  /** Where the build writes the artifact. */
  get variables(): Readonly<Record<string, codebuild.BuildEnvironmentVariable>> {
    return { PROMOTION_BUCKET: { value: this.bucket.bucketName }, PROMOTION_KEY: { value: KEY } };
  }

  /** Permissions of the build that promotes, in addition to reading the pipeline's artifacts. */
  permissions(): iam.PolicyStatement[] {
    const pipeline = `${this.settings.project}-${this.settings.environment}`;
    return [
      new iam.PolicyStatement({
        actions: ['codepipeline:ListActionExecutions'],
        resources: [arn(Stack.of(this), 'codepipeline', pipeline)],
      }),
      new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects(KEY)] }),
    ];
  }
}

/** The source of a pipeline that releases what another environment, of this account and region, has promoted. */
export class PromotedSource extends Construct {
  private readonly bucket: s3.IBucket;

  constructor(
    scope: Construct,
    id: string,
    project: string,
    private readonly from: string,
  ) {
    super(scope, id);
    const name = ssm.StringParameter.valueForStringParameter(this, parameterOf(project, from));
    this.bucket = s3.Bucket.fromBucketName(this, 'Bucket', name);
  }

  action(output: codepipeline.Artifact): actions.S3SourceAction {
    // The CDK's own trigger would need a trail of CloudTrail; see `starts`.
    const trigger = actions.S3Trigger.NONE;
    return new actions.S3SourceAction({ actionName: 'Source', bucket: this.bucket, bucketKey: KEY, output, trigger });
  }

  /** Starts the pipeline at each promotion, without polling. */
  starts(pipeline: codepipeline.IPipeline): void {
    new events.Rule(this, 'Rule', {
      description: `Starts the pipeline when ${this.from} has promoted an artifact`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [KEY] } },
      },
      targets: [new targets.CodePipeline(pipeline)],
    });
  }
}
