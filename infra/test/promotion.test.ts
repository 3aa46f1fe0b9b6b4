/** One artifact, verified once, that several environments release. */
import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { action, dev, first, last, order, resources, stages, staging, statements, template, variables } from './support.js';

const KEY = 'promoted/verified.zip';

/** The environment that verifies, and its bucket. */
const promoting = template(first);
const [bucket] = Object.entries(resources(promoting, 'AWS::S3::Bucket')).find(([name]) => name.includes('Promotion'))!;

/** The parameter of the template that CloudFormation fills with the name of the bucket. */
function parameter(of = template(staging), name = '/site/dev/promotion-bucket'): string {
  const found = of.findParameters('*', { Type: 'AWS::SSM::Parameter::Value<String>', Default: name });
  expect(Object.keys(found)).toHaveLength(1);
  return Object.keys(found)[0]!;
}

describe('an environment that promotes', () => {
  test('passes on the artifact of its verification, after everything else', () => {
    expect(order(promoting)).toEqual([['Source'], ['Verify'], ['Database', 'Publish'], ['Promote']]);
    const promote = action(promoting, 'Promote')!;
    expect(promote.InputArtifacts).toEqual(action(promoting, 'Verify')!.OutputArtifacts);
    expect(variables(promote)).toEqual({
      RELEASE_ROLLBACK: '#{variables.RELEASE_ROLLBACK}',
      RELEASE_COMMIT: expect.stringMatching(/^#\{.*\.CommitId\}$/),
      RELEASE_EXECUTION: '#{codepipeline.PipelineExecutionId}',
    });
    promoting.hasResourceProperties('AWS::CodeBuild::Project', {
      Name: 'site-dev-promote',
      Source: { BuildSpec: 'buildspec/promote.yml' },
      Environment: {
        EnvironmentVariables: [
          Match.objectLike({ Name: 'AMPLIFY_ENV', Value: 'dev' }),
          Match.objectLike({ Name: 'PROMOTION_BUCKET', Value: { Ref: bucket } }),
          Match.objectLike({ Name: 'PROMOTION_KEY', Value: KEY }),
        ],
      },
      VpcConfig: Match.absent(),
    });
    const source = readFileSync('../xtask/src/promote.rs', 'utf8');
    expect(source).toContain(`ARTIFACT: &str = "${promote.InputArtifacts![0]!.Name}"`);
  });

  test('keeps versions of it in a private bucket that reports each, and names the bucket', () => {
    promoting.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        LifecycleConfiguration: {
          Rules: [Match.objectLike({ ExpirationInDays: Match.absent(), NoncurrentVersionExpiration: { NoncurrentDays: 90 } })],
        },
        PublicAccessBlockConfiguration: Match.objectLike({ RestrictPublicBuckets: true }),
      },
    });
    promoting.hasResourceProperties('AWS::SSM::Parameter', { Name: '/site/dev/promotion-bucket', Value: { Ref: bucket } });
    promoting.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('may write this object, and look up its own executions', () => {
    const own = statements(first).filter(({ name }) => name.startsWith('PipelinePromoteRole'));
    const of = (wanted: string) => own.filter(({ actions }) => actions.includes(wanted)).flatMap(({ resources: all }) => all);
    // The caches of builds are in the pipeline's own bucket.
    const elsewhere = (resource: unknown) => !JSON.stringify(resource).includes('PipelineBucket');
    expect(of('s3:PutObject').filter(elsewhere)).toEqual([{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, `/${KEY}`]] }]);
    expect(JSON.stringify(of('codepipeline:ListActionExecutions'))).toMatch(/":site-dev"\]\]\}\]$/);
    // The other builds cannot promote.
    const others = statements(first).filter(({ name }) => !name.startsWith('PipelinePromoteRole'));
    expect(others.filter(({ resources: all }) => JSON.stringify(all).includes(bucket))).toEqual([]);
  });

  test('is the only one with any of this', () => {
    expect(order(template(dev)).flat()).not.toContain('Promote');
    template(dev).resourceCountIs('AWS::S3::Bucket', 1);
  });
});

describe('an environment that is promoted', () => {
  const made = template(staging);

  test('releases the artifact as it is, after approval, and passes it on', () => {
    expect(order(made)).toEqual([['Source'], ['Approve'], ['Database', 'Publish'], ['Promote']]);
    const source = action(made, 'Source')!;
    expect(source.Configuration).toMatchObject({ S3Bucket: { Ref: parameter() }, S3ObjectKey: KEY, PollForSourceChanges: false });
    for (const name of ['Database', 'Publish', 'Promote']) {
      expect(action(made, name)!.InputArtifacts).toEqual(source.OutputArtifacts);
      // The version of the source is no commit: the artifact records it.
      expect(variables(action(made, name)!)['RELEASE_COMMIT']).toBeUndefined();
    }
    const verify = readFileSync('../buildspec/verify.yml', 'utf8');
    expect(verify).toMatch(/"\$CODEBUILD_RESOLVED_SOURCE_VERSION" > buildspec\/commit\n/);
    expect(readFileSync('../xtask/src/context.rs', 'utf8')).toContain('COMMIT_FILE: &str = "buildspec/commit"');
  });

  test('verifies and compiles nothing, and has no repository', () => {
    const projects = Object.values(resources(made, 'AWS::CodeBuild::Project')).map(({ Properties }) => Properties['Name']);
    expect(projects).toEqual(['site-staging-database', 'site-staging-publish', 'site-staging-promote']);
    made.resourceCountIs('AWS::CodeCommit::Repository', 0);
    const actions = stages(made).flatMap(({ Actions }) => Actions);
    expect(actions.filter(({ OutputArtifacts }) => OutputArtifacts?.length).map(({ Name }) => Name)).toEqual(['Source']);
    expect(Object.keys(made.findOutputs('CodeCommit*'))).toEqual([]);
  });

  test('starts when the object is written', () => {
    const [pipeline] = Object.keys(resources(made, 'AWS::CodePipeline::Pipeline'));
    made.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: parameter() }] }, object: { key: [KEY] } },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: pipeline }])] } })],
    });
    made.resourceCountIs('AWS::CloudTrail::Trail', 0);
  });

  test('may only read that bucket', () => {
    const reading = statements(staging).filter(({ resources: all }) => JSON.stringify(all).includes(parameter()));
    expect(reading.flatMap(({ actions }) => actions).sort()).toEqual(['s3:GetBucket*', 's3:GetObject*', 's3:List*']);
    for (const { resources: all } of reading) {
      expect(all.map((resource) => JSON.stringify(resource)).every((text) => /"\}\]\]\}$/.test(text) || text.endsWith(`/${KEY}"]]}`))).toBe(true);
    }
  });

  test('can be the last one, with an expansion and a contraction', () => {
    const made = template(last);
    expect(order(made)).toEqual([['Source'], ['Approve'], ['Database', 'Publish', 'ApproveContract', 'Contract']]);
    expect(action(made, 'Source')!.Configuration['S3Bucket']).toEqual({ Ref: parameter(made, '/site/staging/promotion-bucket') });
  });
});
