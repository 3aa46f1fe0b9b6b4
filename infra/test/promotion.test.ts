/** One artifact, verified once, that several environments release. */
import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../src/settings.js';
import { abroad, action, dev, first, firstOfTwo, home, last, order, resources, stages, staging, started, template, text, variables } from './support.js';

const KEY = 'promoted/verified.zip';

type Statement = { Action: string | string[]; Resource: any; Effect: string; Principal?: any; Condition?: any; Sid?: string };

/** The bucket that a pipeline releases from, by its logical name. */
function source(settings: Settings): { id: string; name: string } {
  const found = Object.entries(resources(template(settings), 'AWS::S3::Bucket')).filter(([id]) => id.includes('Promoted'));
  expect(found).toHaveLength(1);
  const [id, { Properties }] = found[0]!;
  return { id, name: text(Properties['BucketName']) };
}

/** The statements of the role that promotes. */
function promoting(settings: Settings): Statement[] {
  const policies = Object.entries(resources(template(settings), 'AWS::IAM::Policy'));
  return policies.filter(([id]) => id.startsWith('PipelinePromotionRole')).flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement);
}

/** Where the role may write, and whose the bucket must be. */
function writable(settings: Settings): { object: string; owner: string }[] {
  const puts = promoting(settings).filter(({ Action, Sid }) => Action === 's3:PutObject' && Sid === undefined);
  return puts.map(({ Resource, Condition }) => ({ object: text(Resource), owner: text(Condition.StringEquals['aws:ResourceAccount']) }));
}

/** The statements of the policy of the bucket that a pipeline releases from. */
function policy(settings: Settings): Statement[] {
  const { id } = source(settings);
  const policies = Object.values(resources(template(settings), 'AWS::S3::BucketPolicy'));
  return policies.find(({ Properties }) => Properties['Bucket'].Ref === id)!.Properties['PolicyDocument'].Statement;
}

/** A text with the account and the region of a template instead of the pseudo parameters. */
function at(place: { account: string | null; region: string | null }, value: string): string {
  return value
    .replaceAll('<AWS::Partition>', 'aws')
    .replaceAll('<AWS::AccountId>', place.account!)
    .replaceAll('<AWS::Region>', place.region!);
}

