import { useTranslation } from 'react-i18next';
import { Link, Navigate, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { ownPatientId, type SignedIn, useSession } from '../session/session.resource.ts';
import { AppearanceButton, LanguageButton } from '../settings/switches.tsx';
import { Brand } from '../ui/brand/brand.tsx';
import { Icon } from '../ui/icon/icon.tsx';
import { FailureNotice } from '../ui/states/failure.tsx';
import { AccountMenu } from './account-menu.tsx';
import { BarSearch } from './bar-search.tsx';
import { roomAt, roomsOf } from './rooms.ts';
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
  const isResident = ownPatientId(person) !== undefined;
  return (
    <header className="bar">
      <Brand />
      <Rooms person={person} />
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

/** The ways to the rooms: in the bar, and on a phone at the foot, where the thumb is. */
function Rooms({ person }: { person: SignedIn }) {
  const { t } = useTranslation();
  const rooms = roomsOf(person);
  const here = roomAt(rooms, useLocation().pathname);
  return (
    <nav className="bar-nav" aria-label="Meridian">
      {rooms.map((room) => (
        <Link key={room.to} to={room.to} aria-current={room === here ? 'page' : undefined}>
          <span className="bar-nav-icon">
            <Icon name={room.icon} size={22} />
          </span>
          {t(room.word)}
        </Link>
      ))}
    </nav>
  );
}
