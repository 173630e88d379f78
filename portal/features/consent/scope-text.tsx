import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { listText } from '../../ui/list-text/list-text.ts';
import type { Scope, Vocabulary } from './consent.resource.ts';

/** What a consent is about, in two lines of words. */
export function ScopeText({ scope, vocabulary }: { scope: Scope; vocabulary: Vocabulary | undefined }) {
  const { t } = useTranslation('consent');
  const locale = language.use();
  const day = (value: string) => formatDate(value, locale);
  const { dataFrom, dataUntil, until } = scope;
  const names = useCategoryNames(scope.categories, vocabulary);
  return (
    <>
      {names.length > 0 && <p>{listText(names, locale)}</p>}
      <p className="muted dense figures">
        {until === undefined ? t('scope.noEnd') : t('scope.ends', { day: day(until) })}
        {dataFrom && dataUntil && ` · ${t('scope.data', { from: day(dataFrom), until: day(dataUntil) })}`}
        {dataFrom && !dataUntil && ` · ${t('scope.dataSince', { from: day(dataFrom) })}`}
        {!dataFrom && dataUntil && ` · ${t('scope.dataTo', { until: day(dataUntil) })}`}
        {scope.eraseAt && ` · ${t('scope.erase', { day: day(scope.eraseAt) })}`}
      </p>
    </>
  );
}

export function useCategoryNames(codes: readonly string[], vocabulary: Vocabulary | undefined): string[] {
  const locale = language.use();
  return codes.map((code) => {
    const found = vocabulary?.categories.find((one) => one.code === code);
    if (found === undefined) return code;
    return locale === 'zh-CN' ? found.zh : found.en;
  });
}
