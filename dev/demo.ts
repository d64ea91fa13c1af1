// Set before the library that reads it loads: no colours unless a terminal reads.
if (!process.stdout.isTTY || !process.stderr.isTTY) process.env.NO_COLOR = '1';

const { demo } = await import('./demo/run.ts');
process.exit(await demo(process.argv.slice(2)));
