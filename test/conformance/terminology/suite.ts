import { readFileSync } from 'node:fs';
import { sharedData } from '../shared-data.ts';
import type { Json } from './match.ts';
import { readTar } from './tar.ts';

export interface Resource {
  [name: string]: Json;
  resourceType: string;
}

export interface SuiteTest {
  name: string;
  operation: string;
  request?: string;
  response: string;
  /** A second answer that is as good. */
  response2?: string;
  'http-code'?: string;
  'Accept-Language'?: string;
  header?: { name: string; value: string };
  /** Parameters that come on top. */
  profile?: string;
  mode?: string;
}

export interface Suite {
  name: string;
  mode?: string;
  setup: string[];
  tests: SuiteTest[];
}

export interface Ecosystem {
  suites: Suite[];
  read(file: string): Resource;
}

/** The general suites of the HL7 terminology ecosystem's tests: those that need no licensed content. */
export function readEcosystem(): Ecosystem {
  const files = readTar(readFileSync(`${sharedData}fhir-tx-ecosystem/tests.tar.gz`));
  const parse = (file: string) => {
    const content = files.get(file) ?? files.get(`./${file}`);
    if (!content) throw new Error(`The archive has no ${file}`);
    return JSON.parse(content.toString('utf8').replace(/^\ufeff/, ''));
  };
  const all: Suite[] = parse('test-cases.json').suites;
  const suites = all
    .filter(({ mode }) => mode === 'general')
    .map((suite) => ({ ...suite, tests: suite.tests.filter(({ mode }) => mode === undefined) }));
  return { suites, read: parse };
}
