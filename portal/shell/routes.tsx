import { createBrowserRouter, Navigate } from 'react-router';
import { homeOf, useSession } from '../session/session.resource.ts';
import { loadWords } from '../settings/language.ts';
import { PageFault, UnknownAddress } from './error-boundary.tsx';
import { Frame } from './frame.tsx';

type Page = () => React.ReactNode;

/** A page is fetched when its address is opened, together with the words of its feature. */
function page(feature: string, load: () => Promise<Page>) {
  return async () => {
    const [Component] = await Promise.all([load(), loadWords(feature)]);
    return { Component };
  };
}

const signIn = () => import('../features/sign-in/sign-in.page.tsx').then((module) => module.SignInPage);
const account = () => import('../features/account/account.page.tsx').then((module) => module.AccountPage);
const accounts = () => import('../features/administration/people.page.tsx').then((module) => module.AccountsPage);
const emergencies = () => import('../features/access/emergencies.page.tsx').then((module) => module.EmergenciesPage);
const authorize = () => import('../features/authorize/authorize.page.tsx').then((module) => module.AuthorizePage);
const directory = {
  organizations: () =>
    import('../features/directory/organizations.page.tsx').then((module) => module.OrganizationsPage),
  newOrganization: () =>
    import('../features/directory/new-organization.page.tsx').then((module) => module.NewOrganizationPage),
  organization: () => import('../features/directory/organization.page.tsx').then((module) => module.OrganizationPage),
  practitioners: () =>
    import('../features/directory/practitioners.page.tsx').then((module) => module.PractitionersPage),
  practitioner: () => import('../features/directory/practitioner.page.tsx').then((module) => module.PractitionerPage),
  import: () => import('../features/directory/import.page.tsx').then((module) => module.ImportPage),
  near: () => import('../features/directory/near.page.tsx').then((module) => module.NearPage),
};
const divisions = () => import('../features/division/divisions.page.tsx').then((module) => module.DivisionsPage);
const record = () => import('../features/health-record/record.page.tsx').then((module) => module.RecordPage);
const summary = () => import('../features/health-record/summary.page.tsx').then((module) => module.SummaryPage);
const timeline = () => import('../features/health-record/timeline.page.tsx').then((module) => module.TimelinePage);

const duplicates = () =>
  import('../features/patient-index/duplicates.page.tsx').then((module) => module.DuplicatesPage);
const pair = () => import('../features/patient-index/pair.page.tsx').then((module) => module.PairPage);
const merges = () => import('../features/patient-index/merges.page.tsx').then((module) => module.MergesPage);
const merge = () => import('../features/patient-index/merge.page.tsx').then((module) => module.MergePage);
const register = () => import('../features/patient-index/register.page.tsx').then((module) => module.RegisterPage);

const accesses = () => import('../features/audit/accesses.page.tsx').then((module) => module.AccessesPage);
const trail = () => import('../features/audit/trail.page.tsx').then((module) => module.TrailPage);

const myCode = () => import('../features/health-code/my-code.page.tsx').then((module) => module.MyCodePage);
const scanCode = () => import('../features/health-code/scan.page.tsx').then((module) => module.ScanPage);

const consents = () => import('../features/consent/consents.page.tsx').then((module) => module.ConsentsPage);
const giveConsent = () => import('../features/consent/give.page.tsx').then((module) => module.GivePage);
const closeData = () => import('../features/consent/give.page.tsx').then((module) => module.ClosePage);
const receipt = () => import('../features/consent/receipt.page.tsx').then((module) => module.ReceiptPage);
const mandate = () => import('../features/consent/mandate.page.tsx').then((module) => module.MandatePage);
const mandates = () => import('../features/consent/mandates.page.tsx').then((module) => module.MandatesPage);
const askConsent = () => import('../features/consent/request.page.tsx').then((module) => module.RequestPage);

const recordPages = [
  { index: true, lazy: page('health-record', summary) },
  { path: 'timeline', lazy: page('health-record', timeline) },
];

export function createRouter() {
  return createBrowserRouter([
    {
      errorElement: <PageFault />,
      hydrateFallbackElement: <div className="first-bar" />,
      children: [
        { path: '/authorize', lazy: page('authorize', authorize) },
        { path: '/sign-in', lazy: page('sign-in', signIn) },
        { path: '/sign-in/set-up', lazy: page('sign-in', signIn) },
        {
          element: <Frame />,
          children: [
            { index: true, element: <Start /> },
            {
              path: '/people',
              lazy: page('patient-index', () =>
                import('../features/patient-index/resident-search.page.tsx').then(
                  (module) => module.ResidentSearchPage,
                ),
              ),
            },
            { path: '/people/register', lazy: page('patient-index', register) },
            { path: '/duplicates', lazy: page('patient-index', duplicates) },
            { path: '/duplicates/merges', lazy: page('patient-index', merges) },
            { path: '/duplicates/merges/:merge', lazy: page('patient-index', merge) },
            { path: '/duplicates/:review', lazy: page('patient-index', pair) },
            { path: '/people/:id/consent', lazy: page('consent', askConsent) },
            { path: '/consents', lazy: page('consent', consents) },
            { path: '/consents/give', lazy: page('consent', giveConsent) },
            { path: '/consents/close', lazy: page('consent', closeData) },
            { path: '/consents/receipt', lazy: page('consent', receipt) },
            { path: '/consents/mandate', lazy: page('consent', mandate) },
            { path: '/mandates', lazy: page('consent', mandates) },
            { path: '/people/:id', lazy: page('health-record', record), children: recordPages },
            { path: '/me', lazy: page('health-record', record), children: recordPages },
            { path: '/code', lazy: page('health-code', myCode) },
            { path: '/scan', lazy: page('health-code', scanCode) },
            { path: '/account', lazy: page('account', account) },
            { path: '/administration/emergencies', lazy: page('access', emergencies) },
            { path: '/administration/people', lazy: page('administration', accounts) },
            { path: '/me/accesses', lazy: page('audit', accesses) },
            { path: '/administration/trail', lazy: page('audit', trail) },
            { path: '/directory', lazy: page('directory', directory.organizations) },
            { path: '/directory/new', lazy: page('directory', directory.newOrganization) },
            { path: '/directory/import', lazy: page('directory', directory.import) },
            { path: '/directory/staff', lazy: page('directory', directory.practitioners) },
            { path: '/directory/staff/:id', lazy: page('directory', directory.practitioner) },
            { path: '/directory/:id', lazy: page('directory', directory.organization) },
            { path: '/care', lazy: page('directory', directory.near) },
            { path: '/divisions', lazy: page('division', divisions) },
            { path: '*', element: <UnknownAddress /> },
          ],
        },
      ],
    },
  ]);
}

function Start() {
  const person = useSession().data?.person;
  return person ? <Navigate to={homeOf(person)} replace /> : null;
}
