/** How frequent values are, as PostgreSQL's own statistics know it: read at intervals, good enough to choose by. */
export interface Statistics {
  readonly resources: number;
  /** By type number. */
  readonly resourcesOfType: ReadonlyMap<number, number>;
  /** Rows of the frequent token keys, and of any other. */
  readonly tokens: ReadonlyMap<string, number>;
  readonly tokenDefault: number;
  /** Rows of the frequent codes, by `path code` and by `path system`, summed over systems or codes. */
  readonly codes: ReadonlyMap<string, number>;
  readonly systems: ReadonlyMap<string, number>;
  /** The mean over the frequent targets of a type, by `path type number`, and the rows of any other target. */
  readonly references: ReadonlyMap<string, number>;
  readonly referenceDefault: number;
  /** Quantiles of the dates at which values begin, ascending, in microseconds; none where they are not known. */
  readonly dates: readonly number[];
  /** Quantiles of the numbers and quantities as written, ascending. */
  readonly numbers: readonly number[];
  /** Rows of the frequent units, by `system|code`, and by the dimension of those that have one. */
  readonly units: ReadonlyMap<string, number>;
}

/** For a database that was never analysed, so a small one, where every choice is good. */
export const noStatistics: Statistics = {
  resources: 100_000,
  resourcesOfType: new Map(),
  tokens: new Map(),
  tokenDefault: 1000,
  codes: new Map(),
  systems: new Map(),
  references: new Map(),
  referenceDefault: 100,
  dates: [],
  numbers: [],
  units: new Map(),
};

export interface FrequentToken {
  readonly key: string;
  readonly rows: number;
  /** Absent for identifiers and texts, which the dictionary does not hold. */
  readonly path: number | null;
  readonly system: string | null;
  readonly code: string | null;
}

export interface FrequentReference {
  readonly path: number;
  readonly type: number;
  readonly rows: number;
}

export interface FrequentUnit {
  readonly system: string;
  readonly code: string;
  readonly dimension: string | null;
  readonly rows: number;
}

/** What PostgreSQL's statistics say, as the queries read it. */
export interface StatisticsRows {
  readonly resources: number;
  readonly types: readonly { readonly type: number; readonly rows: number }[];
  readonly tokens: readonly FrequentToken[];
  readonly tokenDefault: number;
  readonly references: readonly FrequentReference[];
  readonly referenceDefault: number;
  /** Null before the first ANALYZE. */
  readonly dates: readonly number[] | null;
  readonly numbers: readonly number[] | null;
  readonly units: readonly FrequentUnit[];
}

export function gatherStatistics(rows: StatisticsRows): Statistics {
  const codes = new Map<string, number>();
  const systems = new Map<string, number>();
  for (const { path, system, code, rows: count } of rows.tokens) {
    if (path === null) continue;
    const byCode = `${path} ${code}`;
    const bySystem = `${path} ${system}`;
    codes.set(byCode, (codes.get(byCode) ?? 0) + count);
    systems.set(bySystem, (systems.get(bySystem) ?? 0) + count);
  }
  return {
    resources: rows.resources,
    resourcesOfType: new Map(rows.types.map(({ type, rows: count }) => [type, count])),
    tokens: new Map(rows.tokens.map(({ key, rows: count }) => [key, count])),
    tokenDefault: rows.tokenDefault,
    codes,
    systems,
    references: meansByTarget(rows.references),
    referenceDefault: rows.referenceDefault,
    dates: rows.dates ?? [],
    numbers: rows.numbers ?? [],
    units: rowsByUnit(rows.units),
  };
}

function meansByTarget(references: readonly FrequentReference[]): Map<string, number> {
  const sums = new Map<string, { rows: number; targets: number }>();
  for (const { path, type, rows } of references) {
    const sum = sums.get(`${path} ${type}`) ?? { rows: 0, targets: 0 };
    sums.set(`${path} ${type}`, { rows: sum.rows + rows, targets: sum.targets + 1 });
  }
  return new Map([...sums].map(([name, { rows, targets }]) => [name, rows / targets]));
}

function rowsByUnit(units: readonly FrequentUnit[]): Map<string, number> {
  const byUnit = new Map<string, number>();
  for (const { system, code, dimension, rows } of units) {
    for (const name of [`${system}|${code}`, ...(dimension === null ? [] : [dimension])]) {
      byUnit.set(name, (byUnit.get(name) ?? 0) + rows);
    }
  }
  return byUnit;
}