describe('an environment that promotes', () => {
  const made = template(first);

  test('passes on the artifact of its verification, after everything else', () => {
    expect(order(made)).toEqual([['Source'], ['Verify'], ['Database', 'Publish'], ['Promote-staging']]);
    const promote = action(made, 'Promote-staging')!;
    expect(promote.InputArtifacts).toEqual(action(made, 'Verify')!.OutputArtifacts);
    expect(variables(promote)).toEqual({
      RELEASE_ROLLBACK: '#{variables.RELEASE_ROLLBACK}',
      RELEASE_COMMIT: expect.stringMatching(/^#\{.*\.CommitId\}$/),
      RELEASE_EXECUTION: '#{codepipeline.PipelineExecutionId}',
      PROMOTION_ENVIRONMENT: 'staging',
      PROMOTION_ACCOUNT: '<AWS::AccountId>',
      PROMOTION_REGION: '<AWS::Region>',
      PROMOTION_BUCKET: 'site-staging-src-<AWS::AccountId>-<AWS::Region>',
      PROMOTION_KEY: KEY,
    });
    made.hasResourceProperties('AWS::CodeBuild::Project', {
      Name: 'site-dev-promote',
      Source: { BuildSpec: 'buildspec/promote.yml' },
      Environment: { EnvironmentVariables: [Match.objectLike({ Name: 'AMPLIFY_ENV', Value: 'dev' })] },
      VpcConfig: Match.absent(),
    });
    const tool = readFileSync('../xtask/src/promote.rs', 'utf8');
    expect(tool).toContain(`ARTIFACT: &str = "${promote.InputArtifacts![0]!.Name}"`);
  });

  test('passes it on to each environment in an action of its own, which can be retried alone', () => {
    const { Actions } = stages(template(firstOfTwo)).find(({ Name }) => Name === 'Promote')!;
    expect(Actions.map(({ Name }) => Name)).toEqual(['Promote-prod', 'Promote-demo']);
    expect(variables(Actions[0]!)).toMatchObject({
      PROMOTION_ENVIRONMENT: 'prod',
      PROMOTION_ACCOUNT: '444455556666',
      PROMOTION_REGION: 'ap-southeast-1',
      PROMOTION_BUCKET: 'site-prod-src-444455556666-ap-southeast-1',
    });
  });

  test('may write these objects, and look up its own executions', () => {
    expect(writable(first)).toEqual([
      { object: `arn:<AWS::Partition>:s3:::site-staging-src-<AWS::AccountId>-<AWS::Region>/${KEY}`, owner: '<AWS::AccountId>' },
    ]);
    expect(writable(firstOfTwo)).toEqual([
      { object: `arn:<AWS::Partition>:s3:::site-prod-src-444455556666-ap-southeast-1/${KEY}`, owner: '444455556666' },
      { object: `arn:<AWS::Partition>:s3:::site-demo-src-111122223333-eu-west-1/${KEY}`, owner: '111122223333' },
    ]);
    // The rest is what every build may do: write its logs, read the artifacts of this pipeline, and write its own cache.
    const rest = promoting(firstOfTwo).filter(({ Condition }) => Condition === undefined);
    const lists = rest.filter(({ Action }) => Action === 'codepipeline:ListActionExecutions');
    expect(lists.map(({ Resource }) => JSON.stringify(Resource))).toEqual([expect.stringMatching(/":site-dev"\]\]\}$/)]);
    const others = rest.filter((statement) => !lists.includes(statement)).flatMap(({ Resource }) => [Resource].flat());
    expect(others.filter((resource) => !/PipelineBucket|log-group|PipelinePromote/.test(JSON.stringify(resource)))).toEqual([]);
    // The other builds cannot promote.
    const elsewhere = Object.entries(resources(template(firstOfTwo), 'AWS::IAM::Policy')).filter(([id]) => !id.startsWith('PipelinePromotionRole'));
    expect(JSON.stringify(elsewhere)).not.toContain('-src-');
  });

  test('is the only one with any of this', () => {
    expect(order(template(dev)).flat().filter((name) => name.startsWith('Promote'))).toEqual([]);
    template(dev).resourceCountIs('AWS::S3::Bucket', 1);
    made.resourceCountIs('AWS::S3::Bucket', 1);
  });
});

