import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const programme = termsOf(systems.programme);
const followUpClass = termsOf(systems.followUpClass);
const examination = termsOf(systems.examination);

/** Programmes of the basic public health services (国家基本公共卫生服务). */
export const programmes = {
  hypertension: programme('hypertension', '高血压患者健康管理', 'Hypertension management'),
  'type-2-diabetes': programme('type-2-diabetes', '2型糖尿病患者健康管理', 'Type 2 diabetes management'),
  copd: programme('copd', '慢性阻塞性肺疾病患者健康服务', 'COPD health service'),
  'severe-mental-disorder': programme(
    'severe-mental-disorder',
    '严重精神障碍患者管理',
    'Severe mental disorder management',
  ),
  maternal: programme('maternal', '孕产妇健康管理', 'Maternal health management'),
} as const;

/** The classification of a follow-up visit (此次随访分类). */
export const followUpClasses = {
  controlled: followUpClass('1', '控制满意', 'Controlled'),
  uncontrolled: followUpClass('2', '控制不满意', 'Uncontrolled'),
} as const;

export const examinations = {
  'hypertension-class': examination('hypertension-follow-up-class', '高血压随访分类', 'Hypertension follow-up class'),
  'type-2-diabetes-class': examination('type-2-diabetes-follow-up-class', '糖尿病随访分类', 'Diabetes follow-up class'),
  selfCare: examination('elderly-self-care', '老年人生活自理能力评分', 'Self-care score of older people'),
  pregnancyRisk: examination('pregnancy-risk-colour', '妊娠风险分级', 'Pregnancy risk grade'),
} as const;
