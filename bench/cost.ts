interface Costly {
  serverCpuMicrosPerUnit: number;
  postgresCpuMicrosPerUnit: number;
}

/** CPU of server and PostgreSQL together, in milliseconds per unit. */
export const cpuMs = ({ serverCpuMicrosPerUnit, postgresCpuMicrosPerUnit }: Costly): number =>
  (serverCpuMicrosPerUnit + postgresCpuMicrosPerUnit) / 1000;

/** Undefined when one of the scenarios did not run. */
export const divide = (dividend: number | undefined, divisor: number | undefined): number | undefined =>
  dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
