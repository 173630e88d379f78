import { ageAt, type Day } from '../dates.ts';
import { demonstrationFamilies } from '../demonstration/families.ts';
import type { Village } from '../institutions/institution.ts';
import { elementAt, Random } from '../random.ts';
import { estateWords, streetWords } from '../tables/institution-names.ts';
import { drawFamily, FamilyDraft } from './family.ts';
import type { Household, Person } from './person.ts';

/** Households until the residents are complete; the last one is cut to the number. */
export function* drawHouseholds(
  seed: number,
  residents: number,
  now: Day,
  villages: readonly Village[],
): Generator<Household> {
  let left = residents;
  for (let index = 0; left > 0; index++) {
    const household = drawHousehold(seed, index, now, villages);
    household.members.splice(left);
    left -= household.members.length;
    yield household;
  }
}

/** The household of an index depends on nothing but the seed, the day and the villages. */
export function drawHousehold(seed: number, index: number, now: Day, villages: readonly Village[]): Household {
  const path = `household/${index}`;
  const random = new Random(`${seed}/${path}`);
  const draft = new FamilyDraft(random, now, seed, path);
  const demonstration = demonstrationFamilies[index];
  const village = demonstration === undefined ? random.pick(villages) : demonstrationVillage(villages);
  if (demonstration === undefined) drawFamily(draft);
  else demonstration(draft);
  for (const member of draft.members) if (member.script === undefined) settle(random, member, now);
  const doctors = village.centre.staff.filter(({ role }) => role === 'familyDoctor');
  return {
    index,
    path,
    village,
    line: drawLine(random, village),
    doctor: demonstration === undefined ? random.pick(doctors) : elementAt(doctors, 0),
    members: draft.members,
  };
}

function demonstrationVillage(villages: readonly Village[]): Village {
  return villages.find(({ isRural }) => isRural) ?? elementAt(villages, 0);
}

/** Whether a person has a contract with the family doctor (coverage of priority groups about 80 %, else 40 %: assumption) and is alive. */
function settle(random: Random, person: Person, now: Day): void {
  const age = ageAt(person.birthDay, now);
  person.isSigned = random.chance(age >= 65 || age < 7 ? 0.8 : 0.4);
  // Gompertz mortality: about 0.1 % a year at 40, 1 % at 65, 8 % at 85 (life table of 2020, rounded), over three years.
  const yearlyRisk = 0.0011 * Math.exp(0.095 * (age - 40));
  if (age >= 18 && random.chance(Math.min(0.5, yearlyRisk * 3))) person.deathDay = now - random.int(20, 1090);
}

function drawLine(random: Random, village: Village): string {
  if (village.isRural) return `${random.int(1, 9)}组${random.int(1, 120)}号`;
  const building = `${random.int(1, 30)}幢${random.int(1, 4)}单元${random.int(1, 18)}0${random.int(1, 4)}室`;
  return random.chance(0.5)
    ? `${random.pick(estateWords)}${building}`
    : `${random.pick(streetWords)}${random.int(1, 299)}号`;
}
