import { Client, Connection } from '@temporalio/client';
import { ConfigError } from '../config/secrets.ts';
import { loadWorkerConfig, orExit } from '../config.ts';
import { routingOf, setCurrentVersion, setRampingVersion } from './deployment.ts';
import { DEPLOYMENT_USAGE, deploymentAction } from './deployment-action.ts';

const action = deploymentAction(process.argv.slice(2));
if (action === null) {
  process.stderr.write(`${DEPLOYMENT_USAGE}\n`);
  process.exit(1);
}

const { temporal, deploymentName } = orExit(() => {
  const { temporal, worker } = loadWorkerConfig();
  const name = worker.deploymentName;
  if (name === null) throw new ConfigError('TEMPORAL_DEPLOYMENT_NAME', 'must be set, as for the workers');
  return { temporal, deploymentName: name };
});

const connection = await Connection.connect(temporal.connection);
const client = new Client({ connection, namespace: temporal.namespace });
if (action.kind === 'current') {
  await setCurrentVersion(client, { deploymentName, buildId: action.buildId });
} else if (action.kind === 'ramp') {
  await setRampingVersion(client, { deploymentName, buildId: action.buildId }, action.percentage);
}
process.stdout.write(`${JSON.stringify(await routingOf(client, deploymentName))}\n`);
await connection.close();
