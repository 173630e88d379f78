import type { ValidationPolicy } from '#fhir/validation/index.ts';
import type { Config } from './config.ts';

export const validationPolicy = (config: Config): ValidationPolicy => ({
  byDefault: config.MERIDIAN_VALIDATION,
  organisations: config.MERIDIAN_VALIDATION_POLICY,
});
