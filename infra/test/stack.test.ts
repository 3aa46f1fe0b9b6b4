/** The guarantees of the stack, tested on its CloudFormation template. */
import { readFileSync } from 'node:fs';
import { Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { acknowledge } from '../src/acknowledgments.js';
import type { Settings } from '../src/settings.js';
import { ReleaseStack } from '../src/stack.js';
import { action, app, cloudfront, dev, first, gen1, home, order, prod, read, resources, staging, started, statements, template, variables, write } from './support.js';

/** The parameters that `amplify/backend.ts` reads. */
function parametersOf(settings: Settings): Record<string, string | Record<string, unknown>> {
  const all = Object.values(resources(template(settings), 'AWS::SSM::Parameter'));
  return Object.fromEntries(all.map(({ Properties }) => [Properties['Name'], Properties['Value']]));
}

describe('the network', () => {
  test('has two public and two private subnets of 64 addresses, in two zones', () => {
    const subnets = Object.values(resources(template(dev), 'AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    expect(subnets.map((subnet) => subnet['CidrBlock'])).toEqual([
      '10.1.100.0/26',
      '10.1.100.64/26',
      '10.1.100.128/26',
      '10.1.100.192/26',
    ]);
    expect(new Set(subnets.map((subnet) => JSON.stringify(subnet['AvailabilityZone']))).size).toBe(2);
    expect(subnets.every((subnet) => subnet['MapPublicIpOnLaunch'] === false)).toBe(true);
    template(dev).resourceCountIs('AWS::EC2::NatGateway', 1);
  });

  test('lets only the migration build and the functions connect to the database', () => {
    const made = template(dev);
    const [group] = Object.entries(resources(made, 'AWS::EC2::SecurityGroup')).find(([, { Properties }]) =>
      Properties['GroupDescription'].startsWith('The database'),
    )!;
    const ingress = Object.values(resources(made, 'AWS::EC2::SecurityGroupIngress'));
    const sources = ingress.map(({ Properties }) => {
      expect(Properties).toMatchObject({ FromPort: 5432, ToPort: 5432, GroupId: { 'Fn::GetAtt': [group, 'GroupId'] } });
      return Properties['SourceSecurityGroupId']['Fn::GetAtt'][0];
    });
    expect(sources.sort()).toEqual([expect.stringMatching(/^NetworkBuild/), expect.stringMatching(/^NetworkFunctions/)]);
    for (const { Properties } of Object.values(resources(made, 'AWS::EC2::SecurityGroup'))) {
      expect(Properties['SecurityGroupIngress']).toBeUndefined();
    }
  });
});

describe('a network without a gateway', () => {
  const made = template(prod);
  const groups = Object.entries(resources(made, 'AWS::EC2::SecurityGroup'));
  const group = (id: string) => groups.find(([name]) => name.startsWith(`Network${id}`))![0];

  test('has no outbound route, and keeps the address ranges of its private subnets', () => {
    for (const type of ['NatGateway', 'InternetGateway', 'EIP', 'Route']) {
      made.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    const subnets = Object.values(resources(made, 'AWS::EC2::Subnet')).map(({ Properties }) => Properties['CidrBlock']);
    expect(subnets).toEqual(['10.1.100.128/26', '10.1.100.192/26']);
  });

  test('has endpoints for everything that the migration build calls', () => {
    const endpoints = Object.values(resources(made, 'AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties);
    const services = endpoints.map(({ ServiceName }) => JSON.stringify(ServiceName).match(/\.([a-z0-9]+)"/)?.[1]);
    expect(services.sort()).toEqual(['codebuild', 'logs', 's3', 'secretsmanager']);
    for (const endpoint of endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface')) {
      expect(endpoint['PrivateDnsEnabled']).toBe(true);
      expect(endpoint['SecurityGroupIds']).toEqual([{ 'Fn::GetAtt': [group('Endpoints'), 'GroupId'] }]);
      expect(endpoint['SubnetIds']).toHaveLength(1);
    }
  });

  test('lets only the clients of the database connect to it and to the endpoints, and only the functions to the proxy', () => {
    const allowed = Object.values(resources(made, 'AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => [
      Properties['SourceSecurityGroupId']['Fn::GetAtt'][0],
      Properties['GroupId']['Fn::GetAtt'][0],
      Properties['FromPort'],
    ]);
    const clients = [group('Build'), group('Functions'), group('Rotation')];
    expect(allowed.sort()).toEqual(
      [
        ...clients.flatMap((client) => [[client, group('Database'), 5432], [client, group('Endpoints'), 443]]),
        [group('Functions'), group('Proxy'), 5432],
        [group('Proxy'), group('Database'), { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseCluster/), 'Endpoint.Port'] }],
      ].sort(),
    );
    for (const [, { Properties }] of groups) {
      expect(Properties['SecurityGroupIngress']).toBeUndefined();
    }
  });
});

describe('the database', () => {
  test('is encrypted, requires TLS, accepts IAM tokens, and pauses if configured', () => {
    const made = template(dev);
    made.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      EngineVersion: Match.stringLikeRegexp('^17\\.'),
      StorageEncrypted: true,
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: 7,
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 2, SecondsUntilAutoPause: 600 },
    });
    made.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
    made.hasResourceProperties('AWS::RDS::DBInstance', { DBInstanceClass: 'db.serverless', PubliclyAccessible: false });
    template(prod).hasResourceProperties('AWS::RDS::DBCluster', {
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, SecondsUntilAutoPause: Match.absent() },
    });
  });

  test('is deleted with the development environment and kept in all others', () => {
    template(dev).hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtection: false },
    });
    template(prod).hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: { DeletionProtection: true },
    });
  });

  test('can be rolled back entirely by the deployment that creates it', () => {
    const first = { ...prod, first_deployment: true };
    const stack = new ReleaseStack(app(), first);
    expect(stack.terminationProtection).toBe(false);
    Template.fromStack(stack).hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { DeletionProtection: false },
    });
    // The next one sets the protection, and changes nothing else.
    const [before, after] = [first, prod].map((settings) => template(settings).toJSON());
    for (const made of [before, after]) {
      const cluster = Object.values(made.Resources as Record<string, any>).find(({ Type }) => Type === 'AWS::RDS::DBCluster')!;
      delete cluster.DeletionPolicy;
      delete cluster.UpdateReplacePolicy;
      delete cluster.Properties.DeletionProtection;
    }
    expect(before).toEqual(after);
  });

  test('has readers, which take over from the writer, and is measured if configured', () => {
    template(dev).resourceCountIs('AWS::RDS::DBInstance', 1);
    template(prod).resourceCountIs('AWS::RDS::DBInstance', 2);
    const measured = { MonitoringInterval: 60, EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 7 };
    template(prod).allResourcesProperties('AWS::RDS::DBInstance', { ...measured, PromotionTier: Match.anyValue() });
    template(prod).hasResourceProperties('AWS::RDS::DBInstance', { PromotionTier: 1 });
    template(dev).hasResourceProperties('AWS::RDS::DBInstance', { MonitoringInterval: Match.absent(), EnablePerformanceInsights: Match.absent() });
  });
});

