import { CustomChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as registerParts } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { appearance } from '../../settings/appearance.ts';
import { language } from '../../settings/language.ts';
import { formatTick as formatTickOf } from '../time-axis/time-axis.ts';
import type { Trend } from './trend.ts';
import { trendOption } from './trend-options.ts';

registerParts([CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

/** The picture of a trend. Whoever shows it gives it a label and a table of the same values. */
export function TrendChart({ trend, label, height }: { trend: Trend; label: string; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const look = appearance.use();
  const locale = language.use();
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const chart = init(element, null, { renderer: 'svg', height });
    const fontFamily = getComputedStyle(element).fontFamily;
    const formatTick = (at: number) => formatTickOf(new Date(at), locale);
    chart.setOption(trendOption(trend, { appearance: look, fontFamily, formatTick }));
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [trend, look, locale, height]);
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
