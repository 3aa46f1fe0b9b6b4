import { aws_amplify as amplify, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Access } from './access.js';
import { Alarms } from './alarms.js';
import { Backend } from './backend.js';
import { Database } from './database.js';
import { Network } from './network.js';
import { Pipeline } from './pipeline.js';
import { check, isProtected, type Settings } from './settings.js';

/** Everything that an environment needs, in one stack, so that it is created and deleted together. */
export class ReleaseStack extends Stack {
  readonly database: Database;
  readonly app: amplify.CfnApp;
  readonly backend: Backend;
  readonly pipeline: Pipeline;
  /** The way of people to the database, if there is one. */
  readonly access: Access | undefined;

  constructor(scope: Construct, settings: Settings) {
    check(settings);
    super(scope, 'Release', {
      stackName: `${settings.project}-${settings.environment}`,
      description: `${settings.project}, ${settings.environment}: database, Amplify app and release pipeline`,
      terminationProtection: isProtected(settings),
    });
    Tags.of(this).add('project', settings.project);
    Tags.of(this).add('environment', settings.environment);
    const network = new Network(this, 'Network', settings);
    const database = (this.database = new Database(this, 'Database', settings, network));
    const app = (this.app = new amplify.CfnApp(this, 'App', { name: `${settings.project}-${settings.environment}` }));
    this.backend = new Backend(this, 'Backend', { settings, network, database, appId: app.attrAppId });
    this.pipeline = new Pipeline(this, 'Pipeline', { settings, network, database, appId: app.attrAppId });
    new Alarms(this, 'Alarms', { settings, database, appId: app.attrAppId, pipeline: this.pipeline });
    if (settings.database_access !== 'off') {
      this.access = new Access(this, 'Access', { settings, network, database });
    }
    const { pipeline, repository } = this.pipeline;

    const output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });
    output('AmplifyAppId', app.attrAppId, 'The Amplify app');
    if (repository) {
      output('CodeCommitHTTPCloneUrl', repository.repositoryCloneUrlHttp, 'The URL to push to');
      output('CodeCommitRepositoryName', repository.repositoryName, 'The CodeCommit repository');
    }
    output(
      'PipelineUrl',
      `https://${this.region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline.pipelineName}/view?region=${this.region}`,
      'The pipeline',
    );
    output(
      'DashboardUrl',
      `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${this.stackName}`,
      'The dashboard',
    );
    output('DatabaseName', database.databaseName, 'The name of the database');
    output('DatabaseHost', database.cluster.clusterEndpoint.hostname, 'The database, reachable only from the VPC');
    if (settings.user_keys) {
      output('AmplifyUserSecretName', this.pipeline.userSecretName, 'The secret for the access key of the IAM user who publishes');
    }
    output('DatabaseSecretName', database.secretName, 'The secret with the user, password, host, port and name of the database');
    for (const [id, policy] of Object.entries(this.access?.policies ?? {})) {
      output(`Database${id}PolicyArn`, policy.managedPolicyArn, `The policy of those who may use the database with \`--env\`: ${id.toLowerCase()}`);
    }
  }
}
