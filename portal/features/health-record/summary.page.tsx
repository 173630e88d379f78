import { Outlet } from 'react-router';
export function SummaryPage() {
  return <Outlet />;
}
