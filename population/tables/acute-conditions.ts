import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';
import type { DepartmentKey } from './departments.ts';
import type { MedicineKey } from './medicines.ts';

const icd = termsOf(systems.icd10);

export interface AcuteCondition {
  term: Term;
  department: DepartmentKey;
  /** Weight among the reasons to come: 0 to 6, 7 to 17, 18 to 44, 45 to 64, 65 and more years. */
  weights: readonly [number, number, number, number, number];
  days: number;
  where: 'near' | 'centre' | 'hospital';
  medicines: readonly MedicineKey[];
  childMedicines?: readonly MedicineKey[];
  fever?: boolean;
  tests?: readonly ('blood-count' | 'urine' | 'crp')[];
  winter?: boolean;
}

/** Reasons to see a doctor that pass: shares after outpatient statistics in outline (assumption). */
export const acuteConditions: readonly AcuteCondition[] = [
  acute(
    ['J06.9', '急性上呼吸道感染', 'Acute upper respiratory infection'],
    'respiratory',
    [34, 26, 20, 16, 14],
    7,
    'near',
    ['ibuprofen'],
    {
      childMedicines: ['ibuprofenSuspension'],
      fever: true,
      winter: true,
    },
  ),
  acute(
    ['J20.9', '急性支气管炎', 'Acute bronchitis'],
    'respiratory',
    [14, 6, 6, 8, 12],
    10,
    'centre',
    ['amoxicillin', 'ambroxol'],
    {
      childMedicines: ['amoxicillinGranules'],
      fever: true,
      tests: ['blood-count', 'crp'],
      winter: true,
    },
  ),
  acute(
    ['J10.1', '流行性感冒', 'Influenza'],
    'respiratory',
    [7, 8, 4, 3, 3],
    6,
    'centre',
    ['oseltamivir', 'ibuprofen'],
    {
      childMedicines: ['ibuprofenSuspension'],
      fever: true,
      tests: ['blood-count'],
      winter: true,
    },
  ),
  acute(['J03.9', '急性扁桃体炎', 'Acute tonsillitis'], 'otolaryngology', [6, 8, 4, 1, 0], 7, 'near', ['amoxicillin'], {
    childMedicines: ['amoxicillinGranules'],
    fever: true,
    tests: ['blood-count'],
  }),
  acute(['A09.9', '急性胃肠炎', 'Acute gastroenteritis'], 'digestive', [11, 7, 7, 6, 6], 4, 'near', ['smectite'], {
    childMedicines: ['smectite', 'oralRehydration'],
  }),
  acute(
    ['B08.4', '手足口病', 'Hand, foot and mouth disease'],
    'paediatrics',
    [5, 1, 0, 0, 0],
    8,
    'centre',
    ['ibuprofen'],
    {
      childMedicines: ['ibuprofenSuspension'],
      fever: true,
    },
  ),
  acute(['B01.9', '水痘', 'Varicella'], 'paediatrics', [1, 2, 0, 0, 0], 10, 'centre', ['loratadine']),
  acute(['L20.9', '特应性皮炎', 'Atopic dermatitis'], 'dermatology', [5, 2, 1, 1, 1], 14, 'centre', ['loratadine']),
  acute(['L23.9', '过敏性接触性皮炎', 'Allergic contact dermatitis'], 'dermatology', [2, 3, 5, 5, 5], 10, 'centre', [
    'loratadine',
  ]),
  acute(['L01.0', '脓疱病', 'Impetigo'], 'dermatology', [3, 2, 0, 0, 0], 8, 'near', ['mupirocin']),
  acute(['H10.9', '结膜炎', 'Conjunctivitis'], 'ophthalmology', [3, 3, 3, 2, 3], 7, 'centre', ['levofloxacinDrops']),
  acute(['H66.9', '中耳炎', 'Otitis media'], 'otolaryngology', [3, 2, 1, 1, 1], 8, 'hospital', ['cefuroxime'], {
    childMedicines: ['amoxicillinGranules'],
    fever: true,
  }),
  acute(['K04.0', '牙髓炎', 'Pulpitis'], 'dentistry', [1, 4, 6, 6, 4], 5, 'hospital', ['ibuprofen']),
  acute(
    ['N39.0', '尿路感染', 'Urinary tract infection'],
    'nephrology',
    [1, 1, 4, 5, 6],
    7,
    'centre',
    ['levofloxacin'],
    {
      tests: ['urine', 'blood-count'],
    },
  ),
  acute(['K29.1', '急性胃炎', 'Acute gastritis'], 'digestive', [0, 3, 7, 7, 6], 7, 'near', ['omeprazole']),
  acute(['M54.5', '腰痛', 'Low back pain'], 'orthopaedics', [0, 0, 7, 10, 10], 14, 'near', ['diclofenacGel']),
  acute(['M25.5', '关节痛', 'Joint pain'], 'orthopaedics', [0, 1, 2, 5, 8], 14, 'near', ['diclofenacGel']),
  acute(['S93.4', '踝关节扭伤', 'Sprain of ankle'], 'orthopaedics', [0, 5, 4, 2, 1], 14, 'hospital', ['diclofenacGel']),
  acute(['S61.9', '手部开放性伤口', 'Open wound of hand'], 'surgery', [1, 3, 4, 4, 2], 10, 'centre', ['cefuroxime']),
  acute(['R42', '眩晕', 'Dizziness'], 'neurology', [0, 0, 2, 6, 10], 5, 'near', ['betahistine']),
  acute(['R51', '头痛', 'Headache'], 'neurology', [0, 3, 5, 4, 3], 3, 'near', ['ibuprofen']),
  acute(['G47.0', '失眠', 'Insomnia'], 'neurology', [0, 0, 4, 7, 8], 21, 'centre', ['zopiclone']),
];

function acute(
  [code, zh, en]: [string, string, string],
  department: DepartmentKey,
  weights: AcuteCondition['weights'],
  days: number,
  where: AcuteCondition['where'],
  medicines: readonly MedicineKey[],
  extra: Pick<AcuteCondition, 'childMedicines' | 'fever' | 'tests' | 'winter'> = {},
): AcuteCondition {
  return { term: icd(code, zh, en), department, weights, days, where, medicines, ...extra };
}
