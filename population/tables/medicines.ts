import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const atc = termsOf(systems.atc);

export type Route = 'oral' | 'subcutaneous' | 'inhaled' | 'nasal' | 'topical' | 'eye';

/** How a treated measure moves under the medicine when it is taken regularly. */
export interface Effect {
  systolic?: number;
  diastolic?: number;
  hba1c?: number;
  ldl?: number;
  urate?: number;
}

export interface Medicine {
  term: Term;
  /** Form and strength as on the box. */
  product: { zh: string; en: string };
  dose: number;
  unit: string;
  perDay: number;
  /** Days between doses that are not daily. */
  everyDays?: number;
  route: Route;
  /** Tablets, capsules, puffs for one dose. */
  pieces: number;
  piece: { zh: string; en: string };
  when?: 'MORN' | 'HS' | 'C';
  asNeeded?: boolean;
  effect?: Effect;
}

type Extra = Partial<Pick<Medicine, 'everyDays' | 'route' | 'pieces' | 'piece' | 'when' | 'asNeeded' | 'effect'>>;

const tablet = { zh: '片', en: 'tablet' };
const capsule = { zh: '粒', en: 'capsule' };
const puff = { zh: '吸', en: 'inhalation' };
const sachet = { zh: '袋', en: 'sachet' };

function medicine(
  code: string,
  generic: [string, string],
  product: [string, string],
  dose: string,
  perDay: number,
  extra: Extra = {},
): Medicine {
  const [amount = '1', unit = 'mg'] = dose.split(' ');
  return {
    term: atc(code, ...generic),
    product: { zh: product[0], en: product[1] },
    dose: Number(amount),
    unit,
    perDay,
    route: 'oral',
    pieces: 1,
    piece: tablet,
    ...extra,
  };
}

