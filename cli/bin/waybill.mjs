#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// In a clone the sources may be newer than `dist/`; in an installed package there are none.
const build = new URL('../../dev/run/packages.mjs', import.meta.url);
if (existsSync(build)) {
  const { buildPackages } = await import(build.href);
  await buildPackages(fileURLToPath(new URL('../..', import.meta.url)), (line) =>
    process.stderr.write(`${line}\n`),
  );
}
await import('../dist/main.js');
