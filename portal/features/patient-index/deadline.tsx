import { useTranslation } from 'react-i18next';
import { clockOf } from './model/clock.ts';

/** Until when somebody should decide: in ink, and filled once it is over. */
export function Deadline({ dueAt }: { dueAt: string }) {
  const { t } = useTranslation('patient-index');
  const { isOver, unit, count } = clockOf(dueAt, Date.now());
  return (
    <span className={`deadline figures ${isOver ? 'deadline-over' : ''}`}>
      {isOver ? t(`clock.over.${unit}`, { count }) : t(`clock.left.${unit}`, { count })}
    </span>
  );
}
