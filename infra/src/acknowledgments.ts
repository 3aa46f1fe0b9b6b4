/** Where cdk-nag's AwsSolutions pack would have it otherwise, and why it is so. */
import { type CfnElement, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isDisposable, type Settings } from './settings.js';
import type { ReleaseStack } from './stack.js';

const OBJECTS = "the CDK's own grant on one bucket: artifacts and caches of this pipeline, and nothing else";
const NAMES = 'CloudFront and the Amplify CLI choose these names: they can be narrowed to this environment, not to one';
const KEY = 'artifacts and caches are encrypted with keys that S3 manages, and hold nothing that the repository does not';

export function acknowledge(stack: ReleaseStack, settings: Settings): void {
  const name = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
  const say = (scope: IConstruct, rules: string[], reason: string) =>
    Validations.of(scope).acknowledge(...rules.map((rule) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason })));
  const here = 'arn:<AWS::Partition>';
  const account = '<AWS::Region>:<AWS::AccountId>';
  const { pipeline, database } = stack;
  const { build, bucket } = pipeline;

  if (settings.rotation_days === 0) {
    say(database, ['SMG4'], 'the password reaches the migration alone, and `rotation_days` changes it where that is wanted');
  }
  if (isDisposable(settings)) {
    say(database, ['RDS10'], 'the development environment is made to be deleted; every other one is protected');
  }
  say(pipeline, ['S1'], 'who reads artifacts and caches is in CloudTrail; a second bucket of logs would say the same');
  say(pipeline, ['CB4'], KEY);
  const actions = ['s3:Abort*', 's3:DeleteObject*', 's3:GetBucket*', 's3:GetObject*', 's3:List*'];
  say(pipeline, [...actions.map((action) => `IAM5[Action::${action}]`), `IAM5[Resource::<${name(bucket)}.Arn>/*]`], OBJECTS);
  for (const project of Object.values(build)) {
    const log = `IAM5[Resource::${here}:logs:${account}:log-group:/aws/codebuild/<${name(project)}>:*]`;
    say(project, [log], "the CDK's own grant: the streams of the project's log");
  }
  const reports = `IAM5[Resource::${here}:codebuild:${account}:report-group/<${name(build.verify)}>-*]`;
  say(build.verify, [reports], 'the report groups of this project are named by its buildspec');
  say(
    build.database,
    ['IAM5[Resource::*]', `IAM5[Resource::${here}:ec2:${account}:network-interface/*]`],
    'CodeBuild makes a network interface in the VPC for each build; EC2 knows no narrower resource for these calls',
  );
  if (settings.user_keys) {
    const keys = 'the key of an IAM user is changed in IAM: nothing else can rotate it';
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
