/** Suppressed findings of cdk-nag's AwsSolutions pack, with reasons. */
import { type CfnElement, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isDisposable, type Settings } from './settings.js';
import type { ReleaseStack } from './stack.js';

const OBJECTS = "the CDK's own grant on one bucket, which holds only artifacts and caches of this pipeline";
const NAMES = 'CloudFront and the Amplify CLI choose these names, so they can be restricted to this environment but not to one resource';
const KEY = 'artifacts and caches are encrypted with S3-managed keys and contain nothing that is not in the repository';

export function acknowledge(stack: ReleaseStack, settings: Settings): void {
  const name = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
  const say = (scope: IConstruct, rules: string[], reason: string) =>
    Validations.of(scope).acknowledge(...rules.map((rule) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason })));
  const here = 'arn:<AWS::Partition>';
  const account = '<AWS::Region>:<AWS::AccountId>';
  const { pipeline, database } = stack;
  const { build, bucket } = pipeline;

  if (settings.rotation_days === 0) {
    say(database, ['SMG4'], 'only the migration receives the password, and `rotation_days` enables rotation');
  }
  if (isDisposable(settings)) {
    say(database, ['RDS10'], 'the development environment is meant to be deleted; all others are protected');
  }
  say(pipeline, ['S1'], 'CloudTrail records who reads artifacts and caches; a bucket of access logs would duplicate it');
  say(pipeline, ['CB4'], KEY);
  const actions = ['s3:Abort*', 's3:DeleteObject*', 's3:GetBucket*', 's3:GetObject*', 's3:List*'];
  say(pipeline, [...actions.map((action) => `IAM5[Action::${action}]`), `IAM5[Resource::<${name(bucket)}.Arn>/*]`], OBJECTS);
  for (const project of Object.values(build)) {
    const log = `IAM5[Resource::${here}:logs:${account}:log-group:/aws/codebuild/<${name(project)}>:*]`;
    say(project, [log], "the CDK's own grant on the log streams of the project");
  }
  const reports = `IAM5[Resource::${here}:codebuild:${account}:report-group/<${name(build.verify)}>-*]`;
  say(build.verify, [reports], 'the buildspec names the report groups of this project');
  say(
    build.database,
    ['IAM5[Resource::*]', `IAM5[Resource::${here}:ec2:${account}:network-interface/*]`],
    'CodeBuild creates a network interface in the VPC for each build; EC2 supports no narrower resource for these calls',
  );
  if (settings.user_keys) {
    const keys = 'the access key of an IAM user can only be rotated in IAM';
    say(pipeline, ['SMG4'], keys);
    return;
  }
  const stem = `amplify-${settings.project}-${settings.environment}-*`;
  const hosting = `${settings.hosting_bucket}-${settings.environment}-<AWS::AccountId>-<AWS::Region>`;
  const resources = [
    `amplify:${account}:apps/<${stack.getLogicalId(stack.app)}.AppId>/backendenvironments/*`,
    `cloudformation:${account}:stack/${stem}/*`,
    `s3:::${stem}-deployment`,
    `s3:::${stem}-deployment/*`,
    `s3:::${hosting}/*`,
    `iam::<AWS::AccountId>:role/${stem}`,
    'cloudfront::<AWS::AccountId>:distribution/*',
    'cloudfront::<AWS::AccountId>:origin-access-identity/*',
  ];
  say(build.publish, resources.map((resource) => `IAM5[Resource::${here}:${resource}]`), NAMES);
}
