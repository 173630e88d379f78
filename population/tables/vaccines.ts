import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const vaccine = termsOf(systems.vaccine);
const cvx = termsOf(systems.cvx);

export interface Vaccine {
  term: Term;
  /** The nearest code of CVX. */
  cvx: Term;
  route: 'IM' | 'SQ' | 'IDINJ' | 'PO';
  doseMl: number;
  doses: number;
}

function row(
  code: string,
  zh: string,
  en: string,
  cvxCode: string,
  route: Vaccine['route'],
  doseMl: number,
  doses: number,
): Vaccine {
  return { term: vaccine(code, zh, en), cvx: cvx(cvxCode, zh, en), route, doseMl, doses };
}

export const vaccines = {
  HepB: row('HepB', '重组乙型肝炎疫苗', 'Hepatitis B vaccine', '08', 'IM', 0.5, 3),
  BCG: row('BCG', '卡介苗', 'BCG vaccine', '19', 'IDINJ', 0.1, 1),
  IPV: row('IPV', '脊髓灰质炎灭活疫苗', 'Inactivated polio vaccine', '10', 'IM', 0.5, 2),
  bOPV: row('bOPV', '口服二价脊髓灰质炎减毒活疫苗', 'Oral bivalent polio vaccine', '178', 'PO', 0.1, 4),
  DTaP: row('DTaP', '无细胞百白破联合疫苗', 'Diphtheria, tetanus and acellular pertussis vaccine', '20', 'IM', 0.5, 5),
  DT: row('DT', '白喉破伤风联合疫苗', 'Diphtheria and tetanus vaccine', '28', 'IM', 0.5, 1),
  MMR: row('MMR', '麻腮风联合减毒活疫苗', 'Measles, mumps and rubella vaccine', '03', 'SQ', 0.5, 2),
  'JE-L': row('JE-L', '乙型脑炎减毒活疫苗', 'Live Japanese encephalitis vaccine', '129', 'SQ', 0.5, 2),
  'MPSV-A': row('MPSV-A', 'A群脑膜炎球菌多糖疫苗', 'Meningococcal A polysaccharide vaccine', '191', 'SQ', 0.5, 2),
  'MPSV-AC': row(
    'MPSV-AC',
    'A群C群脑膜炎球菌多糖疫苗',
    'Meningococcal A and C polysaccharide vaccine',
    '192',
    'SQ',
    0.5,
    4,
  ),
  'HepA-L': row('HepA-L', '甲型肝炎减毒活疫苗', 'Live hepatitis A vaccine', '85', 'SQ', 0.5, 1),
  HPV: row('HPV2', '双价人乳头瘤病毒疫苗', 'Bivalent HPV vaccine', '118', 'IM', 0.5, 2),
  influenza: row('IIV', '流感病毒裂解疫苗', 'Influenza split virion vaccine', '88', 'IM', 0.5, 1),
  PPV23: row('PPV23', '23价肺炎球菌多糖疫苗', 'Pneumococcal polysaccharide vaccine, 23-valent', '33', 'IM', 0.5, 1),
  covid: row(
    'COVID-19',
    '新型冠状病毒灭活疫苗（Vero细胞）',
    'Inactivated COVID-19 vaccine (Vero cell)',
    '511',
    'IM',
    0.5,
    3,
  ),
} as const satisfies Record<string, Vaccine>;

export type VaccineKey = keyof typeof vaccines;

export interface ScheduledDose {
  vaccine: VaccineKey;
  dose: number;
  months: number;
  /** Days of birth from which, and before which, the dose belongs to the schedule. */
  bornFrom?: string;
  bornBefore?: string;
  girlsOnly?: boolean;
}

/**
 * The national schedule: edition 2026 (国疾控卫免发〔2026〕16号); before 2025 pertussis vaccine was given at 3, 4, 5 and 18 months with DT
 * at 6 years (edition 2021), so children born until the autumn of 2024 have that one.
 */
export const schedule: readonly ScheduledDose[] = [
  { vaccine: 'HepB', dose: 1, months: 0 },
  { vaccine: 'BCG', dose: 1, months: 0 },
  { vaccine: 'HepB', dose: 2, months: 1 },
  { vaccine: 'IPV', dose: 1, months: 2 },
  { vaccine: 'IPV', dose: 2, months: 3 },
  { vaccine: 'bOPV', dose: 3, months: 4 },
  { vaccine: 'DTaP', dose: 1, months: 3, bornBefore: '2024-10-01' },
  { vaccine: 'DTaP', dose: 2, months: 4, bornBefore: '2024-10-01' },
  { vaccine: 'DTaP', dose: 3, months: 5, bornBefore: '2024-10-01' },
  { vaccine: 'DTaP', dose: 1, months: 2, bornFrom: '2024-10-01' },
  { vaccine: 'DTaP', dose: 2, months: 4, bornFrom: '2024-10-01' },
  { vaccine: 'DTaP', dose: 3, months: 6, bornFrom: '2024-10-01' },
  { vaccine: 'HepB', dose: 3, months: 6 },
  { vaccine: 'MPSV-A', dose: 1, months: 6 },
  { vaccine: 'MMR', dose: 1, months: 8 },
  { vaccine: 'JE-L', dose: 1, months: 8 },
  { vaccine: 'MPSV-A', dose: 2, months: 9 },
  { vaccine: 'DTaP', dose: 4, months: 18 },
  { vaccine: 'MMR', dose: 2, months: 18 },
  { vaccine: 'HepA-L', dose: 1, months: 18 },
  { vaccine: 'JE-L', dose: 2, months: 24 },
  { vaccine: 'MPSV-AC', dose: 3, months: 36 },
  { vaccine: 'bOPV', dose: 4, months: 48 },
  { vaccine: 'DTaP', dose: 5, months: 72, bornFrom: '2019-01-01' },
  { vaccine: 'DT', dose: 1, months: 72, bornBefore: '2019-01-01' },
  { vaccine: 'MPSV-AC', dose: 4, months: 72 },
  { vaccine: 'HPV', dose: 1, months: 156, bornFrom: '2011-11-10', girlsOnly: true },
  { vaccine: 'HPV', dose: 2, months: 162, bornFrom: '2011-11-10', girlsOnly: true },
];