/** Effects after meta-analyses of standard doses (about 9/5 mmHg a drug, 1 % HbA1c for metformin, 40 % LDL for a statin), rounded. */
export const medicines = {
  amlodipine: medicine(
    'C08CA01',
    ['氨氯地平', 'amlodipine'],
    ['苯磺酸氨氯地平片 5 mg', 'Amlodipine 5 mg tablets'],
    '5 mg',
    1,
    {
      when: 'MORN',
      effect: { systolic: 11, diastolic: 6 },
    },
  ),
  valsartan: medicine(
    'C09CA03',
    ['缬沙坦', 'valsartan'],
    ['缬沙坦胶囊 80 mg', 'Valsartan 80 mg capsules'],
    '80 mg',
    1,
    {
      when: 'MORN',
      piece: capsule,
      effect: { systolic: 9, diastolic: 5 },
    },
  ),
  indapamide: medicine(
    'C03BA11',
    ['吲达帕胺', 'indapamide'],
    ['吲达帕胺缓释片 1.5 mg', 'Indapamide 1.5 mg modified-release tablets'],
    '1.5 mg',
    1,
    {
      when: 'MORN',
      effect: { systolic: 8, diastolic: 4 },
    },
  ),
  bisoprolol: medicine(
    'C07AB07',
    ['比索洛尔', 'bisoprolol'],
    ['富马酸比索洛尔片 5 mg', 'Bisoprolol 5 mg tablets'],
    '5 mg',
    1,
    {
      when: 'MORN',
      effect: { systolic: 7, diastolic: 5 },
    },
  ),
  metoprolol: medicine(
    'C07AB02',
    ['美托洛尔', 'metoprolol'],
    ['琥珀酸美托洛尔缓释片 47.5 mg', 'Metoprolol succinate 47.5 mg modified-release tablets'],
    '47.5 mg',
    1,
    {
      when: 'MORN',
      effect: { systolic: 6, diastolic: 4 },
    },
  ),
  metformin: medicine(
    'A10BA02',
    ['二甲双胍', 'metformin'],
    ['盐酸二甲双胍片 0.5 g', 'Metformin 500 mg tablets'],
    '500 mg',
    2,
    {
      when: 'C',
      effect: { hba1c: 1 },
    },
  ),
  gliclazide: medicine(
    'A10BB09',
    ['格列齐特', 'gliclazide'],
    ['格列齐特缓释片 60 mg', 'Gliclazide 60 mg modified-release tablets'],
    '60 mg',
    1,
    {
      when: 'MORN',
      effect: { hba1c: 0.8 },
    },
  ),
  dapagliflozin: medicine(
    'A10BK01',
    ['达格列净', 'dapagliflozin'],
    ['达格列净片 10 mg', 'Dapagliflozin 10 mg tablets'],
    '10 mg',
    1,
    {
      when: 'MORN',
      effect: { hba1c: 0.7, systolic: 3 },
    },
  ),
  sitagliptin: medicine(
    'A10BH01',
    ['西格列汀', 'sitagliptin'],
    ['磷酸西格列汀片 100 mg', 'Sitagliptin 100 mg tablets'],
    '100 mg',
    1,
    {
      effect: { hba1c: 0.6 },
    },
  ),
  insulinGlargine: medicine(
    'A10AE04',
    ['甘精胰岛素', 'insulin glargine'],
    ['甘精胰岛素注射液 300 U：3 mL', 'Insulin glargine 100 U/mL pen'],
    '14 [iU]',
    1,
    {
      route: 'subcutaneous',
      when: 'HS',
      piece: { zh: '次', en: 'injection' },
      effect: { hba1c: 1.2 },
    },
  ),
  atorvastatin: medicine(
    'C10AA05',
    ['阿托伐他汀', 'atorvastatin'],
    ['阿托伐他汀钙片 20 mg', 'Atorvastatin 20 mg tablets'],
    '20 mg',
    1,
    {
      when: 'HS',
      effect: { ldl: 0.4 },
    },
  ),
  aspirin: medicine(
    'B01AC06',
    ['阿司匹林', 'acetylsalicylic acid'],
    ['阿司匹林肠溶片 100 mg', 'Aspirin 100 mg gastro-resistant tablets'],
    '100 mg',
    1,
    {
      when: 'MORN',
    },
  ),
  rivaroxaban: medicine(
    'B01AF01',
    ['利伐沙班', 'rivaroxaban'],
    ['利伐沙班片 15 mg', 'Rivaroxaban 15 mg tablets'],
    '15 mg',
    1,
    { when: 'C' },
  ),
  furosemide: medicine(
    'C03CA01',
    ['呋塞米', 'furosemide'],
    ['呋塞米片 20 mg', 'Furosemide 20 mg tablets'],
    '20 mg',
    1,
    { when: 'MORN' },
  ),
  spironolactone: medicine(
    'C03DA01',
    ['螺内酯', 'spironolactone'],
    ['螺内酯片 20 mg', 'Spironolactone 20 mg tablets'],
    '20 mg',
    1,
    { when: 'MORN' },
  ),
  tiotropium: medicine(
    'R03BB04',
    ['噻托溴铵', 'tiotropium bromide'],
    ['噻托溴铵吸入粉雾剂 18 μg', 'Tiotropium 18 microgram inhalation powder'],
    '18 ug',
    1,
    {
      route: 'inhaled',
      piece: puff,
    },
  ),
  budesonideFormoterol: medicine(
    'R03AK07',
    ['福莫特罗和布地奈德', 'formoterol and budesonide'],
    ['布地奈德福莫特罗吸入粉雾剂 160/4.5 μg', 'Budesonide/formoterol 160/4.5 microgram inhaler'],
    '160 ug',
    2,
    {
      route: 'inhaled',
      piece: puff,
    },
  ),
  mometasone: medicine(
    'R01AD09',
    ['莫米松', 'mometasone'],
    ['糠酸莫米松鼻喷雾剂 50 μg', 'Mometasone 50 microgram nasal spray'],
    '100 ug',
    1,
    {
      route: 'nasal',
      pieces: 2,
      piece: { zh: '喷', en: 'spray' },
    },
  ),
  febuxostat: medicine(
    'M04AA03',
    ['非布司他', 'febuxostat'],
    ['非布司他片 40 mg', 'Febuxostat 40 mg tablets'],
    '40 mg',
    1,
    { effect: { urate: 160 } },
  ),
  celecoxib: medicine(
    'M01AH01',
    ['塞来昔布', 'celecoxib'],
    ['塞来昔布胶囊 0.2 g', 'Celecoxib 200 mg capsules'],
    '200 mg',
    1,
    {
      piece: capsule,
      asNeeded: true,
    },
  ),
  calciumD3: medicine(
    'A12AX',
    ['碳酸钙和维生素D', 'calcium with vitamin D'],
    ['碳酸钙D3片 600 mg', 'Calcium 600 mg with vitamin D3 tablets'],
    '600 mg',
    1,
  ),
  alendronate: medicine(
    'M05BA04',
    ['阿仑膦酸', 'alendronic acid'],
    ['阿仑膦酸钠片 70 mg', 'Alendronate 70 mg tablets'],
    '70 mg',
    1,
    { everyDays: 7, when: 'MORN' },
  ),
  entecavir: medicine(
    'J05AF10',
    ['恩替卡韦', 'entecavir'],
    ['恩替卡韦片 0.5 mg', 'Entecavir 0.5 mg tablets'],
    '0.5 mg',
    1,
  ),
  tamsulosin: medicine(
    'G04CA02',
    ['坦索罗辛', 'tamsulosin'],
    ['盐酸坦索罗辛缓释胶囊 0.2 mg', 'Tamsulosin 0.2 mg modified-release capsules'],
    '0.2 mg',
    1,
    { piece: capsule },
  ),
  levothyroxine: medicine(
    'H03AA01',
    ['左甲状腺素钠', 'levothyroxine sodium'],
    ['左甲状腺素钠片 50 μg', 'Levothyroxine 50 microgram tablets'],
    '50 ug',
    1,
    { when: 'MORN' },
  ),
  sertraline: medicine(
    'N06AB06',
    ['舍曲林', 'sertraline'],
    ['盐酸舍曲林片 50 mg', 'Sertraline 50 mg tablets'],
    '50 mg',
    1,
    { when: 'MORN' },
  ),
  olanzapine: medicine(
    'N05AH03',
    ['奥氮平', 'olanzapine'],
    ['奥氮平片 10 mg', 'Olanzapine 10 mg tablets'],
    '10 mg',
    1,
    { when: 'HS' },
  ),
  valproate: medicine(
    'N03AG01',
    ['丙戊酸', 'valproic acid'],
    ['丙戊酸钠缓释片 0.5 g', 'Sodium valproate 500 mg modified-release tablets'],
    '500 mg',
    2,
  ),
  letrozole: medicine('L02BG04', ['来曲唑', 'letrozole'], ['来曲唑片 2.5 mg', 'Letrozole 2.5 mg tablets'], '2.5 mg', 1),
  amoxicillin: medicine(
    'J01CA04',
    ['阿莫西林', 'amoxicillin'],
    ['阿莫西林胶囊 0.5 g', 'Amoxicillin 500 mg capsules'],
    '500 mg',
    3,
    { piece: capsule },
  ),
  cefuroxime: medicine(
    'J01DC02',
    ['头孢呋辛', 'cefuroxime'],
    ['头孢呋辛酯片 0.25 g', 'Cefuroxime axetil 250 mg tablets'],
    '250 mg',
    2,
  ),
  azithromycin: medicine(
    'J01FA10',
    ['阿奇霉素', 'azithromycin'],
    ['阿奇霉素片 0.25 g', 'Azithromycin 250 mg tablets'],
    '500 mg',
    1,
    { pieces: 2 },
  ),
  levofloxacin: medicine(
    'J01MA12',
    ['左氧氟沙星', 'levofloxacin'],
    ['左氧氟沙星片 0.5 g', 'Levofloxacin 500 mg tablets'],
    '500 mg',
    1,
  ),
  oseltamivir: medicine(
    'J05AH02',
    ['奥司他韦', 'oseltamivir'],
    ['磷酸奥司他韦胶囊 75 mg', 'Oseltamivir 75 mg capsules'],
    '75 mg',
    2,
    { piece: capsule },
  ),
  ibuprofen: medicine(
    'M01AE01',
    ['布洛芬', 'ibuprofen'],
    ['布洛芬缓释胶囊 0.3 g', 'Ibuprofen 300 mg modified-release capsules'],
    '300 mg',
    2,
    { piece: capsule, asNeeded: true },
  ),
  ambroxol: medicine('R05CB06', ['氨溴索', 'ambroxol'], ['盐酸氨溴索片 30 mg', 'Ambroxol 30 mg tablets'], '30 mg', 3),
  loratadine: medicine(
    'R06AX13',
    ['氯雷他定', 'loratadine'],
    ['氯雷他定片 10 mg', 'Loratadine 10 mg tablets'],
    '10 mg',
    1,
  ),
  omeprazole: medicine(
    'A02BC01',
    ['奥美拉唑', 'omeprazole'],
    ['奥美拉唑肠溶胶囊 20 mg', 'Omeprazole 20 mg gastro-resistant capsules'],
    '20 mg',
    1,
    { piece: capsule, when: 'MORN' },
  ),
  smectite: medicine(
    'A07BC05',
    ['双八面体蒙脱石', 'diosmectite'],
    ['蒙脱石散 3 g', 'Diosmectite 3 g powder'],
    '3 g',
    3,
    { piece: sachet },
  ),
  betahistine: medicine(
    'N07CA01',
    ['倍他司汀', 'betahistine'],
    ['甲磺酸倍他司汀片 6 mg', 'Betahistine 6 mg tablets'],
    '6 mg',
    3,
  ),
  zopiclone: medicine(
    'N05CF01',
    ['佐匹克隆', 'zopiclone'],
    ['佐匹克隆片 7.5 mg', 'Zopiclone 7.5 mg tablets'],
    '7.5 mg',
    1,
    { when: 'HS' },
  ),
  diclofenacGel: medicine(
    'M02AA15',
    ['双氯芬酸', 'diclofenac'],
    ['双氯芬酸二乙胺乳胶剂 1%', 'Diclofenac 1 % gel'],
    '2 g',
    3,
    { route: 'topical', piece: { zh: '次', en: 'application' } },
  ),
  levofloxacinDrops: medicine(
    'S01AE05',
    ['左氧氟沙星', 'levofloxacin'],
    ['左氧氟沙星滴眼液 5 mL', 'Levofloxacin eye drops'],
    '1 [drp]',
    3,
    { route: 'eye', piece: { zh: '滴', en: 'drop' } },
  ),
  mupirocin: medicine('D06AX09', ['莫匹罗星', 'mupirocin'], ['莫匹罗星软膏 2%', 'Mupirocin 2 % ointment'], '1 g', 2, {
    route: 'topical',
    piece: { zh: '次', en: 'application' },
  }),
  amoxicillinGranules: medicine(
    'J01CA04',
    ['阿莫西林', 'amoxicillin'],
    ['阿莫西林颗粒 0.125 g', 'Amoxicillin 125 mg granules'],
    '125 mg',
    3,
    { piece: sachet },
  ),
  ibuprofenSuspension: medicine(
    'M01AE01',
    ['布洛芬', 'ibuprofen'],
    ['布洛芬混悬液 100 mL：2 g', 'Ibuprofen 20 mg/mL suspension'],
    '5 mL',
    3,
    { piece: { zh: '次', en: 'dose' }, asNeeded: true },
  ),
  oralRehydration: medicine(
    'A07CA',
    ['口服补液盐', 'oral rehydration salts'],
    ['口服补液盐散（Ⅲ）5.125 g', 'Oral rehydration salts III'],
    '5.125 g',
    3,
    { piece: sachet },
  ),
  folicAcid: medicine('B03BB01', ['叶酸', 'folic acid'], ['叶酸片 0.4 mg', 'Folic acid 0.4 mg tablets'], '0.4 mg', 1),
  ferrousSuccinate: medicine(
    'B03AA06',
    ['琥珀酸亚铁', 'ferrous succinate'],
    ['琥珀酸亚铁片 0.1 g', 'Ferrous succinate 100 mg tablets'],
    '100 mg',
    2,
  ),
} as const satisfies Record<string, Medicine>;

export type MedicineKey = keyof typeof medicines;
