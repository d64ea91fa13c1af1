// Adds up what .ci/run saw, and says again what failed and what could not be checked. A run that broke off before it could count (a crash, a file that doesn't
// load) is a failure too.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [results, ...exits] = process.argv.slice(2);
const parts = [
  tests(join(results, 'tests.json')),
  tests(join(results, 'long.json')),
  verify(join(results, 'verify.log')),
];
let passed = 0;
let failed = 0;
for (const [index, part] of parts.entries()) {
  passed += part.passed;
  failed += exits[index] === '0' ? part.failed : Math.max(1, part.failed);
  for (const failure of part.failures) process.stdout.write(`\n✗ ${failure}\n`);
}
for (const { notChecked = [] } of parts)
  for (const step of notChecked) process.stdout.write(`Not checked: ${step}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function tests(path) {
  if (!existsSync(path)) return { passed: 0, failed: 1, failures: [`${path} was not written`] };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(path, 'utf8'),
  );
  const unloadable = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  if (numPendingTests > 0)
    process.stdout.write(`${numPendingTests} tests were skipped: in CI that is a failure.\n`);
  return {
    passed: numPassedTests,
    failed: numFailedTests + numPendingTests + unloadable.length,
    failures: [
      ...unloadable.map(({ name, message }) => `${name}\n${message}`),
      ...testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => `${name}\n${fullName}\n${failureMessages.join('\n')}`),
      ),
    ],
  };
}

function verify(path) {
  const log = readFileSync(path, 'utf8');
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(log) ?? [0, 0, 1];
  const notChecked = [...log.matchAll(/^\? (.+): NOT CHECKED \([\d.]+ s\): (.*)$/gm)].map(
    ([, step, why]) => `${step}: ${why}`,
  );
  return { passed: Number(passed), failed: Number(failed), failures: [], notChecked };
}
