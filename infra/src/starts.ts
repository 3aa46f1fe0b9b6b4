import { aws_codepipeline as codepipeline, aws_events as events, aws_events_targets as targets } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The action that reads what a pipeline releases. */
export const SOURCE = 'Source';

/** An event at the source of a pipeline. */
interface Start {
  description: string;
  eventPattern: events.EventPattern;
  /** What the event names, as CodePipeline calls it. */
  revisionType: 'COMMIT_ID' | 'S3_OBJECT_VERSION_ID';
  /** Where the event names it. */
  path: string;
}

/**
 * Starts a pipeline at each event of its source, without polling, with the revision that the event names: an execution that
 * waits for an earlier one would otherwise read what is current by then. (AWS CodePipeline User Guide, "Start a pipeline with
 * a source revision override".)
 */
export function starts(scope: Construct, pipeline: codepipeline.IPipeline, start: Start): void {
  const { description, eventPattern, revisionType, path } = start;
  const revision = { actionName: SOURCE, revisionType, revisionValue: events.EventField.fromPath(path) };
  // The CDK's target has no option for it.
  const input = events.RuleTargetInput.fromObject({ sourceRevisions: [revision] });
  const target = new targets.CodePipeline(pipeline);
  const targeted: events.IRuleTarget = { bind: (rule, id) => ({ ...target.bind(rule, id), input }) };
  new events.Rule(scope, 'Rule', { description, eventPattern, targets: [targeted] });
}
