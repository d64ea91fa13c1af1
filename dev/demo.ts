// Before the library is loaded that looks at it: no colours where something else than a terminal reads.
if (!process.stdout.isTTY || !process.stderr.isTTY) process.env.NO_COLOR = '1';

const { demo } = await import('./demo/run.ts');
process.exit(await demo(process.argv.slice(2)));
