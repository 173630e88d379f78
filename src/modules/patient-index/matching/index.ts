export { createCurrentModel } from './current-model.ts';
export { personRows } from './derive.ts';
export { createMatching, matchingTasks, type PatientMatching, startMatching } from './matching.ts';
export { matchOperations } from './operation.ts';
export { beforeCreate, type Registration, register } from './register.ts';
export { registerMatching } from './routes.ts';
export { searchBeforeCreate } from './search-before-create.ts';
