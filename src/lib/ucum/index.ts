export { convertUnit, divideIn, type Measure, multiplyIn } from './arithmetic.ts';
export { parseUnit } from './parse-unit.ts';
export { type UnitScale, unitScale } from './unit-scale.ts';
