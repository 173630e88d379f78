import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { ownPatientId, type SignedIn, useSession } from '../session/session.resource.ts';
import { AppearanceButton, LanguageButton } from '../settings/switches.tsx';
import { Brand } from '../ui/brand/brand.tsx';
import { FailureNotice } from '../ui/states/failure.tsx';
import { AccountMenu } from './account-menu.tsx';
import { BarSearch } from './bar-search.tsx';
import './frame.css';

/** The frame around every room of somebody who is signed in; others are sent to the door and come back after it. */
export function Frame() {
  const { t } = useTranslation();
  const session = useSession();
  const location = useLocation();
  if (session.isError) {
    return (
      <FailureNotice title={t('sessionFailed')} failure={session.error} onRetry={() => void session.refetch()} isPage />
    );
  }
  if (session.data === undefined) return <div className="first-bar" />;
  const { person } = session.data;
  if (person === null)
    return <Navigate to={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`} replace />;
  if (ownPatientId(person) && location.pathname.startsWith('/people')) return <Navigate to="/me" replace />;
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <Bar person={person} />
      <main className="frame-content" id="content">
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}

function Bar({ person }: { person: SignedIn }) {
  const { t } = useTranslation();
  const isAtAccesses = useLocation().pathname === '/me/accesses';
  const isResident = person.role === 'resident';
  return (
    <header className="bar">
      <Brand />
      <nav className="bar-nav" aria-label="Meridian">
        {isResident ? (
          <NavLink to="/me" end={isAtAccesses}>
            {t('myRecord')}
          </NavLink>
        ) : (
          <NavLink to="/people">{t('people')}</NavLink>
        )}
        {isResident && <NavLink to="/consents">{t('consents')}</NavLink>}
        {(person.role === 'receptionist' || person.role === 'index-clerk') && (
          <NavLink to="/mandates">{t('mandates')}</NavLink>
        )}
        {person.role === 'index-clerk' && <NavLink to="/duplicates">{t('duplicates')}</NavLink>}
        {isResident && <NavLink to="/me/accesses">{t('whoLooked')}</NavLink>}
        {person.role === 'privacy-officer' && <NavLink to="/administration/trail">{t('trail')}</NavLink>}
        {person.role === 'privacy-officer' && <NavLink to="/administration/emergencies">{t('emergencies')}</NavLink>}
        {isResident ? <NavLink to="/care">{t('care')}</NavLink> : <NavLink to="/directory">{t('directory')}</NavLink>}
        {person.role === 'administrator' && <NavLink to="/administration/people">{t('administration')}</NavLink>}
      </nav>
      <span className="bar-space" />
      {!isResident && <BarSearch />}
      <div className="bar-tools">
        <LanguageButton />
        <AppearanceButton />
      </div>
      <AccountMenu person={person} />
    </header>
  );
}
