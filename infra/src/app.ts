/** Entry point for the CDK: one stack, for the environment that the settings describe. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledge } from './acknowledgments.js';
import { settings, SettingsError } from './settings.js';
import { ReleaseStack } from './stack.js';

try {
  const app = new App();
  const chosen = settings();
  acknowledge(new ReleaseStack(app, chosen), chosen);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