test('the password is rotated if configured', () => {
  template(dev).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  template(prod).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: 'rate(30 days)' },
    RotateImmediatelyOnUpdate: false,
    HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser', VpcSecurityGroupIds: Match.anyValue() },
  });
});

describe('the pipeline', () => {
  test('verifies, migrates and publishes in sequence, one release at a time', () => {
    const made = template(dev);
    expect(order(made)).toEqual([['Source'], ['Verify'], ['Database', 'Publish']]);
    made.hasResourceProperties('AWS::CodePipeline::Pipeline', { PipelineType: 'V2', ExecutionMode: 'QUEUED' });
  });

  test('requires approval, expands and contracts if configured', () => {
    const made = template(prod);
    expect(order(made)).toEqual([['Source'], ['Verify'], ['Approve'], ['Database', 'Publish', 'ApproveContract', 'Contract']]);
    const target = (name: string) => variables(action(made, name)!)['DATABASE_TARGET'];
    expect([target('Database'), target('Publish'), target('Contract')]).toEqual([
      'expand@heads',
      'expand@heads',
      'contract@heads',
    ]);
    expect(action(made, 'Source')!.Configuration).toMatchObject({ FullRepositoryId: 'team/site', BranchName: 'main' });
  });

  test('has no action that docs/operations.md does not explain', () => {
    const page = readFileSync('../docs/operations.md', 'utf8');
    const explained = [...page.matchAll(/^\| ([\w-]+) \| /gm)].map(([, name]) => name);
    const actions = [prod, staging].flatMap((settings) => order(template(settings)).flat());
    const names = actions.map((name) => name.replace(/^Promote-\w+$/, 'Promote-ENVIRONMENT'));
    expect(names).toContain('Promote-ENVIRONMENT');
    expect(names.filter((name) => !explained.includes(name))).toEqual([]);
  });

  test('passes the exported variable of the migration to the publication', () => {
    expect(variables(action(template(dev), 'Publish')!)['DATABASE_HEADS']).toBe('#{Database.DATABASE_HEADS}');
    const buildspec = readFileSync('../buildspec/database.yml', 'utf8');
    expect(buildspec).toMatch(/exported-variables:\n\s+- DATABASE_HEADS/);
  });

  test('tells every build whether it belongs to a rollback, and the contraction what came before it', () => {
    const made = template(prod);
    made.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Variables: [Match.objectLike({ Name: 'RELEASE_ROLLBACK', DefaultValue: 'none' })],
    });
    for (const name of ['Database', 'Publish', 'Contract']) {
      expect(variables(action(made, name)!)['RELEASE_ROLLBACK']).toBe('#{variables.RELEASE_ROLLBACK}');
    }
    expect(variables(action(made, 'Contract')!)).toMatchObject({
      DATABASE_HEADS: '#{Database.DATABASE_HEADS}',
      DATABASE_WAIT_MINUTES: '30',
    });
    // Without these heads, it is the beginning of a release.
    expect(variables(action(made, 'Database')!)['DATABASE_HEADS']).toBeUndefined();
    expect(variables(action(made, 'Database')!)['DATABASE_WAIT_MINUTES']).toBeUndefined();
  });

  test('migrates and publishes with exactly what was verified, without compiling', () => {
    for (const settings of [dev, prod]) {
      const made = template(settings);
      const names = (artifacts: { Name: string }[] | undefined) => artifacts?.map(({ Name }) => Name);
      expect(names(action(made, 'Verify')!.OutputArtifacts)).toEqual(['Verified']);
      const later = ['Database', 'Publish', 'Contract'].map((name) => action(made, name));
      for (const build of later.filter((found) => found !== undefined)) {
        expect(names(build.InputArtifacts)).toEqual(['Verified']);
        expect(variables(build)).toMatchObject({ RELEASE_COMMIT: expect.stringMatching(/^#\{.*\.CommitId\}$/) });
      }
    }
    for (const name of ['database', 'publish', 'fleet']) {
      const buildspec = readFileSync(`../buildspec/${name}.yml`, 'utf8');
      expect(buildspec).not.toMatch(/rust:|\.cargo|target\//);
    }
  });

  test('runs the buildspecs of the repository on their image with their variables', () => {
    const projects = Object.values(resources(template(dev), 'AWS::CodeBuild::Project')).map(({ Properties }) => Properties);
    // What `cargo xtask buildspec check` knows about an image.
    const image = readFileSync('src/image.toml', 'utf8');
    const names = projects.map(({ Name, Environment, Source, VpcConfig, EncryptionKey }) => {
      const buildspec = readFileSync(`../${Source.BuildSpec}`, 'utf8');
      expect(image).toContain(`image = "${Environment.Image}"`);
      expect(EncryptionKey).toBe('alias/aws/s3');
      const given = (Environment.EnvironmentVariables ?? []) as { Name: string; Type: string }[];
      const isSecret = ({ Name: name }: { Name: string }) => /SECRET|KEY/.test(name);
      expect(given.filter(isSecret).every(({ Type }) => Type === 'SECRETS_MANAGER')).toBe(true);
      return { name: Name, inVpc: VpcConfig !== undefined, given: given.map(({ Name: name }) => name) };
    });
    const database = ['USERNAME', 'PASSWORD', 'HOST', 'PORT', 'DBNAME'].map((part) => `DATABASE_SECRET_${part}`);
    expect(names).toEqual([
      { name: 'site-dev-verify', inVpc: false, given: [] },
      { name: 'site-dev-database', inVpc: true, given: database },
      { name: 'site-dev-publish', inVpc: false, given: ['AMPLIFY_APP_ID', 'AMPLIFY_ENV'] },
    ]);
  });

  test('lets each build write its own cache, and only the verification an artifact', () => {
    for (const settings of [dev, first, staging]) {
      const projects = Object.values(resources(template(settings), 'AWS::CodeBuild::Project')).map(({ Properties }) => Properties);
      const bucket = Object.keys(resources(template(settings), 'AWS::S3::Bucket')).find((id) => /^PipelineBucket/.test(id))!;
      const writable = projects.map(({ Name, ServiceRole, Cache }) => {
        const name: string = Name.replace(/^site-\w+-/, '');
        expect(Cache).toEqual({ Type: 'S3', Location: { 'Fn::Join': ['', [{ Ref: bucket }, `/cache/${name}`]] } });
        const role = ServiceRole['Fn::GetAtt'][0];
        const policies = Object.values(resources(template(settings), 'AWS::IAM::Policy')).filter(({ Properties }) =>
          JSON.stringify(Properties['Roles']).includes(`"${role}"`),
        );
        const all = policies.flatMap(({ Properties }) => Properties['PolicyDocument'].Statement as { Action: string | string[]; Resource: unknown }[]);
        const writes = all.filter(({ Action }) => [Action].flat().some((name) => /^s3:(\*|Put|Delete|Abort|Create)/.test(name)));
        const places = writes.flatMap(({ Resource }) => [Resource].flat().map((resource) => JSON.stringify(resource)));
        const objects = places.filter((place) => place.includes(bucket)).map((place) => place.match(/"(\/.*)"\]\]\}$/)?.[1]);
        return [name, objects.filter((place) => place !== undefined).sort()];
      });
      const expected: Record<string, string[]> = {
        verify: ['/*', '/cache/verify/*'],
        database: ['/cache/database/*'],
        publish: ['/cache/publish/*'],
        promote: ['/cache/promote/*'],
      };
      expect(writable).toEqual(writable.map(([name]) => [name, expected[name as string]]));
    }
  });

  test('keeps artifacts private and expires every log', () => {
    const made = template(prod);
    made.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
    made.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
  });

  test('retains the source and the artifacts when it is deleted', () => {
    const made = template(dev);
    const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
    made.hasResource('AWS::CodeCommit::Repository', kept);
    made.hasResource('AWS::S3::Bucket', kept);
  });

  test('keeps previous versions of artifacts if configured', () => {
    template(dev).hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: Match.absent() });
    template(prod).hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 30 } })] },
    });
  });

  test('refers to a repository that an earlier stack has left behind, and does not create it', () => {
    const made = template({ ...dev, existing_repository: true });
    made.resourceCountIs('AWS::CodeCommit::Repository', 0);
    expect(action(made, 'Source')!.Configuration).toMatchObject({ RepositoryName: 'site-dev', BranchName: 'main' });
    expect(JSON.stringify(started(made, 'aws.codecommit', '').pattern)).toMatch(/:codecommit:.*:site-dev"/);
    expect(Object.keys(made.findOutputs('*'))).toEqual(Object.keys(template(dev).findOutputs('*')));
  });

  test('starts when the branch is pushed, with the commit that was', () => {
    const made = template({ ...dev, branch: 'develop' });
    const [repository] = Object.keys(resources(made, 'AWS::CodeCommit::Repository'));
    const commit = '78a2f3c1d0e9b8a7f6e5d4c3b2a190817263544f';
    const { pattern, path, input } = started(made, 'aws.codecommit', commit);
    expect(pattern).toEqual({
      source: ['aws.codecommit'],
      resources: [{ 'Fn::GetAtt': [repository, 'Arn'] }],
      'detail-type': ['CodeCommit Repository State Change'],
      detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: ['develop'] },
    });
    expect(path).toBe('$.detail.commitId');
    expect(input).toEqual({ sourceRevisions: [{ actionName: action(made, 'Source')!.Name, revisionType: 'COMMIT_ID', revisionValue: commit }] });
    expect(action(made, 'Source')!.Configuration).toMatchObject({ BranchName: 'develop', PollForSourceChanges: false });
    // CodePipeline itself receives the pushes of a connection.
    expect(Object.values(resources(template(prod), 'AWS::Events::Rule')).filter(({ Properties }) => Properties['EventPattern'].source[0] === 'aws.codecommit')).toEqual([]);
  });

  test('sends a notification when a release fails', () => {
    for (const settings of [dev, prod]) {
      template(settings).hasResourceProperties('AWS::CodeStarNotifications::NotificationRule', {
        EventTypeIds: ['codepipeline-pipeline-pipeline-execution-failed'],
      });
    }
    template(prod).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'team@example.com' });
    template(dev).resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('lets only the services that notify publish, and encrypts with a key that they can use if configured', () => {
    const services = ['cloudwatch.amazonaws.com', 'codestar-notifications.amazonaws.com'];
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const granted = { Condition: ofThisAccount, Effect: 'Allow', Principal: { Service: services } };
    for (const settings of [dev, prod]) {
      template(settings).hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ ...granted, Action: 'sns:Publish' })]) },
      });
    }
    template(dev).hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.absent() });
    template(prod).hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template(prod).hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ ...granted, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] })]) },
    });
  });
});

