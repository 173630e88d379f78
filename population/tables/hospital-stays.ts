import { type Term, termsOf, type Words } from '../fhir.ts';
import { systems } from '../systems.ts';
import type { ChronicKey } from './chronic-conditions.ts';
import type { DepartmentKey } from './departments.ts';

const icd = termsOf(systems.icd10);
const procedure = termsOf(systems.procedure);

export interface HospitalStay {
  term: Term;
  department: DepartmentKey;
  /** Only people with this condition are admitted for it. */
  needs?: ChronicKey;
  ages: readonly [number, number];
  weight: number;
  nights: readonly [number, number];
  procedure?: Term;
  imaging?: {
    code: 'chestTomography' | 'headTomography' | 'abdominalUltrasound' | 'chestRadiograph';
    conclusion: Words;
  };
  infection?: boolean;
  /** Which of the sexes. */
  sex?: 'female' | 'male';
}

const words = (zh: string, en: string): Words => ({ zh, en });

/** Reasons for a hospital stay, with ICD-9-CM-3 codes of operations (shares assumption). */
export const hospitalStays: readonly HospitalStay[] = [
  {
    term: icd('J18.9', '肺炎', 'Pneumonia'),
    department: 'respiratory',
    ages: [1, 120],
    weight: 12,
    nights: [6, 11],
    imaging: { code: 'chestTomography', conclusion: words('右下肺炎症', 'Inflammation of the right lower lobe') },
    infection: true,
  },
  {
    term: icd('J44.1', '慢性阻塞性肺疾病急性加重', 'Acute exacerbation of COPD'),
    department: 'respiratory',
    needs: 'copd',
    ages: [45, 120],
    weight: 60,
    nights: [7, 12],
    imaging: {
      code: 'chestTomography',
      conclusion: words('双肺肺气肿，慢性支气管炎改变', 'Emphysema of both lungs, chronic bronchitis'),
    },
    infection: true,
  },
  {
    term: icd('I20.0', '不稳定型心绞痛', 'Unstable angina'),
    department: 'cardiology',
    needs: 'coronary',
    ages: [45, 120],
    weight: 40,
    nights: [5, 9],
    procedure: procedure('88.5500', '冠状动脉造影', 'Coronary angiography'),
  },
  {
    term: icd('I63.9', '脑梗死', 'Cerebral infarction'),
    department: 'neurology',
    needs: 'stroke',
    ages: [45, 120],
    weight: 50,
    nights: [8, 14],
    imaging: {
      code: 'headTomography',
      conclusion: words('左侧基底节区腔隙性脑梗死', 'Lacunar infarction of the left basal ganglia'),
    },
  },
  {
    term: icd('E11.9', '2型糖尿病', 'Type 2 diabetes mellitus'),
    department: 'endocrinology',
    needs: 'diabetes',
    ages: [35, 120],
    weight: 25,
    nights: [6, 9],
  },
  {
    term: icd('K35.8', '急性阑尾炎', 'Acute appendicitis'),
    department: 'surgery',
    ages: [8, 60],
    weight: 7,
    nights: [4, 7],
    procedure: procedure('47.0100', '腹腔镜阑尾切除术', 'Laparoscopic appendectomy'),
    imaging: {
      code: 'abdominalUltrasound',
      conclusion: words('阑尾增粗，符合急性阑尾炎', 'Thickened appendix, consistent with appendicitis'),
    },
    infection: true,
  },
  {
    term: icd('K80.1', '胆囊结石伴胆囊炎', 'Gallstones with cholecystitis'),
    department: 'surgery',
    ages: [35, 80],
    weight: 8,
    nights: [5, 8],
    procedure: procedure('51.2300', '腹腔镜胆囊切除术', 'Laparoscopic cholecystectomy'),
    imaging: {
      code: 'abdominalUltrasound',
      conclusion: words('胆囊多发结石，胆囊壁增厚', 'Multiple gallstones, thickened wall'),
    },
  },
  {
    term: icd('N20.1', '输尿管结石', 'Ureteric stone'),
    department: 'urology',
    ages: [25, 70],
    weight: 6,
    nights: [3, 6],
    procedure: procedure('56.3100', '输尿管镜碎石取石术', 'Ureteroscopic lithotripsy'),
  },
  {
    term: icd('H25.9', '老年性白内障', 'Age-related cataract'),
    department: 'ophthalmology',
    needs: 'cataract',
    ages: [60, 120],
    weight: 70,
    nights: [2, 4],
    procedure: procedure('13.4100', '白内障超声乳化摘除伴人工晶体植入术', 'Phacoemulsification with lens implant'),
  },
  {
    term: icd('S72.0', '股骨颈骨折', 'Fracture of neck of femur'),
    department: 'orthopaedics',
    ages: [68, 120],
    weight: 6,
    nights: [10, 15],
    procedure: procedure('81.5200', '人工股骨头置换术', 'Hemiarthroplasty of hip'),
  },
  {
    term: icd('S52.5', '桡骨远端骨折', 'Fracture of distal radius'),
    department: 'orthopaedics',
    ages: [6, 90],
    weight: 5,
    nights: [4, 7],
    procedure: procedure('79.0200', '桡骨骨折闭合复位术', 'Closed reduction of radius'),
  },
  {
    term: icd('M51.2', '腰椎间盘突出症', 'Lumbar disc displacement'),
    department: 'orthopaedics',
    needs: 'lumbarDisc',
    ages: [25, 80],
    weight: 30,
    nights: [7, 10],
  },
  {
    term: icd('D25.9', '子宫平滑肌瘤', 'Uterine leiomyoma'),
    department: 'gynaecology',
    ages: [32, 52],
    weight: 8,
    nights: [5, 8],
    procedure: procedure('68.2900', '腹腔镜子宫肌瘤切除术', 'Laparoscopic myomectomy'),
    sex: 'female',
  },
  {
    term: icd('A09.9', '感染性腹泻', 'Infectious diarrhoea'),
    department: 'paediatrics',
    ages: [0, 6],
    weight: 10,
    nights: [3, 5],
    infection: true,
  },
  {
    term: icd('J21.9', '急性细支气管炎', 'Acute bronchiolitis'),
    department: 'paediatrics',
    ages: [0, 3],
    weight: 14,
    nights: [5, 7],
    imaging: { code: 'chestRadiograph', conclusion: words('双肺纹理增多', 'Increased lung markings') },
    infection: true,
  },
];
