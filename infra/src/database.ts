import { aws_logs as logs, aws_rds as rds, aws_secretsmanager as secretsmanager, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Network } from './network.js';
import { Proxy } from './proxy.js';
import { isProtected, type Settings, SettingsError } from './settings.js';

/** The newest minor version in this CDK of each supported major version. Serverless v2 can pause all of them (Aurora User Guide, "Scaling to zero"). */
const VERSIONS: Readonly<Record<number, rds.AuroraPostgresEngineVersion>> = {
  16: rds.AuroraPostgresEngineVersion.VER_16_13,
  17: rds.AuroraPostgresEngineVersion.VER_17_9,
};

/** Aurora PostgreSQL Serverless v2, with the secret that the database build reads. */
export class Database extends Construct {
  readonly cluster: rds.DatabaseCluster;
  readonly secretName: string;
  readonly databaseName = 'app';
  private readonly proxy: Proxy | undefined;

  constructor(scope: Construct, id: string, settings: Settings, network: Network) {
    super(scope, id);
    const version = VERSIONS[settings.postgres_major];
    if (!version) {
      throw new SettingsError(settings, 'postgres_major', `must be one of ${Object.keys(VERSIONS).join(', ')}`);
    }
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version });
    const isKept = isProtected(settings);
    const name = `${settings.project}-${settings.environment}`;
    this.secretName = `${settings.project}/${settings.environment}/database`;
    // Created here to set a retention period: the log group that Aurora would create never expires.
    const log = new logs.LogGroup(this, 'Log', {
      logGroupName: `/aws/rds/cluster/${name}/postgresql`,
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.cluster = new rds.DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: name,
      engine,
      writer: this.instance('writer', settings),
      readers: Array.from({ length: settings.readers }, (_, index) =>
        // As large as the writer, so that it can take over.
        this.instance(`reader${index + 1}`, settings, { scaleWithWriter: true }),
      ),
      serverlessV2MinCapacity: settings.minimum_acu,
      serverlessV2MaxCapacity: settings.maximum_acu,
      ...(settings.minimum_acu === 0 ? { serverlessV2AutoPauseDuration: Duration.minutes(10) } : {}),
      vpc: network.vpc,
      vpcSubnets: network.privateSubnets,
      securityGroups: [network.database],
      defaultDatabaseName: this.databaseName,
      credentials: rds.Credentials.fromGeneratedSecret('migrator', { secretName: this.secretName }),
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', { engine, parameters: parameters(settings) }),
      iamAuthentication: true,
      storageEncrypted: true,
      backup: { retention: Duration.days(settings.backup_days) },
      copyTagsToSnapshot: true,
      cloudwatchLogsExports: ['postgresql'],
      ...(settings.monitoring_seconds > 0 ? { monitoringInterval: Duration.seconds(settings.monitoring_seconds) } : {}),
      deletionProtection: isKept,
      removalPolicy: isKept ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    });
    this.cluster.node.addDependency(log);
    if (settings.rotation_days > 0) {
      this.rotate(settings, network);
    }
    if (settings.proxy) {
      this.proxy = new Proxy(this, 'Proxy', settings, network, this.cluster);
    }
  }

  private instance(id: string, settings: Settings, more: rds.ServerlessV2ClusterInstanceProps = {}): rds.IClusterInstance {
    return rds.ClusterInstance.serverlessV2(id, {
      autoMinorVersionUpgrade: true,
      ...(settings.performance_insights
        ? { enablePerformanceInsights: true, performanceInsightRetention: rds.PerformanceInsightRetention.DEFAULT }
        : {}),
      ...more,
    });
  }

  /** The endpoint of the functions: the proxy, or the cluster if there is none. */
  get host(): string {
    return this.proxy?.host ?? this.cluster.clusterEndpoint.hostname;
  }

  /** The resource that the permission to connect to `host` names. */
  get resourceId(): string {
    return this.proxy?.resourceId ?? this.cluster.clusterResourceIdentifier;
  }

  /** Functions that were published before the proxy was added still connect to the cluster. */
  get resourceIds(): string[] {
    return [...new Set([this.resourceId, this.cluster.clusterResourceIdentifier])];
  }

  /** Sessions that are open during a rotation stay open. A build that received the old password must be run again. */
  private rotate(settings: Settings, network: Network): void {
    this.cluster.secret?.addRotationSchedule('Rotation', {
      automaticallyAfter: Duration.days(settings.rotation_days),
      rotateImmediatelyOnUpdate: false,
      hostedRotation: secretsmanager.HostedRotation.postgreSqlSingleUser({
        functionName: `${settings.project}-${settings.environment}-rotation`,
        vpc: network.vpc,
        vpcSubnets: network.privateSubnets,
        securityGroups: [network.client('Rotation', 'The function that rotates the password')],
      }),
    });
  }
}

/** If people may connect, the log of the database has who did, and for how long. */
function parameters(settings: Settings): Record<string, string> {
  return {
    'rds.force_ssl': '1',
    ...(settings.database_access !== 'off' && { log_connections: '1', log_disconnections: '1' }),
  };
}
