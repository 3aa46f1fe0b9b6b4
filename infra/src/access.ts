import {
  aws_codebuild as codebuild,
  aws_ec2 as ec2,
  aws_iam as iam,
  aws_logs as logs,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { arn, databaseUser } from './arn.js';
import type { Database } from './database.js';
import type { Network } from './network.js';
import { IMAGE } from './pipeline.js';
import type { Settings } from './settings.js';

export interface AccessProps {
  readonly settings: Settings;
  readonly network: Network;
  readonly database: Database;
}

/** The session that `xtask/src/access/tunnel.rs` starts: it forwards a port, and has no shell. */
const DOCUMENT = 'AWS-StartPortForwardingSessionToRemoteHost';

/** The calls of the agent in a build (AWS CodeBuild User Guide, "Debug builds with Session Manager"). */
const AGENT = ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'];

/** A forgotten session ends with its build. */
const LONGEST = Duration.hours(2);

/**
 * The way of people to the database (`--env` of `cargo xtask db`): a build in the network, through which Session Manager
 * forwards a port. It costs nothing while nobody uses it. The build has no secret, no source and no access to the database:
 * people connect as a database user, with their own credentials.
 */
export class Access extends Construct {
  readonly project: codebuild.Project;
  /** The policies of people who read, and of those who also write. Nobody has them at first. */
  readonly policies: Readonly<Record<string, iam.ManagedPolicy>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AccessProps,
  ) {
    super(scope, id);
    const { settings, network } = props;
    network.addEndpoint('SsmMessages', ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES);
    this.project = new codebuild.Project(this, 'Project', {
      projectName: `${settings.project}-${settings.environment}-access`,
      description: 'Sessions of people to the database: `cargo xtask db psql --env NAME`',
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        phases: { build: { commands: [`sleep ${LONGEST.toSeconds()}`] } },
      }),
      environment: {
        buildImage: codebuild.LinuxBuildImage.fromCodeBuildImageId(IMAGE),
        computeType: codebuild.ComputeType.SMALL,
      },
      vpc: network.vpc,
      subnetSelection: network.privateSubnets,
      securityGroups: [network.client('Access', 'Sessions of people to the database')],
      logging: {
        cloudWatch: {
          logGroup: new logs.LogGroup(this, 'Logs', {
            retention: logs.RetentionDays.THREE_MONTHS,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        },
      },
      grantReportGroupPermissions: false,
      timeout: LONGEST,
      queuedTimeout: Duration.minutes(10),
    });
    this.project.addToRolePolicy(
      new iam.PolicyStatement({ actions: AGENT.map((call) => `ssmmessages:${call}`), resources: ['*'] }),
    );
    this.policies = {
      Read: this.policy('read', [this.connectAsReader()]),
      ...(settings.database_access === 'write' ? { Write: this.policy('write', [this.connectAsReader(), this.readSecret()]) } : {}),
    };
  }

  private policy(name: string, statements: iam.PolicyStatement[]): iam.ManagedPolicy {
    const { project, environment } = this.props.settings;
    return new iam.ManagedPolicy(this, `${name}-policy`, {
      managedPolicyName: `${project}-${environment}-database-${name}`,
      description: `Who may ${name} the database of ${project}, ${environment}, with cargo xtask db --env`,
      statements: [...this.sessions(), ...statements],
    });
  }

  /** Finding the database, and a session of one's own that forwards a port. */
  private sessions(): iam.PolicyStatement[] {
    const stack = Stack.of(this);
    const { projectName } = this.project;
    const { project, environment } = this.props.settings;
    return [
      new iam.PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [arn(stack, 'cloudformation', `stack/${project}-${environment}/*`)],
      }),
      new iam.PolicyStatement({
        actions: ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'],
        resources: [this.project.projectArn],
      }),
      new iam.PolicyStatement({
        actions: ['ssm:StartSession'],
        resources: [
          arn(stack, 'codebuild', `build/${projectName}:*`),
          `arn:${stack.partition}:ssm:${stack.region}::document/${DOCUMENT}`,
        ],
        // Without it, the default document, a shell, would need no permission.
        conditions: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } },
      }),
      new iam.PolicyStatement({
        actions: ['ssmmessages:OpenDataChannel', 'ssm:TerminateSession'],
        // A variable of IAM: the person.
        resources: [arn(stack, 'ssm', 'session/${aws:userid}-*')],
      }),
    ];
  }

  private connectAsReader(): iam.PolicyStatement {
    const { settings, database } = this.props;
    const user = databaseUser(Stack.of(this), database.cluster.clusterResourceIdentifier, settings.database_reader);
    return new iam.PolicyStatement({ actions: ['rds-db:connect'], resources: [user] });
  }

  /** The password of the owner. */
  private readSecret(): iam.PolicyStatement {
    const secret = this.props.database.cluster.secret?.secretArn;
    if (!secret) {
      throw new Error('the cluster has a generated secret');
    }
    return new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] });
  }
}
