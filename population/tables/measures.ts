import { type Term, termsOf } from '../fhir.ts';
import type { Sex } from '../residents/names.ts';
import { systems } from '../systems.ts';

const loinc = termsOf(systems.loinc);

export type Category = 'vital-signs' | 'laboratory' | 'exam';

/** Limits of the reference range: the same for all, or by sex. */
export interface Range {
  low?: number;
  high?: number;
}

export interface Measure {
  term: Term;
  category: Category;
  unit: string;
  ucum: string;
  decimals: number;
  range?: Range | Readonly<Record<Sex, Range>>;
}

function measure(
  category: Category,
  words: [string, string, string],
  ucum: string,
  decimals: number,
  range?: Measure['range'],
  unit = ucum,
): Measure {
  return { term: loinc(...words), category, unit, ucum, decimals, range };
}

/** Reference intervals of adults after WS/T 404 and 405 (2012, 2015), WS/T 428 for the waist; goals of treatment are not ranges. */
export const measures = {
  heartRate: measure('vital-signs', ['8867-4', '心率', 'Heart rate'], '/min', 0, { low: 60, high: 100 }, '次/分'),
  temperature: measure('vital-signs', ['8310-5', '体温', 'Body temperature'], 'Cel', 1, { low: 36, high: 37.2 }, '℃'),
  respiration: measure(
    'vital-signs',
    ['9279-1', '呼吸频率', 'Respiratory rate'],
    '/min',
    0,
    { low: 12, high: 20 },
    '次/分',
  ),
  oxygen: measure('vital-signs', ['2708-6', '血氧饱和度', 'Oxygen saturation'], '%', 0, { low: 94 }),
  weight: measure('vital-signs', ['29463-7', '体重', 'Body weight'], 'kg', 1),
  height: measure('vital-signs', ['8302-2', '身高', 'Body height'], 'cm', 1),
  bmi: measure(
    'vital-signs',
    ['39156-5', '体重指数', 'Body mass index'],
    'kg/m2',
    1,
    { low: 18.5, high: 23.9 },
    'kg/m²',
  ),
  waist: measure('vital-signs', ['8280-0', '腰围', 'Waist circumference'], 'cm', 0, {
    male: { high: 90 },
    female: { high: 85 },
  }),
  headCircumference: measure('vital-signs', ['9843-4', '头围', 'Head circumference'], 'cm', 1),
  glucose: measure('laboratory', ['14771-0', '空腹血糖', 'Fasting glucose'], 'mmol/L', 1, { low: 3.9, high: 6.1 }),
  hba1c: measure('laboratory', ['4548-4', '糖化血红蛋白', 'Haemoglobin A1c'], '%', 1, { low: 4, high: 6 }),
  cholesterol: measure('laboratory', ['14647-2', '总胆固醇', 'Total cholesterol'], 'mmol/L', 2, { high: 5.2 }),
  triglycerides: measure('laboratory', ['14927-8', '甘油三酯', 'Triglycerides'], 'mmol/L', 2, { high: 1.7 }),
  hdl: measure('laboratory', ['14646-4', '高密度脂蛋白胆固醇', 'HDL cholesterol'], 'mmol/L', 2, { low: 1 }),
  ldl: measure('laboratory', ['22748-8', '低密度脂蛋白胆固醇', 'LDL cholesterol'], 'mmol/L', 2, { high: 3.4 }),
  creatinine: measure(
    'laboratory',
    ['14682-9', '肌酐', 'Creatinine'],
    'umol/L',
    0,
    { male: { low: 57, high: 111 }, female: { low: 41, high: 81 } },
    'μmol/L',
  ),
  egfr: measure(
    'laboratory',
    ['98979-8', '估算肾小球滤过率', 'eGFR (CKD-EPI 2021)'],
    'mL/min/{1.73_m2}',
    0,
    { low: 60 },
    'mL/min/1.73 m²',
  ),
  urea: measure('laboratory', ['22664-7', '尿素', 'Urea'], 'mmol/L', 1, { low: 2.6, high: 8.8 }),
  urate: measure(
    'laboratory',
    ['14933-6', '尿酸', 'Uric acid'],
    'umol/L',
    0,
    { male: { low: 208, high: 428 }, female: { low: 155, high: 357 } },
    'μmol/L',
  ),
  alt: measure('laboratory', ['1742-6', '丙氨酸氨基转移酶', 'Alanine aminotransferase (ALT)'], 'U/L', 0, {
    male: { high: 50 },
    female: { high: 40 },
  }),
  ast: measure('laboratory', ['1920-8', '天门冬氨酸氨基转移酶', 'Aspartate aminotransferase (AST)'], 'U/L', 0, {
    male: { high: 40 },
    female: { high: 35 },
  }),
  potassium: measure('laboratory', ['2823-3', '血钾', 'Potassium'], 'mmol/L', 2, { low: 3.5, high: 5.3 }),
  sodium: measure('laboratory', ['2951-2', '血钠', 'Sodium'], 'mmol/L', 1, { low: 137, high: 147 }),
  haemoglobin: measure('laboratory', ['718-7', '血红蛋白', 'Haemoglobin'], 'g/L', 0, {
    male: { low: 130, high: 175 },
    female: { low: 115, high: 150 },
  }),
  /** Below 110 g/L is anaemia from 6 months to 6 years (WHO). */
  childHaemoglobin: measure('laboratory', ['718-7', '血红蛋白', 'Haemoglobin'], 'g/L', 0, { low: 110, high: 150 }),
  leukocytes: measure(
    'laboratory',
    ['6690-2', '白细胞计数', 'White blood cells'],
    '10*9/L',
    2,
    { low: 3.5, high: 9.5 },
    '×10⁹/L',
  ),
  platelets: measure(
    'laboratory',
    ['777-3', '血小板计数', 'Platelets'],
    '10*9/L',
    0,
    { low: 125, high: 350 },
    '×10⁹/L',
  ),
  crp: measure('laboratory', ['1988-5', 'C反应蛋白', 'C-reactive protein'], 'mg/L', 1, { high: 8 }),
  albuminCreatinine: measure(
    'laboratory',
    ['14959-1', '尿白蛋白/肌酐比值', 'Urine albumin/creatinine ratio'],
    'mg/g',
    0,
    { high: 30 },
  ),
  glucose2h: measure(
    'laboratory',
    ['14995-5', '口服糖耐量试验2小时血糖', 'Glucose 2 h after 75 g glucose'],
    'mmol/L',
    1,
    { high: 8.5 },
  ),
  fundalHeight: measure('exam', ['11881-0', '宫高', 'Fundal height'], 'cm', 0),
  fetalHeartRate: measure(
    'exam',
    ['55283-6', '胎心率', 'Fetal heart rate'],
    '/min',
    0,
    { low: 110, high: 160 },
    '次/分',
  ),
  gestationalAge: measure('exam', ['18185-9', '孕周', 'Gestational age'], 'wk', 0, undefined, '周'),
  birthWeight: measure('vital-signs', ['8339-4', '出生体重', 'Birth weight'], 'kg', 2, { low: 2.5, high: 4 }),
} as const satisfies Record<string, Measure>;

