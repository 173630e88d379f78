export { everythingOperations } from './everything.ts';
export { type ExpungeScope, expungeResource } from './expunge/expunge.ts';
export { expungeOperations } from './expunge/operation.ts';
export { metaOperations } from './meta.ts';
export { validateOperation } from './validate.ts';
export { validationReport } from './validation-report.ts';
