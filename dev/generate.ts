import { GENERATED, generateClient } from './client/generate.ts';

generateClient(GENERATED);
console.log('client/src/generated is as the OpenAPI document is now.');
