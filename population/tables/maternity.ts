import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const icd = termsOf(systems.icd10);
const procedure = termsOf(systems.procedure);
const risk = termsOf('http://meridian.health/fhir/CodeSystem/pregnancy-risk-colour');

export const maternity = {
  pregnancy: icd('Z34.9', '正常妊娠监督', 'Supervision of normal pregnancy'),
  gestationalDiabetes: icd('O24.4', '妊娠期糖尿病', 'Gestational diabetes mellitus'),
  delivery: icd('O80.0', '头位顺产', 'Spontaneous vertex delivery'),
  caesareanDelivery: icd('O82.0', '剖宫产分娩', 'Delivery by caesarean section'),
  vaginalBirth: procedure('73.5900', '手法助产', 'Manually assisted delivery'),
  caesarean: procedure('74.1x00', '剖宫产术，子宫下段横切口', 'Low transverse caesarean section'),
  green: risk('green', '绿色（低风险）', 'Green (low risk)'),
  yellow: risk('yellow', '黄色（一般风险）', 'Yellow (general risk)'),
  orange: risk('orange', '橙色（较高风险）', 'Orange (higher risk)'),
} as const;

/** Gestational weeks of the antenatal visits: the five of the specification and two that hospitals add. */
export const antenatalWeeks = [11, 18, 23, 25, 31, 36, 38];
