import 'i18next';
import type access from './features/access/words.en.json';
import type account from './features/account/words.en.json';
import type administration from './features/administration/words.en.json';
import type applications from './features/applications/words.en.json';
import type audit from './features/audit/words.en.json';
import type authorize from './features/authorize/words.en.json';
import type consent from './features/consent/words.en.json';
import type directory from './features/directory/words.en.json';
import type division from './features/division/words.en.json';
import type healthCode from './features/health-code/words.en.json';
import type healthRecord from './features/health-record/words.en.json';
import type patientIndex from './features/patient-index/words.en.json';
import type signIn from './features/sign-in/words.en.json';
import type settings from './settings/words.en.json';
import type shell from './shell/words.en.json';
import type ui from './ui/words.en.json';

// With this, a key that no words file has does not compile.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: {
      access: typeof access;
      account: typeof account;
      administration: typeof administration;
      applications: typeof applications;
      audit: typeof audit;
      authorize: typeof authorize;
      consent: typeof consent;
      directory: typeof directory;
      division: typeof division;
      'health-code': typeof healthCode;
      'health-record': typeof healthRecord;
      'patient-index': typeof patientIndex;
      'sign-in': typeof signIn;
      settings: typeof settings;
      shell: typeof shell;
      ui: typeof ui;
    };
  }
}
