import fc from 'fast-check';
import { testSeed } from './seed.ts';

/** Vitest's set-up of each test file: property tests start from the seed of the run. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: testSeed() });
