import { Outlet } from 'react-router';
export function TimelinePage() {
  return <Outlet />;
}
