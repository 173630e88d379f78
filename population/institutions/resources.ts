import type { Address, ContactPoint, FhirResource, Organization, Practitioner, PractitionerRole } from 'fhir/r4.js';
import { addressIn, divisionExtension } from '../addresses.ts';
import { ageAt, printDay } from '../dates.ts';
import { bareConcept, codedExtension, codingOf, conceptOf, inEnglish, referTo } from '../fhir.ts';
import { Random } from '../random.ts';
import { humanNames } from '../residents/names.ts';
import { mobileNumber } from '../residents/phone.ts';
import { systems } from '../systems.ts';
import { areaCodes } from '../tables/area-codes.ts';
import { departments } from '../tables/departments.ts';
import { organizationTypes } from '../tables/institution-kinds.ts';
import { streetWords } from '../tables/institution-names.ts';
import { staffRoles, titlesByRole } from '../tables/staff-roles.ts';
import { creditCode } from './credit-code.ts';
import type { Institution, Staff } from './institution.ts';

/** The Organization and Location of an institution, and the Practitioners with their roles there. */
export function* institutionResources(institution: Institution, serial: number, now: number): Generator<FhirResource> {
  const random = new Random(institution.path);
  const line = institution.division.level === 'village' ? '' : `${random.pick(streetWords)}${random.int(1, 299)}号`;
  const address = addressIn(institution.division, line, 'work');
  const areaCode = areaCodes[institution.division.code.slice(0, 4)] ?? '0871';
  const telecom: ContactPoint[] = [
    { system: 'phone', use: 'work', value: `${areaCode}-${random.int(2000000, 8999999)}` },
  ];
  yield organizationOf(institution, serial, address, telecom);
  yield {
    resourceType: 'Location',
    id: institution.locationId,
    status: 'active',
    name: institution.name.zh,
    _name: inEnglish(institution.name.en),
    alias: [institution.name.en],
    mode: 'instance',
    telecom,
    address,
    physicalType: bareConcept('http://terminology.hl7.org/CodeSystem/location-physical-type', 'bu'),
    managingOrganization: referTo('Organization', institution.id),
  };
  for (const [index, staff] of institution.staff.entries()) {
    yield practitionerOf(staff, serial * 100 + index, now);
    yield practitionerRoleOf(staff);
  }
}

function organizationOf(
  institution: Institution,
  serial: number,
  address: Address,
  telecom: ContactPoint[],
): Organization {
  const { id, kind, grade, name, division, parent } = institution;
  const type = organizationTypes[kind.code] ?? 'prov';
  return {
    resourceType: 'Organization',
    id,
    extension: [divisionExtension(division), ...(grade ? [codedExtension('hospital-grade', grade)] : [])],
    identifier: [
      { system: systems.creditCode, value: creditCode(kind.code === 'pharmacy' ? '91' : '12', division.code, serial) },
    ],
    active: true,
    type: [conceptOf(kind), bareConcept(systems.organizationType, type)],
    name: name.zh,
    _name: inEnglish(name.en),
    alias: [name.en],
    telecom,
    address: [address],
    ...(parent && { partOf: referTo('Organization', parent.id, parent.name.zh) }),
  };
}

function practitionerOf(staff: Staff, serial: number, now: number): Practitioner {
  const { id, name, sex, birthDay, role, institution } = staff;
  const titles = titlesByRole[role];
  const title = titles[Math.min(titles.length - 1, Math.floor((ageAt(birthDay, now) - 26) / 9))] ?? titles[0];
  const level = role === 'villageDoctor' ? '2' : '1';
  const licence = `${level}10${institution.division.code.slice(0, 6).padEnd(6, '0')}${String(serial).padStart(6, '0').slice(-6)}`;
  return {
    resourceType: 'Practitioner',
    id,
    identifier: [{ system: systems.licence, value: licence }],
    active: true,
    name: humanNames(name),
    telecom: [{ system: 'phone', use: 'mobile', value: mobileNumber(new Random(`${institution.path}/${id}`)) }],
    gender: sex,
    birthDate: printDay(birthDay),
    ...(title && {
      qualification: [{ identifier: [{ system: systems.licence, value: licence }], code: conceptOf(title) }],
    }),
    communication: [{ coding: [{ system: 'urn:ietf:bcp:47', code: 'zh-CN' }] }],
  };
}

function practitionerRoleOf({ id, roleId, name, role, department, institution }: Staff): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    id: roleId,
    active: true,
    practitioner: referTo('Practitioner', id, name.text),
    organization: referTo('Organization', institution.id, institution.name.zh),
    code: [conceptOf(staffRoles[role])],
    ...(department && {
      specialty: [{ coding: [codingOf(departments[department])], text: departments[department].zh }],
    }),
    location: [referTo('Location', institution.locationId)],
  };
}
