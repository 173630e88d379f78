import fc from 'fast-check';
import type { JsonObject } from '#lib/json/index.ts';

/**
 * A small world for searches: few values, so that they meet often; with references that lead nowhere, to other servers or in a
 * circle, open periods, missing elements, several codings, Chinese and accented names.
 */
const families = ['Smith', 'smithers', 'Müller', 'Muller', '王', '王小', 'van der  Berg', '100%', "O'Neil", 'a_b\\c'];
const givens = ['Bea', 'Beatrice', 'bÉa', '小明', 'Jo,hn', 'x|y$z'];
const systems = ['http://loinc.org', 'http://snomed.info/sct', ''];
const codes = ['8302-2', '8480-6', 'a', 'b', 'A', 'c,d', 'e|f'];
const dates = ['1980', '1980-05', '1980-05-11', '1980-05-11T16:32:15Z', '1980-05-11T18:32:15.5+02:00', '2020-02-29'];
const unitCodes = ['cm', 'm', 'kg', 'mm[Hg]', 'Cel', '[degF]', 'no unit'];
const numbers = [0, 1, 1.5, 5.4, 5.35, 99.95, 100, -3];

const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

const coding = fc
  .record({ system: some(systems), code: some(codes), display: maybe(some(['Body height', 'Blood pressure', 'text'])) })
  .map(({ system, code, display }) => ({ ...(system && { system }), code, ...(display && { display }) }));
const concept = fc
  .record({ coding: fc.array(coding, { maxLength: 3 }), text: maybe(some(['Height of body', 'text'])) })
  .map(({ coding, text }) => ({ ...(coding.length > 0 && { coding }), ...(text && { text }) }));
const period = fc
  .record({ start: maybe(some(dates)), end: maybe(some(dates)) })
  .map(({ start, end }) => ({ ...(start && { start }), ...(end && { end }) }));
const quantity = fc.record({
  value: some(numbers),
  unit: some(['centimetre', 'cm', 'kg']),
  system: some(['http://unitsofmeasure.org', 'urn:other']),
  code: some(unitCodes),
});
/** An Observation or a component has one value, of one of several types. */
const observed = fc.oneof(
  { weight: 3, arbitrary: quantity.map((value) => ({ valueQuantity: value })) },
  concept.map((value) => ({ valueCodeableConcept: value })),
  some(['Blue', 'blueish', 'ÉBlue']).map((value) => ({ valueString: value })),
  some(dates).map((value) => ({ valueDateTime: value })),
  period.map((value) => ({ valuePeriod: value })),
);
const component = fc.tuple(concept, observed).map(([code, value]) => ({ code, ...value }));
const latitudes = [0, 45.07, 45.08, 89.9, 90, -90, -0.01];
const longitudes = [0, 7.69, 7.7, 179.9, -179.9, 180, -180, -90];
const identifier = fc.record({ system: some(['urn:mrn', 'urn:ssn']), value: some(['1', '2', '3', '4']) });

const ids = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'gone'];
/** More than of other types, so that composites meet. */
const observationIds = [...ids, ...Array.from({ length: 30 }, (_, index) => `o${index}`)];
const referenceTo = (...types: string[]): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.tuple(some(types), some(ids)).map(([type, id]) => ({ reference: `${type}/${id}` })) },
    {
      weight: 1,
      arbitrary: some(['http://elsewhere.org/fhir/Patient/1', 'urn:uuid:x', '7']).map((reference) => ({ reference })),
    },
    { weight: 1, arbitrary: identifier.map((value) => ({ identifier: value })) },
  );

/** Leaves out what is undefined, as JSON does. */
const compact = ({ value: choice = {}, ...fields }: Record<string, unknown>): JsonObject =>
  Object.fromEntries(
    Object.entries({ ...fields, ...(choice as object) }).filter(([, value]) => value !== undefined),
  ) as JsonObject;

