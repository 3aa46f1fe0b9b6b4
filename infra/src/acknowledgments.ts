/** Suppressed findings of cdk-nag's AwsSolutions pack and of checkov, with reasons. */
import { type CfnElement, CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isProtected, type Settings } from './settings.js';
import type { ReleaseStack } from './stack.js';

const OBJECTS = "the CDK's own grant on one bucket, which holds only artifacts and caches of this pipeline";
const NAMES = 'CloudFront and the Amplify CLI choose these names, so they can be restricted to this environment but not to one resource';
const HOSTING = 'Amplify chooses the names of stacks, jobs and deployments, so they can be restricted to this branch but not to one resource';
const UPLOADS = "the objects of one bucket; CloudFront chooses the ids of distributions, of which only the caches can be invalidated";
const BOUNDARY = 'a permissions boundary grants nothing; CloudFormation and Amplify choose the names within it';
const NO_ACCESS_LOG = 'CloudTrail records who reads artifacts and caches; a bucket of access logs would duplicate it';
const INTERFACES = 'CodeBuild creates a network interface in the VPC for each build; EC2 supports no narrower resource for these calls';
const KEY = 'artifacts and caches are encrypted with S3-managed keys and contain nothing that is not in the repository';

/** The start of ARNs, and the region and account in them, as cdk-nag writes them. */
const HERE = 'arn:<AWS::Partition>';
const ACCOUNT = '<AWS::Region>:<AWS::AccountId>';

function say(scope: IConstruct, rules: string[], reason: string): void {
  Validations.of(scope).acknowledge(...rules.map((rule) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason })));
}

export function acknowledge(stack: ReleaseStack, settings: Settings): void {
  const name = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
  const { pipeline, database } = stack;
  const { build, bucket } = pipeline;

  if (settings.rotation_days === 0) {
    say(database, ['SMG4'], 'only the migration receives the password, and `rotation_days` enables rotation');
  }
  if (!isProtected(settings)) {
    say(database, ['RDS10'], 'the development environment is meant to be deleted; all others are protected once they exist');
  }
  if (settings.monitoring_seconds > 0) {
    const policy = `Policy::${HERE}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`;
    say(database, [`IAM4[${policy}]`], "enhanced monitoring requires this policy, which only allows writing to RDS's own log group");
  }
  say(pipeline, ['S1'], NO_ACCESS_LOG);
  say(pipeline, ['CB4'], KEY);
  const actions = ['s3:Abort*', 's3:DeleteObject*', 's3:GetBucket*', 's3:GetObject*', 's3:List*'];
  say(pipeline, [...actions.map((action) => `IAM5[Action::${action}]`), `IAM5[Resource::<${name(bucket)}.Arn>/*]`], OBJECTS);
  for (const [id, project] of Object.entries(build)) {
    say(pipeline, [`IAM5[Resource::<${name(bucket)}.Arn>/cache/${id}/*]`], 'the cache of this build; CodeBuild chooses the names in it');
    const log = `IAM5[Resource::${HERE}:logs:${ACCOUNT}:log-group:/aws/codebuild/<${name(project)}>:*]`;
    say(project, [log], "the CDK's own grant on the log streams of the project");
  }
  if (build.verify) {
    const reports = `IAM5[Resource::${HERE}:codebuild:${ACCOUNT}:report-group/<${name(build.verify)}>-*]`;
    say(build.verify, [reports], 'the buildspec names the report groups of this project');
  }
  say(
    build.database,
    ['IAM5[Resource::*]', `IAM5[Resource::${HERE}:ec2:${ACCOUNT}:network-interface/*]`],
    INTERFACES,
  );
  acknowledgeAccess(stack);
  acknowledgeBoundary(stack, settings);
  skip(stack, settings);
  if (settings.user_keys) {
    const keys = 'the access key of an IAM user can only be rotated in IAM';
    say(pipeline, ['SMG4'], keys);
    return;
  }
  const resources = settings.generation === 1 ? ofGen1(stack, settings) : ofGen2(stack, settings);
  const finding = (resource: string) => `IAM5[Resource::${HERE}:${resource}]`;
  say(build.publish, resources.map(finding), settings.generation === 1 ? NAMES : HOSTING);
  if (settings.hosting === 'cloudfront') {
    say(build.publish, ofUploads(settings).map(finding), UPLOADS);
  }
}

