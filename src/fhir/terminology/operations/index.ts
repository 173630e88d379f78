import type { Operation } from '../../rest/operation.ts';
import type { Library } from '../library.ts';
import { batchValidateCodeOperation } from './batch-validate-code.ts';
import { expandOperation } from './expand.ts';
import { lookupOperation } from './lookup.ts';
import { subsumesOperation } from './subsumes.ts';
import { translateOperation } from './translate.ts';
import { validateCodeOperation } from './validate-code.ts';
import { validateCodeInSystemOperation } from './validate-code-in-system.ts';

export const terminologyOperations = (library: Library): Operation[] => [
  expandOperation(library),
  validateCodeOperation(library),
  validateCodeInSystemOperation(library),
  batchValidateCodeOperation(library),
  lookupOperation(library),
  subsumesOperation(library),
  translateOperation(library),
];
