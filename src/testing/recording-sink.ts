import type { CompositeParts, CompositeValue, IndexSink } from '#fhir/indexing/index.ts';

/** Remembers what an extractor says, as one readable line a row. */
export class RecordingSink implements IndexSink {
  readonly rows = new Map<number, string[]>();

  #add(path: number, ...parts: (string | number)[]): void {
    const rows = this.rows.get(path);
    if (rows === undefined) this.rows.set(path, [parts.join(' ')]);
    else rows.push(parts.join(' '));
  }

  code(path: number, system: string, code: string): void {
    this.#add(path, 'code', `${system}|${code}`);
  }

  codeText(path: number, system: string, code: string, text: string): void {
    this.#add(path, 'text', `${system}|${code}`, text);
  }

  identifier(path: number, system: string, value: string): void {
    this.#add(path, 'identifier', `${system}|${value}`);
  }

  reference(path: number, reference: string): void {
    this.#add(path, 'reference', reference);
  }

  date(path: number, low: number, high: number): void {
    this.#add(path, 'date', low, high);
  }

  number(path: number, low: number, high: number): void {
    this.#add(path, 'number', low, high);
  }

  quantity(path: number, low: number, high: number, system: string, code: string, unit: string): void {
    this.#add(path, 'quantity', low, high, system, code, unit);
  }

  string(path: number, value: string): void {
    this.#add(path, 'string', value);
  }

  uri(path: number, value: string): void {
    this.#add(path, 'uri', value);
  }

  composite(path: number, parts: CompositeParts): void {
    for (const line of combinations(parts.map((part) => part.map(printValue)))) this.#add(path, 'composite', line);
  }

  position(path: number, latitude: number, longitude: number): void {
    this.#add(path, 'position', latitude, longitude);
  }
}

/** `a & c`, `b & c` for `[[a, b], [c]]`. */
export const combinations = (parts: readonly (readonly string[])[]): string[] =>
  parts.reduce<string[]>(
    (lines, part, index) =>
      index === 0 ? [...part] : lines.flatMap((line) => part.map((text) => `${line} & ${text}`)),
    [],
  );

function printValue(value: CompositeValue): string {
  switch (value.is) {
    case 'code':
    case 'identifier':
      return `${value.is} ${value.system}|${value.code}`;
    case 'reference':
      return `reference ${value.reference}`;
    case 'uri':
      return `uri ${value.uri}`;
    case 'string':
      return `string ${value.value}`;
    case 'range': {
      const { low, high, unit } = value;
      return `range ${low} ${high}${unit ? ` ${unit.system} ${unit.code} ${unit.name}` : ''}`;
    }
  }
}