const elements: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  Patient: {
    name: maybe(
      fc.array(fc.record({ family: some(families), given: fc.array(some(givens), { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    ),
    birthDate: maybe(some(dates.slice(0, 3))),
    gender: maybe(some(['male', 'female', 'unknown'])),
    identifier: maybe(fc.array(identifier, { minLength: 1, maxLength: 2 })),
    active: maybe(fc.boolean()),
    generalPractitioner: maybe(fc.array(referenceTo('Practitioner', 'Organization'), { maxLength: 2 })),
    managingOrganization: maybe(referenceTo('Organization')),
  },
  Practitioner: { name: maybe(fc.array(fc.record({ family: some(families) }), { maxLength: 1 })) },
  Organization: { name: maybe(some([...families, 'Clinic'])), partOf: maybe(referenceTo('Organization')) },
  Encounter: {
    status: some(['planned', 'finished']),
    class: coding,
    subject: maybe(referenceTo('Patient', 'Group')),
    period: maybe(period),
    serviceProvider: maybe(referenceTo('Organization')),
  },
  Observation: {
    status: some(['final', 'amended']),
    code: concept,
    category: maybe(fc.array(concept, { minLength: 1, maxLength: 2 })),
    subject: maybe(referenceTo('Patient', 'Group')),
    encounter: maybe(referenceTo('Encounter')),
    performer: maybe(fc.array(referenceTo('Practitioner', 'Organization', 'Patient'), { maxLength: 2 })),
    hasMember: maybe(fc.array(referenceTo('Observation'), { maxLength: 2 })),
    effectiveDateTime: maybe(some(dates)),
    value: maybe(observed),
    component: maybe(fc.array(component, { maxLength: 2 })),
    issued: maybe(some(dates.slice(3))),
  },
  RiskAssessment: {
    status: some(['final']),
    subject: referenceTo('Patient'),
    prediction: maybe(
      fc.array(fc.record({ probabilityDecimal: some([0.1, 0.25, 0.5]) }), { minLength: 1, maxLength: 2 }),
    ),
  },
  Location: { position: maybe(fc.record({ latitude: some(latitudes), longitude: some(longitudes) })) },
  MolecularSequence: {
    coordinateSystem: some([0, 1]),
    referenceSeq: maybe(fc.record({ chromosome: concept, windowStart: some([1, 2]), windowEnd: some([3, 4]) })),
    variant: maybe(fc.array(fc.record({ start: some([1, 2, 3]), end: some([3, 4]) }), { maxLength: 2 })),
  },
  DocumentReference: {
    status: some(['current']),
    relatesTo: maybe(
      fc.array(
        fc.record({ code: some(['replaces', 'appends']), target: referenceTo('DocumentReference', 'Patient') }),
        { maxLength: 2 },
      ),
    ),
  },
  ValueSet: {
    status: some(['active', 'draft']),
    url: maybe(some(['http://a.org/x', 'http://a.org/x/y', 'http://a.org', 'urn:a:b', 'HTTP://a.org/x'])),
    name: maybe(some(families)),
  },
};

const weights: Record<string, number> = {
  Observation: 12,
  Encounter: 5,
  Patient: 5,
  Location: 3,
  MolecularSequence: 3,
};
const tag = maybe(
  fc.array(fc.record({ system: some(['urn:tag']), code: some(['x', 'y']) }), { minLength: 1, maxLength: 1 }),
);

const resourceOf = (type: string): fc.Arbitrary<JsonObject> =>
  fc
    .record({ id: some(type === 'Observation' ? observationIds : ids), tag, fields: fc.record(elements[type] ?? {}) })
    .map(({ id, tag, fields }) => ({
      resourceType: type,
      id,
      ...(tag && { meta: { tag } }),
      ...compact(fields),
    })) as fc.Arbitrary<JsonObject>;

/** One resource; ids repeat. */
export const worldResource: fc.Arbitrary<JsonObject> = fc.oneof(
  ...Object.keys(elements).map((type) => ({ weight: weights[type] ?? 2, arbitrary: resourceOf(type) })),
);

const escapeValue = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');
const escaped = (values: readonly string[]): fc.Arbitrary<string> => some(values).map(escapeValue);
const prefix = some(['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']);
const dateValue = fc
  .tuple(prefix, some([...dates, '1980-05-11T16:32', '1981', '1979-12-31']))
  .map((parts) => parts.join(''));
const numberValue = fc
  .tuple(prefix, some(['0', '1', '1.5', '5.4', '5.40', '1e2', '100', '-3', '0.25']))
  .map((parts) => parts.join(''));
const tokenValue = fc.oneof(
  escaped(codes),
  fc.tuple(some(systems), escaped(codes)).map(([system, code]) => `${system}|${code}`),
  some(['http://loinc.org|', 'http://snomed.info/sct|', 'http://nowhere|']),
);
const identifierValue = some(['1', '2', 'urn:mrn|1', 'urn:ssn|2', 'urn:mrn|', '|1', '9']);
const stringValue = escaped([...families, ...givens, 'SM', 'b', '王', 'wang', 'er', 'x', '%', '_', 'nobody']);
const quantityValue = fc
  .tuple(
    numberValue,
    some([
      '',
      ...unitCodes.map((code) => `|http://unitsofmeasure.org|${code}`),
      '||cm',
      '||centimetre',
      '|urn:other|kg',
      '||nothing',
    ]),
  )
  .map((parts) => parts.join(''));
/** `a$b`, from the values of the parts. */
const someCode = fc.oneof(
  some(['a', 'b', 'http://loinc.org|', 'http://loinc.org|a', 'http://snomed.info/sct|']),
  tokenValue,
);
const together = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join('$'));
const nearValue = fc
  .tuple(
    some(latitudes),
    some(longitudes),
    some(['', '|0', '|5', '|1.2|km', '|900|m', '|30|[mi_us]', '|12000', '|20100']),
  )
  .map(([latitude, longitude, distance]) => `${latitude}|${longitude}${distance}`);
const idValue = (type: string): fc.Arbitrary<string> =>
  fc.oneof(
    some(ids),
    some(ids).map((id) => `${type}/${id}`),
  );
const coordinate = fc.tuple(prefix, some(['1', '2', '3'])).map((parts) => parts.join(''));
const missing = some(['true', 'false']);
const list = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 9, arbitrary: fc.array(value, { minLength: 1, maxLength: 3 }) },
      // Long enough to be sent as one list.
      { weight: 1, arbitrary: fc.array(value, { minLength: 5, maxLength: 7 }) },
    )
    .map((values) => values.join(','));

type Criterion = readonly [name: string, value: string];
const criterion = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Criterion> =>
  list(value).map((text) => [name, text] as const);
const single = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Criterion> =>
  value.map((text) => [name, text] as const);

const common: fc.Arbitrary<Criterion>[] = [
  criterion('_id', some(ids)),
  criterion('_id:not', some(ids)),
  criterion('_tag', some(['urn:tag|x', 'y', 'urn:tag|'])),
  criterion('_tag:not', some(['urn:tag|x', 'y'])),
  single('_tag:missing', missing),
  criterion(
    '_lastUpdated',
    fc.tuple(some(['gt', 'lt', 'ge', 'le', '']), some(['2020', '2100'])).map((parts) => parts.join('')),
  ),
];

const observationComposites: fc.Arbitrary<Criterion>[] = [
  ...['code-value-quantity', 'combo-code-value-quantity', 'component-code-value-quantity'].flatMap((name) => [
    criterion(name, together(someCode, quantityValue)),
    single(`${name}:missing`, missing),
  ]),
  criterion('code-value-quantity:not', together(someCode, quantityValue)),
  ...['code-value-concept', 'combo-code-value-concept'].flatMap((name) => [
    criterion(name, together(someCode, someCode)),
    single(`${name}:missing`, missing),
  ]),
  criterion('code-value-string', together(someCode, escaped(['b', 'blue', 'É', 'x']))),
  single('code-value-string:missing', missing),
  criterion('code-value-date', together(someCode, dateValue)),
  single('code-value-date:missing', missing),
];

/** Criteria that make sense for a type. */
export const worldCriteria: Record<string, fc.Arbitrary<Criterion>[]> = {
  Patient: [
    ...common,
    ...['name', 'family', 'given', 'name:exact', 'family:contains'].map((name) => criterion(name, stringValue)),
    criterion('birthdate', dateValue),
    single(
      '_filter',
      some([
        'family eq smith or birthdate ge 1980-05',
        'not (family ew smith) and gender ne male',
        'family ew er and (gender eq female or birthdate pr false)',
        'organization.name eq clinic or birthdate po 1980-05',
      ]),
    ),
    criterion('gender', some(['male', 'female', 'other'])),
    criterion('gender:not', some(['male', 'female'])),
    criterion('identifier', identifierValue),
    single('birthdate:missing', missing),
    single('identifier:missing', missing),
    single('organization:missing', missing),
    criterion('general-practitioner', fc.oneof(idValue('Practitioner'), idValue('Organization'))),
    criterion('general-practitioner:Practitioner', some(ids)),
    criterion('general-practitioner:identifier', identifierValue),
    criterion('organization', idValue('Organization')),
    criterion('organization.name', stringValue),
    criterion('organization.partof.name', stringValue),
    criterion('organization.partof.partof', idValue('Organization')),
    criterion('general-practitioner.name', stringValue),
    criterion('_has:Observation:patient:code', tokenValue),
    criterion('_has:Observation:subject:code:not', tokenValue),
    criterion('_has:Observation:performer:date', dateValue),
    criterion('_has:Observation:patient:code-value-quantity', together(someCode, quantityValue)),
    criterion('_has:Encounter:patient:_has:Observation:encounter:code', tokenValue),
    single('_has:Observation:patient:value-quantity:missing', missing),
  ],
  Observation: [
    ...common,
    criterion('code', tokenValue),
    criterion('code:not', tokenValue),
    criterion('code:text', some(['height', 'TEXT', 'blood', 'zzz'])),
    single('code:missing', missing),
    criterion('category', tokenValue),
    single('category:missing', missing),
    criterion('status', some(['final', 'amended', 'entered-in-error'])),
    criterion('patient', idValue('Patient')),
    criterion(
      'subject',
      fc.oneof(idValue('Patient'), idValue('Group'), some(['http://elsewhere.org/fhir/Patient/1', 'urn:uuid:x'])),
    ),
    criterion('subject:identifier', identifierValue),
    single('subject:missing', missing),
    criterion('encounter', idValue('Encounter')),
    criterion('performer', fc.oneof(idValue('Practitioner'), idValue('Patient'))),
    criterion('date', dateValue),
    single('date:missing', missing),
    criterion('value-quantity', quantityValue),
    single('value-quantity:missing', missing),
    ...observationComposites,
    criterion('patient.name', stringValue),
    criterion('patient.gender', some(['male', 'female'])),
    criterion('patient.gender:not', some(['male', 'female'])),
    single('patient.birthdate:missing', missing),
    criterion('subject.identifier', identifierValue),
    criterion('performer.name', stringValue),
    criterion('encounter.class', tokenValue),
    criterion('encounter.patient.organization.name', stringValue),
    criterion('has-member.code', tokenValue),
    criterion('_has:Observation:has-member:code', tokenValue),
    criterion('patient._has:Encounter:patient:class', tokenValue),
  ],
  Encounter: [
    ...common,
    criterion('class', tokenValue),
    criterion('date', dateValue),
    criterion('status', some(['planned', 'finished'])),
    criterion('patient.name', stringValue),
    criterion('service-provider', idValue('Organization')),
    criterion('_has:Observation:encounter:value-quantity', quantityValue),
  ],
  Organization: [
    ...common,
    criterion('name', stringValue),
    criterion('partof.name', stringValue),
    single('partof:missing', missing),
  ],
  Location: [...common, criterion('near', nearValue), single('near:missing', missing)],
  MolecularSequence: [
    ...common,
    ...['chromosome-variant-coordinate', 'chromosome-window-coordinate'].flatMap((name) => [
      criterion(name, together(someCode, coordinate, coordinate)),
      single(`${name}:missing`, missing),
    ]),
  ],
  DocumentReference: [
    ...common,
    criterion('relationship', together(idValue('DocumentReference'), some(['replaces', 'appends']))),
    criterion('relationship', together(some(['Patient/1', 'urn:uuid:x', '7']), some(['replaces', 'appends']))),
    single('relationship:missing', missing),
  ],
  RiskAssessment: [...common, criterion('probability', numberValue), criterion('patient', idValue('Patient'))],
  ValueSet: [
    ...common,
    ...['url', 'url:above', 'url:below'].map((name) =>
      criterion(name, some(['http://a.org/x', 'http://a.org/x/y/z', 'http', 'urn:a', 'urn:a:b', 'u'])),
    ),
    criterion('name', stringValue),
    single('url:missing', missing),
  ],
};

const worldSorts: Record<string, string[]> = {
  Patient: ['identifier', 'name', 'family', 'birthdate', 'gender', 'organization', '_id', '_lastUpdated'],
  Observation: ['date', 'code', 'status', 'value-quantity', 'patient', 'category', '_id', '_lastUpdated'],
  Encounter: ['date', 'class', 'patient', 'status'],
  Organization: ['name', 'partof', '_id'],
  RiskAssessment: ['probability', 'patient'],
  Location: ['_id', '_lastUpdated'],
  MolecularSequence: ['_id', '_lastUpdated'],
  DocumentReference: ['status', '_id'],
  ValueSet: ['url', 'name', 'status'],
};

export interface WorldSearch {
  /** Undefined for a search over several types, or all. */
  readonly type?: string;
  readonly parameters: readonly Criterion[];
}

/** Criteria of several types at once. */
const sharedCriteria: [types: string[], criteria: fc.Arbitrary<Criterion>[], sorts: string[]][] = [
  [[], common, ['_id', '_lastUpdated']],
  [
    ['Observation', 'Encounter'],
    [
      ...common,
      criterion('patient', idValue('Patient')),
      criterion('date', dateValue),
      criterion('patient.name', stringValue),
    ],
    ['date', 'patient', 'status', '_id'],
  ],
  [
    ['Patient', 'Practitioner', 'Organization'],
    [...common, criterion('name', stringValue)],
    ['name', '_lastUpdated'],
  ],
  [['ValueSet', 'Organization'], [...common, criterion('name', stringValue)], ['name']],
];

interface Choices {
  readonly type?: string;
  readonly types: readonly string[];
  readonly criteria: readonly fc.Arbitrary<Criterion>[];
  readonly sorts: readonly string[];
}

const choices: Choices[] = [
  ...Object.entries(worldCriteria).map(([type, criteria]) => ({
    type,
    types: [],
    criteria,
    sorts: worldSorts[type] ?? [],
  })),
  { type: 'Observation', types: [], criteria: observationComposites, sorts: ['date', 'value-quantity', 'code'] },
  ...sharedCriteria.map(([types, criteria, sorts]) => ({ types, criteria, sorts })),
];

/** A search of the world: up to three criteria, perhaps sorted by one or two keys, in pages of any size. */
export const worldSearch: fc.Arbitrary<WorldSearch> = some(choices).chain(({ type, types, criteria, sorts }) =>
  fc
    .record({
      criteria: fc.array(fc.oneof(...criteria), { maxLength: 3 }),
      sort: fc.array(
        fc.tuple(some(['', '-']), some(sorts)).map((parts) => parts.join('')),
        { maxLength: 2 },
      ),
      count: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ criteria, sort, count }) => ({
      ...(type && { type }),
      parameters: [
        ...(types.length > 0 ? [['_type', types.join(',')] as const] : []),
        ...criteria,
        ...(sort.length > 0 ? [['_sort', sort.join(',')] as const] : []),
        ['_count', String(count)] as const,
      ],
    })),
);