describe('an environment that is promoted', () => {
  const made = template(staging);

  test('releases the artifact as it is, after approval, and passes it on', () => {
    expect(order(made)).toEqual([['Source'], ['Approve'], ['Database', 'Publish'], ['Promote-prod']]);
    const fetched = action(made, 'Source')!;
    expect(fetched.Configuration).toMatchObject({ S3Bucket: { Ref: source(staging).id }, S3ObjectKey: KEY, PollForSourceChanges: false });
    for (const name of ['Database', 'Publish', 'Promote-prod']) {
      expect(action(made, name)!.InputArtifacts).toEqual(fetched.OutputArtifacts);
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

  test('keeps versions of it in a private bucket of its own, which reports each', () => {
    made.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        BucketName: Match.anyValue(),
        VersioningConfiguration: { Status: 'Enabled' },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        LifecycleConfiguration: {
          Rules: [Match.objectLike({ ExpirationInDays: Match.absent(), NoncurrentVersionExpiration: { NoncurrentDays: 90 } })],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicPolicy: true, RestrictPublicBuckets: true }),
      },
    });
    made.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('starts when the object is written, with the version that was', () => {
    const [pipeline] = Object.keys(resources(made, 'AWS::CodePipeline::Pipeline'));
    made.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: source(staging).id }] }, object: { key: [KEY] } },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: pipeline }])] } })],
    });
    const version = 'L4kqtJlcpXroDTDmJ';
    const { path, input } = started(made, 'aws.s3', version);
    expect(path).toBe('$.detail.object.version-id');
    expect(input).toEqual({ sourceRevisions: [{ actionName: action(made, 'Source')!.Name, revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: version }] });
    made.resourceCountIs('AWS::CloudTrail::Trail', 0);
  });

  test('lets one role of one account write this object, encrypted in transit', () => {
    for (const [settings, account] of [[staging, '<AWS::AccountId>'], [last, '111122223333']] as const) {
      const { id } = source(settings);
      const [tls, promote, ...more] = policy(settings);
      expect(more).toEqual([]);
      expect(tls).toMatchObject({ Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
      expect(promote).toMatchObject({ Effect: 'Allow', Action: 's3:PutObject' });
      expect(promote!.Resource).toEqual({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, `/${KEY}`]] });
      // Not the role, which may not exist yet.
      expect(text(promote!.Principal.AWS)).toBe(`arn:<AWS::Partition>:iam::${account}:root`);
      const { StringEquals, ...operators } = promote!.Condition;
      expect([Object.keys(operators), Object.keys(StringEquals)]).toEqual([[], ['aws:PrincipalArn']]);
      expect(text(StringEquals['aws:PrincipalArn'])).toBe(`arn:<AWS::Partition>:iam::${account}:role/site-dev-promote`);
    }
  });

  test('may only read that bucket', () => {
    const { id } = source(staging);
    const all = Object.values(resources(made, 'AWS::IAM::Policy')).flatMap(({ Properties }) => Properties['PolicyDocument'].Statement as Statement[]);
    const reading = all.filter(({ Resource }) => JSON.stringify(Resource).includes(id));
    expect(reading.flatMap(({ Action }) => Action).sort()).toEqual(['s3:GetBucket*', 's3:GetObject*', 's3:List*']);
    const bucket = { 'Fn::GetAtt': [id, 'Arn'] };
    expect(reading.flatMap(({ Resource }) => Resource)).toEqual([bucket, { 'Fn::Join': ['', [bucket, `/${KEY}`]] }]);
  });

  test('can be the last one, with an expansion and a contraction', () => {
    expect(order(template(last))).toEqual([['Source'], ['Approve'], ['Database', 'Publish', 'ApproveContract', 'Contract']]);
  });
});

test('the bucket has a name without references, which CloudFormation can import, where the template is for one place', () => {
  const deployed = template({ ...staging, here: { environment: 'staging', account: '111122223333', region: 'eu-west-1' } });
  deployed.hasResourceProperties('AWS::S3::Bucket', { BucketName: 'site-staging-src-111122223333-eu-west-1' });
});

describe('two environments', () => {
  test('agree on the bucket and the role, although neither stack reads the other', () => {
    for (const [from, to, there] of [[first, staging, home], [firstOfTwo, last, abroad]] as const) {
      const name = at(there, source(to).name);
      expect(writable(from).map(({ object, owner }) => ({ object: at(home, object), owner: at(home, owner) }))).toContainEqual({
        object: `arn:aws:s3:::${name}/${KEY}`,
        owner: there.account,
      });
      const [, promote] = policy(to);
      const [role] = Object.entries(resources(template(from), 'AWS::IAM::Role')).find(([id]) => id.startsWith('PipelinePromotionRole'))!;
      const roleName = resources(template(from), 'AWS::IAM::Role')[role]!.Properties['RoleName'];
      expect(at(there, text(promote!.Condition.StringEquals['aws:PrincipalArn']))).toBe(`arn:aws:iam::${home.account}:role/${roleName}`);
      template(from).hasResourceProperties('AWS::CodeBuild::Project', {
        Name: 'site-dev-promote',
        ServiceRole: { 'Fn::GetAtt': [role, 'Arn'] },
      });
    }
    const imports = [first, staging, firstOfTwo, last].map((settings) => JSON.stringify(template(settings)));
    expect(imports.filter((made) => /promotion-bucket|Fn::ImportValue/.test(made))).toEqual([]);
  });

  test('have names that every project has room for', () => {
    // The longest project, environment and region.
    const longest = { ...last, project: 'p'.repeat(20), environment: 'e'.repeat(10) };
    expect(at(abroad, source(longest).name)).toMatch(/^p{20}-e{10}-src-.{27}$/);
    expect(at(abroad, source(longest).name).length).toBeLessThanOrEqual(63);
  });
});
