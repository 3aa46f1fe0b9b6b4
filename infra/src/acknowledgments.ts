/** Suppressed findings of cdk-nag's AwsSolutions pack, with reasons. */
import { type CfnElement, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isProtected, type Settings } from './settings.js';
import type { ReleaseStack } from './stack.js';

const OBJECTS = "the CDK's own grant on one bucket, which holds only artifacts and caches of this pipeline";
const NAMES = 'CloudFront and the Amplify CLI choose these names, so they can be restricted to this environment but not to one resource';
const HOSTING = 'Amplify chooses the names of stacks, jobs and deployments, so they can be restricted to this branch but not to one resource';
const UPLOADS = "the objects of one bucket; CloudFront chooses the ids of distributions, of which only the caches can be invalidated";
const BOUNDARY = 'a permissions boundary grants nothing; CloudFormation and Amplify choose the names within it';
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
  say(pipeline, ['S1'], 'CloudTrail records who reads artifacts and caches; a bucket of access logs would duplicate it');
  say(pipeline, ['CB4'], KEY);
  const actions = ['s3:Abort*', 's3:DeleteObject*', 's3:GetBucket*', 's3:GetObject*', 's3:List*'];
  say(pipeline, [...actions.map((action) => `IAM5[Action::${action}]`), `IAM5[Resource::<${name(bucket)}.Arn>/*]`], OBJECTS);
  for (const project of Object.values(build)) {
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
    'CodeBuild creates a network interface in the VPC for each build; EC2 supports no narrower resource for these calls',
  );
  acknowledgeBoundary(stack, settings);
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

function acknowledgeBoundary(stack: ReleaseStack, settings: Settings): void {
  const { project, environment } = settings;
  const functions = `amplify-${appId(stack)}-*`;
  const resources = [
    `logs:${ACCOUNT}:log-group:${functions}`,
    `logs:${ACCOUNT}:log-group:/aws/lambda/${functions}`,
    `ssm:${ACCOUNT}:parameter/${project}/${environment}/*`,
    `ssm:${ACCOUNT}:parameter/amplify/${appId(stack)}/*`,
    `lambda:${ACCOUNT}:function:${functions}`,
  ];
  say(stack.backend, ['IAM5[Resource::*]', ...resources.map((resource) => `IAM5[Resource::${HERE}:${resource}]`)], BOUNDARY);
}
