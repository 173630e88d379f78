import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';
import type { DepartmentKey } from './departments.ts';
import type { MedicineKey } from './medicines.ts';

const icd = termsOf(systems.icd10);

/** Per cent of the living who have it on record, from an age on, for men and women. */
type Prevalence = readonly (readonly [number, number, number])[];

export interface ChronicCondition {
  term: Term;
  department: DepartmentKey;
  prevalence: Prevalence;
  earliestOnset: number;
  programme?: 'hypertension' | 'type-2-diabetes' | 'copd' | 'severe-mental-disorder';
  /** Medicines in the order in which they are added; the first ones at the diagnosis. */
  ladder?: readonly MedicineKey[];
  startWith?: number;
}

/**
 * Recorded prevalence is the surveyed prevalence times the share who know: hypertension 27.5 % of adults, half aware (China chronic
 * disease surveillance 2018); diabetes 12.4 %, 37 % aware (same); COPD 13.7 % from 40, few aware (China Pulmonary Health study 2018);
 * stroke 2.6 % from 40 (national screening 2020); CHD, dyslipidaemia, gout, osteoporosis, thyroid and mental disorders after the
 * national surveys of 2010 to 2019 in outline; the others assumption.
 */
export const chronicConditions = {
  hypertension: {
    term: icd('I10', '原发性高血压', 'Essential hypertension'),
    department: 'cardiology',
    prevalence: [
      [25, 1.5, 0.5],
      [35, 7, 4],
      [45, 17, 15],
      [55, 29, 29],
      [65, 42, 45],
      [75, 50, 54],
    ],
    earliestOnset: 28,
    programme: 'hypertension',
    ladder: ['amlodipine', 'valsartan', 'indapamide', 'bisoprolol'],
    startWith: 1,
  },
  diabetes: {
    term: icd('E11.9', '2型糖尿病', 'Type 2 diabetes mellitus'),
    department: 'endocrinology',
    prevalence: [
      [30, 1, 0.6],
      [40, 3.5, 2.4],
      [50, 8, 7],
      [60, 14, 14.5],
      [70, 16, 18],
    ],
    earliestOnset: 32,
    programme: 'type-2-diabetes',
    ladder: ['metformin', 'gliclazide', 'dapagliflozin', 'sitagliptin', 'insulinGlargine'],
    startWith: 1,
  },
  hyperlipidaemia: {
    term: icd('E78.5', '高脂血症', 'Hyperlipidaemia'),
    department: 'endocrinology',
    prevalence: [
      [30, 3, 1.5],
      [45, 9, 8],
      [60, 14, 17],
    ],
    earliestOnset: 30,
    ladder: ['atorvastatin'],
    startWith: 1,
  },
  coronary: {
    term: icd('I25.1', '冠状动脉粥样硬化性心脏病', 'Coronary heart disease'),
    department: 'cardiology',
    prevalence: [
      [45, 1, 0.6],
      [55, 4, 3],
      [65, 9, 8.5],
      [75, 15, 14],
    ],
    earliestOnset: 42,
    ladder: ['aspirin', 'atorvastatin', 'metoprolol'],
    startWith: 3,
  },
  stroke: {
    term: icd('I69.3', '脑梗死后遗症', 'Sequelae of cerebral infarction'),
    department: 'neurology',
    prevalence: [
      [45, 0.6, 0.4],
      [55, 2.2, 1.6],
      [65, 5, 4],
      [75, 8, 6.5],
    ],
    earliestOnset: 44,
    ladder: ['aspirin', 'atorvastatin'],
    startWith: 2,
  },
  atrialFibrillation: {
    term: icd('I48.9', '心房颤动', 'Atrial fibrillation'),
    department: 'cardiology',
    prevalence: [
      [55, 0.6, 0.4],
      [65, 1.6, 1.4],
      [75, 3.5, 3.2],
    ],
    earliestOnset: 52,
    ladder: ['rivaroxaban', 'metoprolol'],
    startWith: 2,
  },
  heartFailure: {
    term: icd('I50.9', '慢性心力衰竭', 'Chronic heart failure'),
    department: 'cardiology',
    prevalence: [
      [65, 1.2, 1],
      [75, 3, 2.8],
    ],
    earliestOnset: 60,
    ladder: ['furosemide', 'spironolactone', 'metoprolol'],
    startWith: 2,
  },
  copd: {
    term: icd('J44.9', '慢性阻塞性肺疾病', 'Chronic obstructive pulmonary disease'),
    department: 'respiratory',
    prevalence: [
      [45, 1, 0.3],
      [55, 3, 1.2],
      [65, 6.5, 2.6],
      [75, 9, 4],
    ],
    earliestOnset: 42,
    programme: 'copd',
    ladder: ['tiotropium'],
    startWith: 1,
  },
  asthma: {
    term: icd('J45.9', '支气管哮喘', 'Asthma'),
    department: 'respiratory',
    prevalence: [
      [5, 1.8, 1.2],
      [18, 1, 1],
      [45, 1.4, 1.6],
    ],
    earliestOnset: 3,
    ladder: ['budesonideFormoterol'],
    startWith: 1,
  },
  allergicRhinitis: {
    term: icd('J30.4', '变应性鼻炎', 'Allergic rhinitis'),
    department: 'otolaryngology',
    prevalence: [
      [5, 4, 3.5],
      [18, 4, 4.5],
      [50, 2, 2],
    ],
    earliestOnset: 4,
    ladder: ['mometasone'],
    startWith: 1,
  },
  gastritis: {
    term: icd('K29.5', '慢性胃炎', 'Chronic gastritis'),
    department: 'digestive',
    prevalence: [
      [25, 3, 3.5],
      [40, 7, 8],
      [60, 9, 10],
    ],
    earliestOnset: 20,
  },
  fattyLiver: {
    term: icd('K76.0', '脂肪肝', 'Fatty liver'),
    department: 'digestive',
    prevalence: [
      [30, 6, 2],
      [45, 9, 7],
      [65, 6, 8],
    ],
    earliestOnset: 26,
  },
  hepatitisB: {
    term: icd('B18.1', '慢性乙型病毒性肝炎', 'Chronic viral hepatitis B'),
    department: 'infection',
    prevalence: [
      [30, 1.8, 1.2],
      [45, 2.4, 1.6],
    ],
    earliestOnset: 18,
    ladder: ['entecavir'],
    startWith: 1,
  },
  gout: {
    term: icd('M10.9', '痛风', 'Gout'),
    department: 'rheumatology',
    prevalence: [
      [30, 1.6, 0.1],
      [45, 2.8, 0.4],
      [60, 3, 1.2],
    ],
    earliestOnset: 26,
    ladder: ['febuxostat'],
    startWith: 1,
  },
  osteoarthritis: {
    term: icd('M17.9', '膝骨关节炎', 'Osteoarthritis of knee'),
    department: 'orthopaedics',
    prevalence: [
      [50, 3, 6],
      [60, 7, 14],
      [70, 10, 19],
    ],
    earliestOnset: 45,
    ladder: ['celecoxib'],
    startWith: 1,
  },
  osteoporosis: {
    term: icd('M81.9', '骨质疏松', 'Osteoporosis'),
    department: 'orthopaedics',
    prevalence: [
      [55, 0.6, 4],
      [65, 2, 10],
      [75, 3, 14],
    ],
    earliestOnset: 50,
    ladder: ['calciumD3', 'alendronate'],
    startWith: 1,
  },
  lumbarDisc: {
    term: icd('M51.2', '腰椎间盘突出症', 'Lumbar disc displacement'),
    department: 'orthopaedics',
    prevalence: [
      [30, 2.4, 2],
      [50, 4.5, 4.5],
    ],
    earliestOnset: 24,
  },
  kidneyDisease: {
    term: icd('N18.3', '慢性肾脏病3期', 'Chronic kidney disease, stage 3'),
    department: 'nephrology',
    prevalence: [
      [50, 0.8, 0.8],
      [65, 2.8, 3],
      [75, 5, 5],
    ],
    earliestOnset: 45,
  },
  prostate: {
    term: icd('N40', '良性前列腺增生', 'Benign prostatic hyperplasia'),
    department: 'urology',
    prevalence: [
      [50, 5, 0],
      [60, 12, 0],
      [70, 19, 0],
    ],
    earliestOnset: 48,
    ladder: ['tamsulosin'],
    startWith: 1,
  },
  hypothyroidism: {
    term: icd('E03.9', '甲状腺功能减退症', 'Hypothyroidism'),
    department: 'endocrinology',
    prevalence: [
      [20, 0.3, 1.2],
      [40, 0.5, 2.2],
    ],
    earliestOnset: 18,
    ladder: ['levothyroxine'],
    startWith: 1,
  },
  thyroidNodule: {
    term: icd('E04.1', '甲状腺结节', 'Thyroid nodule'),
    department: 'endocrinology',
    prevalence: [
      [30, 2.5, 6],
      [50, 4, 10],
    ],
    earliestOnset: 25,
  },
  depression: {
    term: icd('F32.9', '抑郁发作', 'Depressive episode'),
    department: 'psychiatry',
    prevalence: [
      [16, 0.7, 1.2],
      [35, 0.9, 1.6],
      [60, 1.2, 2],
    ],
    earliestOnset: 15,
    ladder: ['sertraline'],
    startWith: 1,
  },
  schizophrenia: {
    term: icd('F20.9', '精神分裂症', 'Schizophrenia'),
    department: 'psychiatry',
    prevalence: [
      [20, 0.4, 0.4],
      [35, 0.5, 0.5],
    ],
    earliestOnset: 17,
    programme: 'severe-mental-disorder',
    ladder: ['olanzapine'],
    startWith: 1,
  },
  epilepsy: {
    term: icd('G40.9', '癫痫', 'Epilepsy'),
    department: 'neurology',
    prevalence: [
      [5, 0.3, 0.3],
      [20, 0.35, 0.3],
    ],
    earliestOnset: 2,
    ladder: ['valproate'],
    startWith: 1,
  },
  cataract: {
    term: icd('H25.9', '老年性白内障', 'Age-related cataract'),
    department: 'ophthalmology',
    prevalence: [
      [60, 4, 5],
      [70, 12, 14],
      [80, 20, 22],
    ],
    earliestOnset: 58,
  },
  myopia: {
    term: icd('H52.1', '近视', 'Myopia'),
    department: 'ophthalmology',
    prevalence: [
      [7, 12, 14],
      [12, 34, 38],
      [16, 22, 26],
      [30, 6, 6],
      [50, 0, 0],
    ],
    earliestOnset: 6,
  },
  caries: {
    term: icd('K02.9', '龋病', 'Dental caries'),
    department: 'dentistry',
    prevalence: [
      [3, 9, 9],
      [7, 11, 11],
      [14, 4, 5],
    ],
    earliestOnset: 2,
  },
  breastCancer: {
    term: icd('C50.9', '乳腺恶性肿瘤', 'Malignant neoplasm of breast'),
    department: 'oncology',
    prevalence: [
      [40, 0, 0.5],
      [55, 0, 0.9],
    ],
    earliestOnset: 36,
    ladder: ['letrozole'],
    startWith: 1,
  },
  lungCancer: {
    term: icd('C34.9', '肺恶性肿瘤', 'Malignant neoplasm of lung'),
    department: 'oncology',
    prevalence: [
      [55, 0.4, 0.3],
      [70, 0.9, 0.5],
    ],
    earliestOnset: 50,
  },
  colorectalCancer: {
    term: icd('C18.9', '结肠恶性肿瘤', 'Malignant neoplasm of colon'),
    department: 'oncology',
    prevalence: [
      [55, 0.3, 0.25],
      [70, 0.7, 0.5],
    ],
    earliestOnset: 48,
  },
} as const satisfies Record<string, ChronicCondition>;

export type ChronicKey = keyof typeof chronicConditions;
