import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { normalisePhone } from './fields/phone.ts';
import { placeTokens } from './fields/place.ts';
import { normaliseResidentId } from './fields/resident-id.ts';
import { parseNames } from './names/parse-name.ts';
import { foldVariants } from './names/variants.ts';
import type { DocumentNumber, Person, Place } from './person.ts';
import { extensionBase, residentIdSystem } from './systems.ts';

const objects = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];
/** What is longer is no name, number or line of an address. */
const longest = 200;
const text = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value.slice(0, longest).trim() : '';
const distinct = (values: readonly (string | undefined)[]): string[] =>
  [...new Set(values.filter((value) => value !== undefined && value !== ''))] as string[];

/** More of one kind are not compared: nobody has as many. */
const most = 8;

/** What matching needs of a Patient; whatever is not understood is as good as missing. */
export function parsePatient(patient: JsonObject): Person {
  const names = parseNames(patient.name);
  const extensions = objects(patient.extension);
  return {
    han: names.han.slice(0, most),
    latin: names.latin.slice(0, most),
    isNewborn: names.isNewborn,
    birthDate: /^\d{4}(?:-\d\d(?:-\d\d)?)?$/.test(text(patient.birthDate)) ? text(patient.birthDate) : undefined,
    sex: patient.gender === 'male' || patient.gender === 'female' ? patient.gender : undefined,
    ...parseIdentifiers(objects(patient.identifier)),
    phones: distinct(
      objects(patient.telecom)
        .filter(({ system }) => system === 'phone' || system === 'sms')
        .map(({ value }) => normalisePhone(text(value))),
    ).slice(0, most),
    places: objects(patient.address).slice(0, most).flatMap(parsePlace),
    mothers: mothersOf(patient, extensions, names.motherName).slice(0, most),
    birthOrder: typeof patient.multipleBirthInteger === 'number' ? patient.multipleBirthInteger : undefined,
    birthTime: birthTimeOf(patient, extensions),
  };
}

function isOfType({ type }: JsonObject, code: string): boolean {
  return isJsonObject(type) && objects(type.coding).some((coding) => coding.code === code);
}

function parseIdentifiers(identifiers: readonly JsonObject[]) {
  const nationalIds: string[] = [];
  const insuranceNumbers: string[] = [];
  const documents: DocumentNumber[] = [];
  for (const identifier of identifiers) {
    const value = text(identifier.value).normalize('NFKC').toUpperCase();
    if (value === '') continue;
    const residentId =
      identifier.system === residentIdSystem || isOfType(identifier, 'NI') ? normaliseResidentId(value) : undefined;
    if (residentId !== undefined) nationalIds.push(residentId);
    else if (isOfType(identifier, 'SN')) insuranceNumbers.push(value);
    else documents.push({ system: text(identifier.system), number: value });
  }
  return {
    nationalIds: distinct(nationalIds).slice(0, most),
    insuranceNumbers: distinct(insuranceNumbers).slice(0, most),
    documents: documents.slice(0, most),
  };
}

function parsePlace(address: JsonObject): Place[] {
  const lines = Array.isArray(address.line) ? address.line.map((line) => text(line)) : [];
  // Characters repeat what the code of the division says; words in Latin letters have no code.
  const inChinese = /\p{Script=Han}/u.test(lines.join('') + text(address.text));
  const others = inChinese ? [] : [address.city, address.postalCode, address.state].map(text);
  const written = [...lines, ...others].filter((part) => part !== '').join(' ') || text(address.text);
  const division = divisionOf(objects(address.extension));
  if (written === '' && division === '') return [];
  return [{ division, tokens: placeTokens(written), text: text(address.text) || written }];
}

function divisionOf(extensions: readonly JsonObject[]): string {
  const coding = extensions.find(({ url }) => url === `${extensionBase}division`)?.valueCoding;
  const code = isJsonObject(coding) ? text(coding.code) : '';
  return /^\d{2,12}$/.test(code) ? code : '';
}

/** By the extension `mother`, by a contact who is the mother, or by the name of a newborn. */
function mothersOf(patient: JsonObject, extensions: readonly JsonObject[], motherName: string | undefined): string[] {
  const references = extensions.flatMap(({ url, valueReference }) =>
    url === `${extensionBase}mother` && isJsonObject(valueReference) ? [valueReference] : [],
  );
  const ids = references.flatMap(({ reference, identifier }) => [
    text(reference),
    isJsonObject(identifier) ? text(identifier.value).toUpperCase() : '',
  ]);
  const contacts = objects(patient.contact).filter(({ relationship }) =>
    objects(relationship).some((concept) => objects(concept.coding).some(({ code }) => code === 'MTH')),
  );
  const names = [motherName, ...contacts.map(({ name }) => (isJsonObject(name) ? text(name.text) : ''))];
  return distinct([
    ...ids.filter((id) => id !== '').map((id) => `id|${normaliseResidentId(id) ?? id}`),
    ...names.flatMap((name) => (name ? [`name|${foldVariants(name).replace(/[\s·]/gu, '')}`] : [])),
  ]);
}

const birthTimeUrl = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';

function birthTimeOf(patient: JsonObject, extensions: readonly JsonObject[]): string | undefined {
  const besideDate = isJsonObject(patient._birthDate) ? objects(patient._birthDate.extension) : [];
  const time = [...besideDate, ...extensions].find(({ url }) => url === birthTimeUrl);
  return /T(\d\d:\d\d)/.exec(text(time?.valueDateTime))?.[1];
}
