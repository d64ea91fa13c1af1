import { readFileSync } from 'node:fs';
import { healthOf, isHealthy } from './container-health.ts';

// The HEALTHCHECK of the image. Whoever runs a container chooses its role by the command, and every container's first process has that.
const command = readFileSync('/proc/1/cmdline', 'utf8').split('\0');
process.exit((await isHealthy(healthOf(command, process.env))) ? 0 : 1);