export type MeasureKey = keyof typeof measures;

export const bloodPressure = {
  panel: loinc('85354-9', '血压', 'Blood pressure'),
  systolic: loinc('8480-6', '收缩压', 'Systolic blood pressure'),
  diastolic: loinc('8462-4', '舒张压', 'Diastolic blood pressure'),
} as const;

export const panels = {
  bloodCount: loinc('58410-2', '血常规', 'Complete blood count'),
  lipids: loinc('57698-3', '血脂', 'Lipid panel'),
  renal: loinc('24362-6', '肾功能', 'Renal function'),
  hepatic: loinc('24325-3', '肝功能', 'Liver function'),
  glucose: loinc('14771-0', '空腹血糖', 'Fasting glucose'),
  hba1c: loinc('4548-4', '糖化血红蛋白', 'Haemoglobin A1c'),
  electrocardiogram: loinc('11524-6', '心电图', 'Electrocardiogram'),
  abdominalUltrasound: loinc('24558-9', '腹部超声', 'Abdominal ultrasound'),
  chestRadiograph: loinc('36643-5', '胸部X线', 'Chest radiograph'),
  chestTomography: loinc('24627-2', '胸部CT', 'CT of chest'),
  headTomography: loinc('24725-4', '头颅CT', 'CT of head'),
  obstetricUltrasound: loinc('11525-3', '产科超声', 'Obstetric ultrasound'),
} as const;

export const facts = {
  aboGroup: loinc('883-9', 'ABO血型', 'ABO blood group'),
  rhesus: loinc('10331-7', 'Rh血型', 'Rh blood group'),
  smoking: loinc('72166-2', '吸烟状况', 'Tobacco smoking status'),
  urineProtein: loinc('20454-5', '尿蛋白', 'Urine protein'),
  apgar5: loinc('9274-2', '5分钟Apgar评分', 'Apgar score at 5 minutes'),
} as const;
