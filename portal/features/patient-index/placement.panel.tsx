import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { MergeView, UnmergeView } from '../../../src/modules/patient-index/index.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { usePlacements } from './duplicates.resource.ts';
import { usePatientName } from './patient-names.resource.ts';
import '../../ui/list-table/list-table.css';

/** What was changed or written since the merge: where rules put it, and what a clerk must place. */
export function PlacementPanel({ view, plan }: { view: MergeView; plan: UnmergeView }) {
  const { t } = useTranslation('patient-index');
  const placements = usePlacements(view.merge);
  const source = usePatientName(view.source) ?? view.source;
  const survivor = usePatientName(view.target) ?? view.target;
  if (plan.resources.length === 0) return null;
  return (
    <>
      <table className="list-table placements">
        <thead>
          <tr>
            <th scope="col">{t('unmerge.resource')}</th>
            <th scope="col">{t('unmerge.fate')}</th>
            <th scope="col">{t('unmerge.by')}</th>
            <th scope="col">{t('unmerge.place')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.resources.map(({ type, id, fate, by }) => (
            <tr key={`${type}/${id}`}>
              <th scope="row" className="placement-name">
                {type}/{id}
              </th>
              <td>{t(`fate.${fate}`)}</td>
              <td className="muted">{t(`by.${by}`)}</td>
              <td>
                {(fate === 'undecided' || by === 'clerk') && (
                  <Segmented<'source' | 'survivor' | ''>
                    value={fate === 'undecided' ? '' : fate === 'moved' ? 'source' : 'survivor'}
                    options={[
                      { value: 'source', label: source },
                      { value: 'survivor', label: survivor },
                    ]}
                    disabled={placements.isPending}
                    onChange={(to) => to !== '' && placements.mutate([{ resource: `${type}/${id}`, to }])}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {plan.isMore && <p className="muted small">{t('unmerge.isMore')}</p>}
      {placements.error && <FailureNotice title={t('unmerge.placeFailed')} failure={placements.error} />}
    </>
  );
}
