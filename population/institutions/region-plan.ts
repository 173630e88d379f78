import type { City, County, Division } from '../divisions.ts';
import { loadProvince } from '../divisions.ts';
import { grades, kinds } from '../tables/institution-kinds.ts';
import { Founder, nameDemonstrationDoctor } from './founding.ts';
import type { CountyCare, Institution, Village } from './institution.ts';
import {
  centreName,
  clinicName,
  commissionName,
  hospitalName,
  isStreet,
  officeName,
  pharmacyName,
  villagesOf,
} from './names.ts';

export interface RegionPlan {
  institutions: Institution[];
  villages: Village[];
}

interface Authority {
  commission: Institution;
  insurer: Institution;
  hospital: Institution;
}

interface Size {
  counties: number;
  townshipsPerCounty: number;
  villagesPerTownship: number;
}

const residentsPerCounty = 15_000;
const residentsPerTownship = 1_000;
const residentsPerVillage = 400;

/** As many counties, townships and villages as the residents fill; the smallest region still has every kind of institution. */
function sizeFor(residents: number): Size {
  const counties = Math.max(1, Math.ceil(residents / residentsPerCounty));
  const townshipsPerCounty = Math.max(2, Math.round(residents / counties / residentsPerTownship));
  const perTownship = residents / counties / townshipsPerCounty;
  const villagesPerTownship = Math.min(6, Math.max(2, Math.round(perTownship / residentsPerVillage)));
  return { counties, townshipsPerCounty, villagesPerTownship };
}

export function planRegion(seed: number, residents: number, now: number): RegionPlan {
  const size = sizeFor(residents);
  const founder = new Founder(seed, now);
  const { division, cities } = loadProvince();
  const province = openProvince(founder, division);
  const villages: Village[] = [];
  let left = size.counties;
  for (const city of cities) {
    if (left === 0) break;
    const authority = openCity(founder, city, province);
    const counties = city.counties.slice(0, left);
    left -= counties.length;
    for (const [turn, county] of counties.entries())
      villages.push(...openCounty(founder, county, authority, size, turn));
  }
  const rural = villages.find(({ isRural }) => isRural);
  if (rural !== undefined) nameDemonstrationDoctor(rural.centre, now);
  return { institutions: founder.institutions, villages };
}

function openProvince(founder: Founder, division: Division): Authority {
  const commission = founder.open({ kind: kinds.commission, name: commissionName(division), division });
  const insurer = openInsurer(founder, division);
  openDiseaseControl(founder, division, commission);
  founder.open({
    kind: kinds.dataCentre,
    name: officeName(division, '卫生健康信息中心', 'Health Information Centre'),
    division,
    parent: commission,
  });
  const hospital = openHospital(founder, division, commission, 5, 'tertiaryA');
  return { commission, insurer, hospital };
}

function openCity(founder: Founder, { division }: City, province: Authority): Authority {
  const parent = province.commission;
  const commission = founder.open({ kind: kinds.commission, name: commissionName(division), division, parent });
  const insurer = openInsurer(founder, division, province.insurer);
  openDiseaseControl(founder, division, commission);
  const hospital = openHospital(founder, division, commission, 0, 'tertiaryA');
  openChineseMedicine(founder, division, commission, 'tertiaryB');
  return { commission, insurer, hospital };
}

function openCounty(founder: Founder, county: County, city: Authority, size: Size, turn: number): Village[] {
  const { division } = county;
  const parent = city.commission;
  const commission = founder.open({ kind: kinds.commission, name: commissionName(division), division, parent });
  const care: CountyCare = {
    division,
    commission,
    diseaseControl: openDiseaseControl(founder, division, commission),
    hospital: openHospital(founder, division, commission, turn + 1, 'secondaryA'),
    chineseMedicine: openChineseMedicine(founder, division, commission, 'secondaryB'),
    maternal: founder.open({
      kind: kinds.maternal,
      grade: grades.secondaryA,
      name: officeName(division, '妇幼保健院', 'Maternal and Child Health Hospital'),
      division,
      parent: commission,
    }),
    cityHospital: city.hospital,
    insurer: city.insurer,
  };
  return county.townships
    .slice(0, size.townshipsPerCounty)
    .flatMap((township, index) => openTownship(founder, township, care, size.villagesPerTownship, index));
}

function openTownship(
  founder: Founder,
  township: Division,
  county: CountyCare,
  count: number,
  turn: number,
): Village[] {
  const centre = founder.open({
    kind: isStreet(township) ? kinds.communityCentre : kinds.townshipCentre,
    grade: grades.primary,
    name: centreName(township),
    division: township,
    parent: county.commission,
  });
  const pharmacy = founder.open({ kind: kinds.pharmacy, name: pharmacyName(township, turn), division: township });
  return villagesOf(township, count).map((division) => {
    const isRural = division.name.zh.endsWith('村');
    const clinic = founder.open({
      kind: isRural ? kinds.villageClinic : kinds.communityStation,
      grade: grades.ungraded,
      name: clinicName(division),
      division,
      parent: centre,
    });
    return { division, township, isRural, clinic, centre, pharmacy, county };
  });
}

function openDiseaseControl(founder: Founder, division: Division, parent: Institution): Institution {
  const name = officeName(division, '疾病预防控制中心', 'Centre for Disease Control and Prevention');
  return founder.open({ kind: kinds.diseaseControl, name, division, parent });
}

function openInsurer(founder: Founder, division: Division, parent?: Institution): Institution {
  const name = officeName(division, '医疗保障局', 'Healthcare Security Administration');
  return founder.open({ kind: kinds.insurer, name, division, parent });
}

function openHospital(
  founder: Founder,
  division: Division,
  parent: Institution,
  turn: number,
  grade: keyof typeof grades,
): Institution {
  return founder.open({
    kind: kinds.hospital,
    grade: grades[grade],
    name: hospitalName(division, turn),
    division,
    parent,
  });
}

function openChineseMedicine(
  founder: Founder,
  division: Division,
  parent: Institution,
  grade: keyof typeof grades,
): Institution {
  const name = hospitalName(division, 6, { zh: '中医医院', en: 'Hospital of Traditional Chinese Medicine' });
  return founder.open({ kind: kinds.chineseMedicine, grade: grades[grade], name, division, parent });
}
