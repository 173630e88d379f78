import type { HealthCodeSettings } from '#modules/health-code/index.ts';
import type { Config } from './config.ts';

export const healthCodeSettings = (config: Config): HealthCodeSettings => ({
  algorithm: config.MERIDIAN_HEALTH_CODE_ALGORITHM,
  toleranceSeconds: config.MERIDIAN_HEALTH_CODE_TOLERANCE,
  paymentLimit: config.MERIDIAN_PAYMENT_LIMIT * 100,
});
