import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const snomed = termsOf(systems.snomed);

export interface Allergy {
  term: Term;
  category: 'medication' | 'food' | 'environment';
  type: 'allergy' | 'intolerance';
  share: number;
  reactions: readonly Term[];
  /** Beginnings of the medicines that are avoided. */
  avoids: readonly string[];
}

const rash = snomed('271807003', '皮疹', 'Rash');
const urticaria = snomed('126485001', '荨麻疹', 'Urticaria');
const anaphylaxis = snomed('39579001', '过敏性休克', 'Anaphylaxis');
const cough = snomed('49727002', '干咳', 'Cough');
const nausea = snomed('422587007', '恶心', 'Nausea');
const sneezing = snomed('76067001', '喷嚏', 'Sneezing');

/** Share per thousand of adults with the entry on record (assumption). */
export const allergies = {
  penicillin: {
    term: snomed('91936005', '青霉素过敏', 'Allergy to penicillin'),
    category: 'medication',
    type: 'allergy',
    share: 22,
    reactions: [rash, urticaria, anaphylaxis],
    avoids: ['amoxicillin'],
  },
  cephalosporin: {
    term: snomed('294532003', '头孢菌素过敏', 'Allergy to cephalosporin'),
    category: 'medication',
    type: 'allergy',
    share: 9,
    reactions: [rash, urticaria],
    avoids: ['cefuroxime'],
  },
  sulfonamide: {
    term: snomed('91939003', '磺胺类过敏', 'Allergy to sulfonamide'),
    category: 'medication',
    type: 'allergy',
    share: 9,
    reactions: [rash],
    avoids: [],
  },
  aceInhibitor: {
    term: snomed('295036000', '血管紧张素转换酶抑制剂不耐受', 'Intolerance to ACE inhibitor'),
    category: 'medication',
    type: 'intolerance',
    share: 4,
    reactions: [cough],
    avoids: [],
  },
  aspirin: {
    term: snomed('293586001', '阿司匹林过敏', 'Allergy to aspirin'),
    category: 'medication',
    type: 'allergy',
    share: 4,
    reactions: [urticaria],
    avoids: ['ibuprofen', 'aspirin'],
  },
  shrimp: {
    term: snomed('300913006', '虾蟹过敏', 'Allergy to shellfish'),
    category: 'food',
    type: 'allergy',
    share: 12,
    reactions: [urticaria, nausea],
    avoids: [],
  },
  pollen: {
    term: snomed('300910009', '花粉过敏', 'Allergy to pollen'),
    category: 'environment',
    type: 'allergy',
    share: 15,
    reactions: [sneezing],
    avoids: [],
  },
} as const satisfies Record<string, Allergy>;

export type AllergyKey = keyof typeof allergies;

export const reactions = { rash, urticaria, anaphylaxis, cough } as const;
