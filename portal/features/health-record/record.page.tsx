import { Outlet } from 'react-router';
export function RecordPage() {
  return <Outlet />;
}