/** checkov reads the rules to skip, each with a comment, from the metadata of a resource. */
function skip(stack: ReleaseStack, settings: Settings): void {
  const resources = stack.node.findAll().filter(CfnResource.isCfnResource);
  const of = (resource: CfnResource, id: string, comment: string) =>
    resource.addMetadata('checkov', { skip: [...(resource.getMetadata('checkov')?.skip ?? []), { id, comment }] });
  const every = (type: string, id: string, comment: string) =>
    resources.filter(({ cfnResourceType }) => cfnResourceType === type).forEach((resource) => of(resource, id, comment));

  every('AWS::Logs::LogGroup', 'CKV_AWS_158', 'CloudWatch Logs encrypts them with its own key, and they contain no secrets');
  every('AWS::SecretsManager::Secret', 'CKV_AWS_149', 'encrypted with the key of Secrets Manager; no other account reads them');
  every('AWS::S3::Bucket', 'CKV_AWS_18', NO_ACCESS_LOG);
  if (!settings.versioned_artifacts) {
    every('AWS::S3::Bucket', 'CKV_AWS_21', 'each artifact has its own name and caches can be lost; `versioned_artifacts` enables versions');
  }
  if (!settings.encrypt_notifications) {
    every('AWS::SNS::Topic', 'CKV_AWS_26', 'messages contain names of resources and no data; `encrypt_notifications` enables encryption');
  }
  if (settings.monitoring_seconds === 0) {
    every('AWS::RDS::DBInstance', 'CKV_AWS_118', 'its logs are billed; `monitoring_seconds` enables enhanced monitoring');
  }
  // The CDK adds the policy `PolicyDocument` to projects in a VPC.
  const own = (construct: IConstruct) => construct.node.defaultChild as CfnResource;
  of(own(stack.pipeline.build.database.node.findChild('PolicyDocument')), 'CKV_AWS_111', INTERFACES);
  for (const boundary of [stack.backend.boundary, stack.backend.previewBoundary]) {
    if (boundary) {
      of(own(boundary), 'CKV_AWS_111', BOUNDARY);
    }
  }
}

/** The app's id, as cdk-nag writes it. */
function appId(stack: ReleaseStack): string {
  return `<${stack.getLogicalId(stack.app)}.AppId>`;
}

function ofGen1(stack: ReleaseStack, settings: Settings): string[] {
  const stem = `amplify-${settings.project}-${settings.environment}-*`;
  const hosting = `${settings.hosting_bucket}-${settings.environment}-<AWS::AccountId>-<AWS::Region>`;
  return [
    `amplify:${ACCOUNT}:apps/${appId(stack)}/backendenvironments/*`,
    `cloudformation:${ACCOUNT}:stack/${stem}/*`,
    `s3:::${stem}-deployment`,
    `s3:::${stem}-deployment/*`,
    `s3:::${hosting}/*`,
    `iam::<AWS::AccountId>:role/${stem}`,
    'cloudfront::<AWS::AccountId>:distribution/*',
    'cloudfront::<AWS::AccountId>:origin-access-identity/*',
  ];
}

function ofGen2(stack: ReleaseStack, settings: Settings): string[] {
  const branch = `amplify:${ACCOUNT}:apps/${appId(stack)}/branches/${settings.environment}`;
  return [
    `cloudformation:${ACCOUNT}:stack/amplify-${appId(stack)}-${settings.environment}-branch-*/*`,
    `${branch}/jobs/*`,
    `${branch}/deployments/*`,
  ];
}

/** For a Gen 2 page on a bucket and a distribution of the backend. */
function ofUploads(settings: Settings): string[] {
  const bucket = `${settings.project}-${settings.environment}-page-<AWS::AccountId>-<AWS::Region>`;
  return [`s3:::${bucket}/*`, 'cloudfront::<AWS::AccountId>:distribution/*'];
}

function acknowledgeAccess(stack: ReleaseStack): void {
  if (!stack.access) {
    return;
  }
  const { project, policies } = stack.access;
  const finding = (resource: string) => `IAM5[Resource::${HERE}:${resource}]`;
  const name = `<${stack.getLogicalId(project.node.defaultChild as CfnElement)}>`;
  say(project, ['CB4'], 'the build has no artifacts and no source');
  say(
    project,
    ['IAM5[Resource::*]', finding(`ec2:${ACCOUNT}:network-interface/*`), finding(`logs:${ACCOUNT}:log-group:/aws/codebuild/${name}:*`)],
    'CodeBuild creates a network interface and log streams for each build; EC2 and Session Manager support no narrower resource',
  );
  const sessions = [
    `cloudformation:${ACCOUNT}:stack/${stack.stackName}/*`,
    `codebuild:${ACCOUNT}:build/${name}:*`,
    // As cdk-nag writes the variable of IAM.
    `ssm:${ACCOUNT}:session/<aws:userid>-*`,
  ];
  for (const policy of Object.values(policies)) {
    say(policy, sessions.map(finding), 'CloudFormation, CodeBuild and Session Manager choose the ends of these names');
  }
}

/** The names of the backends of previews, whose apps do not exist yet. */
function ofPreviews(): string[] {
  return [
    `logs:${ACCOUNT}:log-group:amplify-*`,
    `logs:${ACCOUNT}:log-group:/aws/lambda/amplify-*`,
    `amplify:${ACCOUNT}:apps/*/branches/preview-*`,
    `lambda:${ACCOUNT}:function:amplify-*`,
  ];
}

function acknowledgeBoundary(stack: ReleaseStack, settings: Settings): void {
  const { project, environment } = settings;
  const functions = `amplify-${appId(stack)}-*`;
  const resources = [
    `logs:${ACCOUNT}:log-group:${functions}`,
    `logs:${ACCOUNT}:log-group:/aws/lambda/${functions}`,
    `ssm:${ACCOUNT}:parameter/${project}/${environment}/*`,
    `ssm:${ACCOUNT}:parameter/amplify/${appId(stack)}/*`,
    `lambda:${ACCOUNT}:function:${functions}`,
    ...(settings.previews ? ofPreviews() : []),
  ];
  say(stack.backend, ['IAM5[Resource::*]', ...resources.map((resource) => `IAM5[Resource::${HERE}:${resource}]`)], BOUNDARY);
}