describe('the alarms', () => {
  const alarms = (settings: Settings) =>
    Object.fromEntries(
      Object.values(resources(template(settings), 'AWS::CloudWatch::Alarm')).map(({ Properties }) => [Properties['AlarmName'], Properties]),
    );

  test('go to the topic, and are silent while nothing runs', () => {
    const found = alarms(prod);
    expect(Object.keys(found).sort()).toEqual(['capacity', 'connections', 'release-failed', 'slow-migration'].map((name) => `site-prod-${name}`));
    const [topic] = Object.keys(resources(template(prod), 'AWS::SNS::Topic'));
    for (const alarm of Object.values(found)) {
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topic }], TreatMissingData: 'notBreaching' });
    }
    expect(parametersOf(prod)['/site/prod/alarm-topic']).toEqual({ Ref: topic });
  });

  test('watch the pipeline, the migration and the database', () => {
    const found = alarms(dev);
    const metric = (name: string) => [found[`site-dev-${name}`]!['Namespace'], found[`site-dev-${name}`]!['MetricName']];
    expect(metric('release-failed')).toEqual(['AWS/CodePipeline', 'FailedPipelineExecutions']);
    expect(metric('slow-migration')).toEqual(['AWS/CodeBuild', 'CPUUtilized']);
    expect(metric('connections')).toEqual(['AWS/RDS', 'DatabaseConnections']);
    expect(metric('capacity')).toEqual(['AWS/RDS', 'ACUUtilization']);
    const slow = alarms({ ...dev, migration_minutes: 5 })['site-dev-slow-migration']!;
    expect([found['site-dev-slow-migration']!['EvaluationPeriods'], slow['EvaluationPeriods'], slow['Period']]).toEqual([30, 5, 60]);
  });

  test.each([
    // 80 % of Aurora's own limits: 189 connections at one unit, 823 at four, 2000 with a minimum below one, 5000 at most.
    [{ maximum_acu: 1 }, 151],
    [{ maximum_acu: 4 }, 657],
    [{ maximum_acu: 64 }, 1600],
    [{ minimum_acu: 1, maximum_acu: 64 }, 4000],
  ])('report connections near the limit: %o', (capacity, expected) => {
    expect(alarms({ ...dev, ...capacity })['site-dev-connections']!['Threshold']).toBe(expected);
  });

  test('have a dashboard, which finds the functions of the app', () => {
    const [dashboard] = Object.values(resources(template(dev), 'AWS::CloudWatch::Dashboard'));
    expect(dashboard!.Properties['DashboardName']).toBe('site-dev');
    const body = JSON.stringify(dashboard!.Properties['DashboardBody']);
    for (const shown of ['ServerlessDatabaseCapacity', 'DatabaseConnections', 'PipelineDuration', 'Url5xxCount', 'AppId']) {
      expect(body).toContain(shown);
    }
  });
});

