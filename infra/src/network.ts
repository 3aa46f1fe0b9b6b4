import { aws_ec2 as ec2, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from './settings.js';

/**
 * The services that the migration build calls (AWS CodeBuild User Guide, "Use VPC endpoints"): its log, CodeBuild itself and
 * the secret. Artifacts and caches use the gateway endpoint.
 */
const ENDPOINTS = {
  Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  CodeBuild: ec2.InterfaceVpcEndpointAwsService.CODEBUILD,
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
};

/** A VPC with two public and two private subnets in two zones, and its security groups. */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  /** The migration build. */
  readonly build: ec2.SecurityGroup;
  /** The functions of the backend, which `amplify/backend.ts` creates. */
  readonly functions: ec2.SecurityGroup;
  readonly database: ec2.SecurityGroup;
  private endpoints: ec2.SecurityGroup | undefined;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const isOpen = settings.nat === 'gateway';
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(settings.vpc_cidr),
      maxAzs: 2,
      // Nothing uses the default security group, and restricting it would require a Lambda function.
      restrictDefaultSecurityGroup: false,
      natGateways: isOpen ? 1 : 0,
      // Without a gateway, the public subnets are only reserved, so that the private ones keep their address ranges.
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false, reserved: !isOpen },
        {
          name: 'private',
          subnetType: isOpen ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED,
          cidrMask: 26,
        },
      ],
      createInternetGateway: isOpen,
      // Free of charge, and caches and artifacts of the build bypass the NAT gateway.
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
      flowLogs: {
        rejected: {
          trafficType: ec2.FlowLogTrafficType.REJECT,
          destination: ec2.FlowLogDestination.toCloudWatchLogs(
            new logs.LogGroup(this, 'FlowLogs', {
              retention: logs.RetentionDays.ONE_MONTH,
              removalPolicy: RemovalPolicy.DESTROY,
            }),
          ),
        },
      },
    });
    this.database = this.group('Database', 'The database, reachable only by migrations, functions and password rotation');
    if (!isOpen) {
      this.addEndpoints();
    }
    this.build = this.client('Build', 'The build that migrates the database');
    this.functions = this.client('Functions', 'The functions of the backend');
  }

  get privateSubnets(): ec2.SubnetSelection {
    return { subnetGroupName: 'private' };
  }

  /** A security group that may connect to the database and to AWS. */
  client(id: string, description: string): ec2.SecurityGroup {
    const group = this.group(id, description);
    // Without a NAT gateway, only S3 and the endpoints are reachable.
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS');
    group.connections.allowTo(this.database, ec2.Port.POSTGRES, description);
    this.endpoints?.connections.allowFrom(group, ec2.Port.HTTPS, description);
    return group;
  }

  /**
   * The security group of a proxy between the functions and the database; the CDK lets the proxy connect to its database.
   * The functions keep their own access to the database, to which they connect until the next publication.
   */
  addProxy(): ec2.SecurityGroup {
    const proxy = this.group('Proxy', 'The proxy between functions and database');
    this.functions.connections.allowTo(proxy, ec2.Port.POSTGRES, 'The functions of the backend');
    return proxy;
  }

  /**
   * An endpoint of a service, unless a NAT gateway leads to it. In one zone only: as with the single NAT gateway, losing that
   * zone stops releases but not the database.
   */
  addEndpoint(id: string, service: ec2.InterfaceVpcEndpointAwsService): void {
    if (this.endpoints) {
      const subnets = { subnets: this.vpc.isolatedSubnets.slice(0, 1) };
      this.vpc.addInterfaceEndpoint(id, { service, subnets, securityGroups: [this.endpoints], open: false });
    }
  }

  private addEndpoints(): void {
    this.endpoints = this.group('Endpoints', 'AWS endpoints for migrations, functions and password rotation');
    Object.entries(ENDPOINTS).forEach(([id, service]) => this.addEndpoint(id, service));
  }

  private group(id: string, description: string): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }
}
