import { useTranslation } from 'react-i18next';
import type { FieldEvidence, ReviewPairView } from '../../../src/modules/patient-index/index.ts';
import { Card } from '../../ui/card/card.tsx';
import { mainName } from '../../ui/human-name/human-name.ts';
import type { Person } from '../../ui/person-banner/person.ts';
import { useEvidenceWords } from './evidence-words.ts';
import { type Waterfall, waterfallOf } from './model/waterfall.ts';
import '../../ui/list-table/list-table.css';

interface EvidencePanelProps {
  view: ReviewPairView;
  left: Person;
  right: Person;
}

/** Field by field: what stands in both records, how far it agrees, and what that says, added up to the score. */
export function EvidencePanel({ view, left, right }: EvidencePanelProps) {
  const { t } = useTranslation('patient-index');
  const words = useEvidenceWords();
  const { rules, score, band } = view.evidence;
  const fields = view.evidence.fields.filter(isCompared);
  const waterfall = waterfallOf(fields, view.thresholds);
  return (
    <Card title={t('evidence.title')} meta={t('evidence.meta')}>
      {rules.length > 0 && (
        <p className="evidence-rules">
          {rules.map((rule) => (
            <span key={rule} className="tag">
              {words.rule(rule)}
            </span>
          ))}
        </p>
      )}
      <table className="list-table evidence">
        <thead>
          <tr>
            <th scope="col">{t('evidence.field')}</th>
            <th scope="col">{nameOf(left) || t('side.left')}</th>
            <th scope="col">{nameOf(right) || t('side.right')}</th>
            <th scope="col">{t('evidence.level')}</th>
            <th scope="col" className="evidence-number">
              {t('evidence.weight')}
            </th>
            <th scope="col" className="evidence-picture">
              <Axis waterfall={waterfall} thresholds={view.thresholds} />
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field, index) => (
            <FieldRow
              key={field.field}
              field={field}
              index={index}
              waterfall={waterfall}
              thresholds={view.thresholds}
            />
          ))}
          <tr className="evidence-sum">
            <th scope="row">{t('evidence.sum')}</th>
            <td colSpan={3}>{t(`evidence.band.${band}`)}</td>
            <td className="evidence-number figures">{printWeight(score)}</td>
            <td className="evidence-picture">
              <Bar waterfall={waterfall} from={0} to={score} kind="sum" thresholds={view.thresholds} />
            </td>
          </tr>
        </tbody>
      </table>
      <p className="evidence-legend muted small">
        {t('evidence.legend', { review: view.thresholds.review.toFixed(0), link: view.thresholds.link.toFixed(0) })}
      </p>
    </Card>
  );
}

/** Names in characters are compared whole: their parts say nothing then. */
const isCompared = ({ field, level }: FieldEvidence): boolean =>
  level !== 'missing' || (field !== 'familyName' && field !== 'givenName');

const nameOf = ({ name }: Person): string => mainName(name);

const printWeight = (weight: number): string =>
  weight === 0 ? '0' : `${weight > 0 ? '+' : '−'}${Math.abs(weight).toFixed(1)}`;

interface FieldRowProps {
  field: FieldEvidence;
  index: number;
  waterfall: Waterfall;
  thresholds: ReviewPairView['thresholds'];
}

function FieldRow({ field, index, waterfall, thresholds }: FieldRowProps) {
  const { t } = useTranslation('patient-index');
  const words = useEvidenceWords();
  const bar = waterfall.bars[index];
  const isMissing = field.level === 'missing';
  const isDifferent = !isMissing && field.left !== field.right;
  const value = (text: string | undefined) => {
    if (text === undefined) return <span className="muted">{t('evidence.absent')}</span>;
    return field.field === 'sex' && (text === 'female' || text === 'male') ? t(`register.sex.${text}`) : text;
  };
  return (
    <tr>
      <th scope="row">{words.field(field.field)}</th>
      <td className="figures evidence-value">{value(field.left)}</td>
      <td className={`figures evidence-value ${isDifferent ? 'evidence-other' : ''}`}>{value(field.right)}</td>
      <td className={isMissing ? 'muted' : undefined}>{words.level(field.level)}</td>
      <td className="evidence-number figures">{printWeight(field.weight)}</td>
      <td className="evidence-picture">
        {bar && !isMissing && (
          <Bar waterfall={waterfall} {...bar} kind={field.weight >= 0 ? 'for' : 'against'} thresholds={thresholds} />
        )}
      </td>
    </tr>
  );
}

interface BarProps {
  waterfall: Waterfall;
  from: number;
  to: number;
  kind: 'for' | 'against' | 'sum';
  thresholds: ReviewPairView['thresholds'];
}

function Bar({ waterfall: { place }, from, to, kind, thresholds }: BarProps) {
  const start = place(Math.min(from, to));
  const width = Math.abs(place(to) - place(from));
  return (
    <span className="waterfall" aria-hidden="true">
      {[0, thresholds.review, thresholds.link].map((value) => (
        <span
          key={value}
          className={value === 0 ? 'waterfall-zero' : 'waterfall-line'}
          style={{ left: `${place(value)}%` }}
        />
      ))}
      <span className={`waterfall-bar waterfall-${kind}`} style={{ left: `${start}%`, width: `max(2px, ${width}%)` }} />
    </span>
  );
}

/** Where two records begin to be looked at, and where they are taken for one person. */
function Axis({
  waterfall: { place },
  thresholds,
}: {
  waterfall: Waterfall;
  thresholds: ReviewPairView['thresholds'];
}) {
  return (
    <span className="waterfall-axis figures">
      <span style={{ left: `${place(thresholds.review)}%` }}>{thresholds.review.toFixed(0)}</span>
      <span style={{ left: `${place(thresholds.link)}%` }}>{thresholds.link.toFixed(0)}</span>
    </span>
  );
}
