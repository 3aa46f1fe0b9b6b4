import {
  aws_cloudwatch as cloudwatch,
  aws_cloudwatch_actions as actions,
  type aws_codebuild as codebuild,
  aws_ssm as ssm,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Database } from './database.js';
import type { Pipeline } from './pipeline.js';
import type { Settings } from './settings.js';

export interface AlarmsProps {
  readonly settings: Settings;
  readonly database: Database;
  readonly appId: string;
  readonly pipeline: Pipeline;
}

/**
 * The connections that Aurora allows by default for each capacity unit: `max_connections` is 189 at one unit and 823 at
 * four, and at most 5000 (Aurora User Guide, "Maximum connections for Aurora Serverless v2").
 */
const CONNECTIONS = { perUnit: 211, reserved: 22, maximum: 5000 };

/** With a minimum below one unit, the limit of connections is this (same chapter). */
const CONNECTIONS_OF_SMALL = 2000;

/** The part of the allowed connections that raises an alarm. */
const MANY = 0.8;

/** How long the database has to use all of its capacity. */
const AT_MAXIMUM = 15;

/** The alarms of an environment, and one dashboard. The alarm for errors of the API is in `amplify/backend.ts`, which names its function. */
export class Alarms extends Construct {
  private readonly alarms: cloudwatch.Alarm[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { settings, pipeline, database } = props;
    this.releaseFailed();
    this.slowMigration(pipeline.build.database);
    this.connections();
    this.capacity();
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(new actions.SnsAction(pipeline.topic));
    }
    // For the alarm in `amplify/backend.ts`.
    new ssm.StringParameter(this, 'Topic', {
      parameterName: `/${settings.project}/${settings.environment}/alarm-topic`,
      stringValue: pipeline.topic.topicArn,
    });
    this.dashboard(database);
  }

  /** V2 pipelines only; the metric has values only when a release fails. */
  private releaseFailed(): void {
    this.alarm('ReleaseFailed', 'release-failed', 'A release has failed: `cargo xtask releases` shows where', {
      metric: this.ofPipeline('FailedPipelineExecutions', 'Sum'),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }

  /** CodeBuild reports the duration of a build only once it has ended, but its use of the processor every minute. */
  private slowMigration(project: codebuild.PipelineProject): void {
    const minutes = this.props.settings.migration_minutes;
    this.alarm('SlowMigration', 'slow-migration', `A migration has been running for ${minutes} minutes`, {
      metric: project.metric('CPUUtilized', { statistic: 'SampleCount', period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: minutes,
    });
  }

  private connections(): void {
    const threshold = Math.floor(maximumConnections(this.props.settings) * MANY);
    this.alarm('Connections', 'connections', 'The database has almost as many connections as it allows', {
      metric: this.props.database.cluster.metricDatabaseConnections({ statistic: 'Maximum', period: Duration.minutes(1) }),
      threshold,
      evaluationPeriods: 5,
    });
  }

  private capacity(): void {
    this.alarm('Capacity', 'capacity', `The database has used all of its capacity for ${AT_MAXIMUM} minutes: raise \`maximum_acu\``, {
      metric: this.props.database.cluster.metricACUUtilization({ statistic: 'Average', period: Duration.minutes(1) }),
      threshold: 100,
      evaluationPeriods: AT_MAXIMUM,
    });
  }

  private alarm(id: string, name: string, alarmDescription: string, how: Omit<cloudwatch.AlarmProps, 'alarmName'>): void {
    const { project, environment } = this.props.settings;
    this.alarms.push(
      new cloudwatch.Alarm(this, id, {
        alarmName: `${project}-${environment}-${name}`,
        alarmDescription,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // No values: nothing is released, or the database is paused.
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...how,
      }),
    );
  }

  private ofPipeline(metricName: string, statistic: string): cloudwatch.Metric {
    const dimensionsMap = { PipelineName: this.props.pipeline.pipeline.pipelineName };
    return new cloudwatch.Metric({ namespace: 'AWS/CodePipeline', metricName, dimensionsMap, statistic });
  }

  private dashboard({ cluster }: Database): void {
    const { pipeline } = this.props;
    const graph = (title: string, ...left: cloudwatch.IMetric[]) => new cloudwatch.GraphWidget({ title, left, width: 12 });
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: Stack.of(this).stackName,
      widgets: [
        [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: this.alarms, width: 24 })],
        [
          graph('Releases', this.ofPipeline('FailedPipelineExecutions', 'Sum'), this.ofPipeline('PipelineDuration', 'Maximum')),
          graph('Builds (seconds)', ...Object.values(pipeline.build).map((build) => build.metricDuration())),
        ],
        [
          graph('Capacity (ACU)', cluster.metricServerlessDatabaseCapacity()),
          graph('Connections', cluster.metricDatabaseConnections({ statistic: 'Maximum' })),
        ],
        [
          graph('Errors of functions', this.ofFunctions('Errors')),
          graph('Server errors of the API (5xx)', this.ofFunctions('Url5xxCount')),
        ],
      ],
    });
  }

  /** Amplify names the functions `amplify-APP-…`, so they are searched for. An alarm can't search. */
  private ofFunctions(metric: string): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({
      expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="${metric}" ${this.props.appId}', 'Sum')`,
      label: '',
      usingMetrics: {},
    });
  }
}

function maximumConnections({ minimum_acu, maximum_acu }: Settings): number {
  const allowed = maximum_acu * CONNECTIONS.perUnit - CONNECTIONS.reserved;
  return Math.min(allowed, minimum_acu < 1 ? CONNECTIONS_OF_SMALL : CONNECTIONS.maximum);
}