describe('permissions', () => {
  test('no statement allows every action of a service', () => {
    const service = /^([a-z0-9-]+:[A-Z][A-Za-z]+\*?|rds-db:connect)$/;
    for (const { actions } of [dev, prod, gen1, staging].flatMap(statements)) {
      expect(actions.filter((action) => !service.test(action))).toEqual([]);
    }
  });

  test('only the network interfaces of the build have an unrestricted resource', () => {
    const everywhere = statements(dev).filter(({ resources: all }) => all.includes('*'));
    expect(everywhere).toHaveLength(1);
    expect(everywhere[0]!.actions.every((action) => action.startsWith('ec2:'))).toBe(true);
  });

  test('the publishing build cannot access the database, nor Amplify if user keys are used', () => {
    const publishing = (settings: Settings) =>
      statements(settings).filter(({ name }) => name.startsWith('PipelinePublishRole')).flatMap(({ actions }) => actions);
    expect(publishing(dev)).toContain('amplify:StartDeployment');
    expect(publishing(gen1)).toContain('amplify:GetBackendEnvironment');
    expect(publishing(dev).filter((action) => action.startsWith('secretsmanager:'))).toEqual([]);
    expect(publishing(prod).filter((action) => /^(amplify|cloudfront|iam|sts):/.test(action))).toEqual([]);
  });

  test('a Gen 2 publication changes resources only as the CDK, and only the branch of this environment', () => {
    const own = statements(dev).filter(({ name }) => name.startsWith('PipelinePublishRole'));
    const actions = own.flatMap((statement) => statement.actions);
    const writes = actions.filter((action) => !/:(Get|List|Describe|BatchGet)/.test(action) && /^(amplify|cloudformation|iam|sts|lambda|cloudfront):/.test(action));
    expect(writes.sort()).toEqual(
      ['sts:AssumeRole', ...['CreateBranch', 'CreateDeployment', 'StartDeployment', 'UpdateApp'].map((call) => `amplify:${call}`)].sort(),
    );
    const assumed = JSON.stringify(own.find((statement) => statement.actions.includes('sts:AssumeRole'))!.resources);
    for (const role of ['deploy', 'file-publishing', 'lookup']) {
      expect(assumed).toContain(`:role/cdk-hnb659fds-${role}-role-`);
    }
    expect(assumed).not.toMatch(/\*|cfn-exec/);
    const branches = own.filter((statement) => statement.actions.some((action) => action.startsWith('amplify:')));
    for (const { resources: all } of branches) {
      expect(JSON.stringify(all)).toMatch(/App.*AppId/);
      expect(all.map((resource) => JSON.stringify(resource).match(/"(\/[^"]*)?"\]\]\}$/)?.[1]).every((end) => !end || end.startsWith('/branches/dev'))).toBe(true);
    }
  });

  test('a page on a bucket of its own adds its upload and the invalidation, and nothing else', () => {
    const of = (settings: Settings) => statements(settings).map((statement) => JSON.stringify(statement));
    const [without, added] = [of(dev), of(cloudfront).filter((statement) => !of(dev).includes(statement))];
    expect(of(cloudfront).filter((statement) => without.includes(statement))).toEqual(without);
    const bucket = `:s3:::site-dev-page-<AWS::AccountId>-<AWS::Region>`;
    const text = (resource: unknown): string =>
      (resource as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`))
        .join('')
        .replace('arn:<AWS::Partition>', '');
    const parsed = added.map((statement) => JSON.parse(statement));
    expect(parsed.map(({ actions, resources: all }) => [actions, all.map(text)])).toEqual([
      [['s3:ListBucket'], [bucket]],
      [['s3:DeleteObject', 's3:PutObject'], [`${bucket}/*`]],
      [
        ['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
        [':cloudfront::<AWS::AccountId>:distribution/*'],
      ],
    ]);
  });

  test('a Gen 1 project has no permissions for it', () => {
    expect(template({ ...gen1, hosting: 'cloudfront' }).toJSON()).toEqual(template(gen1).toJSON());
  });

  /** The findings of the AwsSolutions pack. */
  function findings(settings: Settings, reasons: boolean): string[] {
    const whole = app();
    const stack = new ReleaseStack(whole, settings);
    if (reasons) {
      acknowledge(stack, settings);
    }
    Validations.of(whole).addPlugins(new AwsSolutionsChecks(whole));
    try {
      whole.synth();
      return [];
    } catch (error) {
      return [...String(error).matchAll(/Acknowledge with '(.*)'/g)].map(([, rule]) => rule ?? '');
    } finally {
      process.exitCode = undefined;
    }
  }

  test.each([
    ['dev', dev],
    ['prod', prod],
    ['another environment', { ...dev, environment: 'test' }],
    ['hosting of its own', cloudfront],
    ['Gen 1', gen1],
    ['access of people', write],
    ['promoted', staging],
    ['previews', { ...dev, previews: true }],
  ])('every finding of the AwsSolutions pack has a reason: %s', (_, settings) => {
    expect(findings(settings, true)).toEqual([]);
  });

  test('a finding of checkov that a setting resolves is suppressed only without it', () => {
    type Skip = { id: string; comment: string };
    const skipped = (settings: Settings) => {
      const stack = new ReleaseStack(app(), settings);
      acknowledge(stack, settings);
      const made: { Metadata?: { checkov?: { skip: Skip[] } } }[] = Object.values(Template.fromStack(stack).toJSON()['Resources']);
      const skips = made.flatMap(({ Metadata }) => Metadata?.checkov?.skip ?? []);
      expect(skips.filter(({ comment }) => comment === '')).toEqual([]);
      return [...new Set(skips.map(({ id }) => id))].sort();
    };
    const always = ['CKV_AWS_111', 'CKV_AWS_149', 'CKV_AWS_158', 'CKV_AWS_18'];
    expect(skipped(prod)).toEqual(always);
    expect(skipped(dev)).toEqual([...always, 'CKV_AWS_118', 'CKV_AWS_21', 'CKV_AWS_26'].sort());
  });

  test('the AwsSolutions pack runs', () => {
    expect(findings(dev, false)).toContain('AwsSolutions::AwsSolutions-CB4');
  });
});

test.each([
  [{ vpc_cidr: '10.0.0.0/25' }, 'vpc_cidr = "10.0.0.0/25": four subnets of 64 addresses need /16 to /24'],
  [{ vpc_cidr: 'everything' }, 'vpc_cidr'],
  [{ environment: 'Staging' }, 'must be 2 to 10 lower-case letters'],
  [{ minimum_acu: 0.25 }, 'minimum_acu = 0.25: must be 0 to 256, in steps of 0.5'],
  [{ minimum_acu: 4 }, 'maximum_acu = 2: must be 1 to 256, in steps of 0.5, and at least minimum_acu'],
  [{ backup_days: 0 }, 'backup_days = 0: must be 1 to 35'],
  [{ rotation_days: 0.5 }, 'rotation_days = 0.5: must be 1 to 1000, or 0 to disable rotation'],
  [{ nat: 'instance' as 'none' }, 'nat = "instance": must be "gateway" or "none"'],
  [{ contract_approval: true }, 'contract_approval = true: has no effect without expand_contract = true'],
  [{ contract_wait_minutes: 5 }, 'contract_wait_minutes = 5: has no effect without expand_contract = true'],
  [{ contract_wait_minutes: 421 }, 'contract_wait_minutes = 421: must be 0 to 420'],
  [{ readers: 16 }, 'readers = 16: must be 0 to 15'],
  [{ monitoring_seconds: 20 }, 'monitoring_seconds = 20: must be 1, 5, 10, 15, 30 or 60'],
  [{ migration_minutes: 0 }, 'migration_minutes = 0: must be 1 to 480'],
  [{ proxy: true }, 'proxy = true: keeps the database from pausing: minimum_acu must be at least 0.5'],
  [{ hosting: 'cloudfront' as const, project: 'a-long-project-name1', environment: 'production' }, 'hosting = "cloudfront": "a-long-project-name1-production" has more than 30'],
  [
    { promotes_to: [{ environment: 'production', account: null, region: null }], project: 'a-long-project-name-1' },
    'the bucket of artifacts promoted to `production` would be "a-long-project-name-1-production-src-000000000000-ap-southeast-1", with 64 characters',
  ],
  [
    { promoted_from: home, here: { ...home, environment: 'dev' }, project: 'Site' },
    'project = "Site": the bucket of artifacts promoted to `dev` would be "Site-dev-src-111122223333-eu-west-1"',
  ],
  [{ database_user: 'rooms api' }, 'database_user = "rooms api": must be a name'],
  [{ database_reader: '*' }, 'database_reader = "*": must be a name'],
  [{ database_access: 'all' as never }, 'database_access = "all": must be "off", "read" or "write"'],
  [{ database_user: '*' }, 'must be a name in lower-case letters, digits and underscores'],
  [{ previews: true, environment: 'prod' }, 'is only for `dev`'],
  [{ previews: true, generation: 1 }, 'needs a backend of Amplify Gen 2'],
  [{ backend_actions: ['ses:*'] }, '`ses:*` must be `service:Action`, without a wildcard'],
  [{ backend_actions: ['ses:SendEmail', 'iam:PassRole'] }, '`iam:PassRole` could grant more than this boundary allows'],
  [{ postgres_major: 9 }, 'postgres_major = 9: must be one of 16, 17'],
  [{ connection: 'arn:aws:codeconnections:eu-west-1:111122223333:connection/1' }, 'must be `owner/name`'],
  [{ repository: 'team/site' }, 'connection = null: must be the ARN of a CodeConnections connection if `repository` is set'],
])('rejects %o', (wrong, message) => {
  expect(() => template({ ...dev, ...wrong })).toThrow(message);
});

describe('the backend', () => {
  const parameters = parametersOf;
  const boundary = (settings: Settings) => {
    const [policy] = Object.values(resources(template(settings), 'AWS::IAM::ManagedPolicy'));
    return policy!.Properties as { ManagedPolicyName: string; PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } };
  };
  const resourceFor = (settings: Settings, action: string) =>
    boundary(settings).PolicyDocument.Statement.find(({ Action }) => [Action].flat().includes(action))?.Resource;

  test('finds the network and the database by name', () => {
    const cluster = Object.keys(resources(template(dev), 'AWS::RDS::DBCluster'))[0]!;
    const subnets = Object.entries(resources(template(dev), 'AWS::EC2::Subnet')).filter(([name]) => name.includes('private'));
    expect(parameters(dev)).toEqual({
      '/site/dev/vpc-id': { Ref: expect.stringMatching(/^NetworkVpc/) },
      '/site/dev/private-subnet-a': { Ref: subnets[0]![0] },
      '/site/dev/private-subnet-b': { Ref: subnets[1]![0] },
      '/site/dev/availability-zone-a': subnets[0]![1].Properties['AvailabilityZone'],
      '/site/dev/availability-zone-b': subnets[1]![1].Properties['AvailabilityZone'],
      '/site/dev/function-security-group': { 'Fn::GetAtt': [expect.stringMatching(/^NetworkFunctions/), 'GroupId'] },
      '/site/dev/database-host': { 'Fn::GetAtt': [cluster, 'Endpoint.Address'] },
      '/site/dev/database-port': '5432',
      '/site/dev/database-name': 'app',
      '/site/dev/database-resource-id': { 'Fn::GetAtt': [cluster, 'DBClusterResourceId'] },
      '/site/dev/alarm-topic': { Ref: expect.stringMatching(/^PipelineFailures/) },
    });
    const read = [...readFileSync('../xtask/tests/sample/amplify/backend.ts', 'utf8').matchAll(/parameter\('([a-z-]+)'\)/g)];
    expect(new Set(read.map(([, name]) => `/site/dev/${name}`))).toEqual(new Set(Object.keys(parameters(dev))));
  });

  test('connects through the proxy if configured, as one user, with tokens and TLS', () => {
    template(dev).resourceCountIs('AWS::RDS::DBProxy', 0);
    const made = template(prod);
    const [proxy] = Object.keys(resources(made, 'AWS::RDS::DBProxy'));
    made.hasResourceProperties('AWS::RDS::DBProxy', {
      Auth: Match.absent(),
      DefaultAuthScheme: 'IAM_AUTH',
      RequireTLS: true,
      VpcSecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkProxy'), 'GroupId'] }],
    });
    expect(parameters(prod)['/site/prod/database-host']).toEqual({ 'Fn::GetAtt': [proxy, 'Endpoint'] });
    const arn = { 'Fn::GetAtt': [proxy, 'DBProxyArn'] };
    expect(parameters(prod)['/site/prod/database-resource-id']).toEqual({ 'Fn::Select': [6, { 'Fn::Split': [':', arn] }] });
    const [role] = Object.entries(resources(made, 'AWS::IAM::Policy')).filter(([name]) => name.startsWith('DatabaseProxyRole'));
    const connect = role![1].Properties['PolicyDocument'].Statement;
    expect(connect).toHaveLength(1);
    expect(connect[0]).toMatchObject({ Action: 'rds-db:connect', Effect: 'Allow' });
    expect(JSON.stringify(connect[0].Resource)).toMatch(/DBClusterResourceId"\]\},"\/rooms_api"\]\]\}$/);
  });

  test('has a boundary that contains one database user, the added actions, and nothing that widens it', () => {
    expect(boundary(dev).ManagedPolicyName).toBe('site-dev-boundary');
    const connect = (settings: Settings) => [resourceFor(settings, 'rds-db:connect')].flat().map((resource) => JSON.stringify(resource));
    expect(connect(dev)).toHaveLength(1);
    expect(connect(prod)).toHaveLength(2);
    for (const resource of [...connect(dev), ...connect(prod)]) {
      expect(resource).toContain('"/rooms_api"]]}');
    }
    expect(resourceFor(dev, 'ses:SendEmail')).toBeUndefined();
    expect(resourceFor(prod, 'ses:SendEmail')).toBe('*');
    for (const settings of [dev, prod]) {
      const actions = boundary(settings).PolicyDocument.Statement.flatMap(({ Action }) => Action);
      expect(actions.filter((action) => /\*|^(iam|sts|cloudformation|organizations|secretsmanager):/.test(action))).toEqual([]);
    }
  });

  test('has a boundary for previews, if they are allowed, which names their branches and no other', () => {
    const names = (settings: Settings) =>
      Object.values(resources(template(settings), 'AWS::IAM::ManagedPolicy')).map(({ Properties }) => Properties['ManagedPolicyName']);
    expect(names(dev)).toEqual(['site-dev-boundary']);
    const previews = { ...dev, previews: true };
    expect(names(previews)).toEqual(['site-dev-boundary', 'site-dev-preview-boundary']);
    type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown };
    const [own, other] = Object.values(resources(template(previews), 'AWS::IAM::ManagedPolicy')).map(
      ({ Properties }) => Properties['PolicyDocument'].Statement as Statement[],
    );
    const actions = (statements: Statement[]) => statements.map(({ Action }) => Action);
    expect(actions(other!)).toEqual(actions(own!));
    const of = (action: string) => other!.find(({ Action }) => [Action].flat().includes(action))!;
    expect(JSON.stringify(of('amplify:UpdateBranch').Resource)).toMatch(/:apps\/\*\/branches\/preview-\*"\]\]\}$/);
    expect(of('lambda:InvokeFunction').Condition).toEqual({
      StringLike: { 'aws:ResourceTag/amplify:branch-name': 'preview-*' },
    });
    expect(of('rds-db:connect').Resource).toEqual(own!.find(({ Action }) => Action === 'rds-db:connect')!.Resource);
    expect(JSON.stringify(of('ssm:GetParameters').Resource)).not.toContain('parameter/amplify/');
  });
});

describe('the way of people to the database', () => {
  const projects = (of: Settings) => Object.values(resources(template(of), 'AWS::CodeBuild::Project')).map(({ Properties }) => Properties);
  const access = (of: Settings) => projects(of).find(({ Name }) => Name === 'site-dev-access');
  type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown };
  const policies = (of: Settings): Record<string, Statement[]> =>
    Object.fromEntries(
      Object.values(resources(template(of), 'AWS::IAM::ManagedPolicy'))
        .map(({ Properties }) => [Properties['ManagedPolicyName'], Properties['PolicyDocument'].Statement])
        .filter(([name]) => name !== 'site-dev-boundary'),
    );
  const actions = (statements: Statement[]) => statements.flatMap(({ Action }) => Action).sort();

  test('does not exist by default', () => {
    expect(access(dev)).toBeUndefined();
    expect(policies(dev)).toEqual({});
    expect(JSON.stringify(template(dev).toJSON())).not.toMatch(/ssmmessages|ssm:StartSession|log_connections/);
  });

  test('is a build in the network that has no source, no secret, and an end', () => {
    for (const settings of [read, write]) {
      const project = access(settings)!;
      expect(project).toMatchObject({
        Source: { Type: 'NO_SOURCE' },
        Artifacts: { Type: 'NO_ARTIFACTS' },
        TimeoutInMinutes: 120,
        VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^NetworkAccess/), 'GroupId'] }] },
      });
      expect(project['Environment'].EnvironmentVariables ?? []).toEqual([]);
      expect(JSON.parse(project['Source'].BuildSpec).phases.build.commands).toEqual(['sleep 7200']);
      const role = project['ServiceRole']['Fn::GetAtt'][0];
      const own = Object.values(resources(template(settings), 'AWS::IAM::Policy')).filter(({ Properties }) =>
        JSON.stringify(Properties['Roles']).includes(`"${role}"`),
      );
      const allowed = actions(own.flatMap(({ Properties }) => Properties['PolicyDocument'].Statement));
      expect(allowed.filter((action) => !/^(logs|ec2):/.test(action))).toEqual([
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ]);
    }
  });

  test('needs one more endpoint without a NAT gateway', () => {
    const services = (of: Settings) => JSON.stringify(Object.values(resources(template(of), 'AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties['ServiceName']));
    expect(services(read)).toContain('.ssmmessages');
    expect(services(write)).not.toContain('.ssmmessages');
    expect(services(prod)).not.toContain('.ssmmessages');
  });

  test('is open to those who have the policy: a port, as one database user, and no shell', () => {
    expect(Object.keys(policies(read))).toEqual(['site-dev-database-read']);
    const statements = policies(read)['site-dev-database-read']!;
    expect(actions(statements)).toEqual([
      'cloudformation:DescribeStacks',
      'codebuild:BatchGetBuilds',
      'codebuild:StartBuild',
      'codebuild:StopBuild',
      'rds-db:connect',
      'ssm:StartSession',
      'ssm:TerminateSession',
      'ssmmessages:OpenDataChannel',
    ]);
    const session = statements.find(({ Action }) => Action === 'ssm:StartSession')!;
    const text = JSON.stringify(session.Resource);
    expect(text).toMatch(/:build\/",\{"Ref":"AccessProject[^"]*"\},":\*"/);
    expect(text.match(/document\/[A-Za-z-]+/g)).toEqual(['document/AWS-StartPortForwardingSessionToRemoteHost']);
    expect(session.Condition).toEqual({ BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } });
    expect(JSON.stringify(statements.find(({ Action }) => Action === 'rds-db:connect')!.Resource)).toContain('"/readonly"');
    expect(JSON.stringify(statements)).not.toMatch(/"\*"/);
  });

  test('leads to the password only for those who may write', () => {
    expect(Object.keys(policies(write))).toEqual(['site-dev-database-read', 'site-dev-database-write']);
    expect(actions(policies(write)['site-dev-database-read']!)).toEqual(actions(policies(read)['site-dev-database-read']!));
    expect(actions(policies(write)['site-dev-database-write']!)).toContain('secretsmanager:GetSecretValue');
    const outputs = (of: Settings) => Object.keys(template(of).findOutputs('*')).filter((name) => name.endsWith('PolicyArn'));
    expect([outputs(dev), outputs(read), outputs(write)]).toEqual([
      [],
      ['DatabaseReadPolicyArn'],
      ['DatabaseReadPolicyArn', 'DatabaseWritePolicyArn'],
    ]);
  });

  test('is recorded in the log of the database', () => {
    for (const settings of [read, write]) {
      template(settings).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
        Parameters: { 'rds.force_ssl': '1', log_connections: '1', log_disconnections: '1' },
      });
    }
  });
});

test('contains no account number', () => {
  for (const settings of [dev, { ...prod, connection: null, repository: null }]) {
    expect(JSON.stringify(template(settings).toJSON())).not.toMatch(/\d{12}/);
  }
});

test('has the outputs that the next steps need', () => {
  const outputs = (settings: Settings) => Object.keys(template(settings).findOutputs('*'));
  const always = ['AmplifyAppId', 'PipelineUrl', 'DashboardUrl', 'DatabaseName', 'DatabaseHost', 'DatabaseSecretName'];
  expect(outputs(dev)).toEqual(expect.arrayContaining([...always, 'CodeCommitHTTPCloneUrl', 'CodeCommitRepositoryName']));
  expect(outputs(prod).sort()).toEqual([...always, 'AmplifyUserSecretName'].sort());
});
