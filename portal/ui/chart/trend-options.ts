import type { CustomSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Appearance } from '../theme/antd-theme.ts';
import tokens from '../tokens.json' with { type: 'json' };
import { alongLine, freePlace, type Point, type Rectangle } from './free-place.ts';
import { extentOf, labelledPoints, type Trend, type TrendPoint } from './trend.ts';

export type TrendOption = ComposeOption<CustomSeriesOption | GridComponentOption | TooltipComponentOption>;

interface Look {
  appearance: Appearance;
  fontFamily: string;
  formatTick: (at: number) => string;
}

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>;
type Api = Parameters<RenderItem>[1];
type Shape = Exclude<ReturnType<RenderItem>, null | undefined>;

const fontSize = 11;
const crowdedFrom = 60;
const grid = { left: 38, right: 14, top: 16, bottom: 24 };

/** ECharts options for a trend: band under the points, dumbbells or a line, and the meridian at now. */
export function trendOption(trend: Trend, look: Look): TrendOption {
  const colours = tokens.color[look.appearance];
  const { min, max, step } = extentOf(trend);
  const text = { color: colours.ink3, fontSize, fontFamily: look.fontFamily };
  return {
    animation: false,
    grid,
    tooltip: tooltip(trend, colours, text.fontFamily),
    xAxis: {
      type: 'time',
      min: trend.from,
      max: trend.now,
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...text, hideOverlap: true, formatter: look.formatTick },
    },
    yAxis: {
      type: 'value',
      min,
      max,
      interval: step,
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: { ...text, formatter: (value: number) => String(Math.round(value * 100) / 100) },
    },
    series: [bandSeries(trend, look), lineSeries(trend, look), pointSeries(trend, look), nowSeries(trend, look)],
  };
}

function tooltip(
  { points }: Trend,
  colours: (typeof tokens.color)[Appearance],
  fontFamily: string,
): TooltipComponentOption {
  return {
    trigger: 'item',
    renderMode: 'richText',
    confine: true,
    backgroundColor: colours.inverse,
    borderWidth: 0,
    padding: [6, 10],
    textStyle: { color: colours.onInverse, fontSize: 12, lineHeight: 17, fontFamily },
    formatter: (item) => points[Array.isArray(item) ? 0 : item.dataIndex]?.description ?? '',
  };
}

/** Draws something once, behind or above the points, in the coordinates of the chart. */
function drawnOnce(z: number, draw: (api: Api, box: Rectangle) => Shape[]): CustomSeriesOption {
  return {
    type: 'custom',
    z,
    silent: true,
    data: [[0, 0]],
    clip: false,
    tooltip: { show: false },
    renderItem: (_, api) => ({ type: 'group', children: draw(api, plotBox(api)) }),
  };
}

function plotBox(api: Api): Rectangle {
  const { left, right, top, bottom } = grid;
  return { x: left, y: top, width: api.getWidth() - left - right, height: api.getHeight() - top - bottom };
}

function bandSeries(trend: Trend, look: Look): CustomSeriesOption {
  const { band } = trend;
  const colours = tokens.color[look.appearance];
  return drawnOnce(0, (api, box) => {
    if (band === undefined) return [];
    const edgeAt = (value: number) => api.coord([0, value])[1] ?? 0;
    const top = band.high === undefined ? box.y : edgeAt(band.high);
    const bottom = band.low === undefined ? box.y + box.height : edgeAt(band.low);
    const inside = { x: box.x, y: top, width: box.width, height: bottom - top };
    const edges = [band.high, band.inner, band.low].filter((edge) => edge !== undefined).map(edgeAt);
    return [
      { type: 'rect', shape: inside, style: { fill: colours.target, opacity: 0.55 } },
      ...edges.map((y): Shape => edgeLine(y, box, colours.accentLine)),
      bandLabel(trend, inside, api, look),
    ];
  });
}

const edgeLine = (y: number, { x, width }: Rectangle, stroke: string): Shape => ({
  type: 'line',
  shape: { x1: x, x2: x + width, y1: y, y2: y },
  style: { stroke, lineDash: [3, 3] },
});

/** The words of the band in one of its corners, where neither points nor their values stand. */
function bandLabel({ band, points }: Trend, inside: Rectangle, api: Api, { appearance, fontFamily }: Look): Shape {
  const size = { width: 6.5 * (band?.label.length ?? 0) + 8, height: 16 };
  const [left, right] = [inside.x + 3, inside.x + inside.width - size.width - 6];
  const [top, bottom] = [inside.y + 3, inside.y + inside.height - size.height - 3];
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ].map(([x = 0, y = 0]) => ({ x, y, ...size }));
  const upper = points.map(({ at, value }): Point => [api.coord([at, value])[0] ?? 0, api.coord([at, value])[1] ?? 0]);
  const lower = points.flatMap(({ at, low }): Point[] =>
    low === undefined ? [] : [[api.coord([at, low])[0] ?? 0, api.coord([at, low])[1] ?? 0]],
  );
  const written = upper.flatMap(([x, y]): Point[] => [-14, 0, 14].map((dx): Point => [x + dx, y - 14]));
  const taken = lower.length > 0 ? [...upper, ...lower, ...written] : [...alongLine(upper), ...written];
  const { x = left, y = top } = freePlace(corners, taken) ?? {};
  const fill = tokens.color[appearance].accentText;
  return { type: 'text', style: { x: x + 3, y: y + 2, text: band?.label, fill, fontSize, fontFamily } };
}

function lineSeries({ points }: Trend, { appearance }: Look): CustomSeriesOption {
  const stroke = tokens.chart.categorical[appearance][0];
  return drawnOnce(1, (api) => {
    const isLine = points.every(({ low }) => low === undefined);
    if (!isLine || points.length < 2) return [];
    return [
      {
        type: 'polyline',
        shape: { points: points.map(({ at, value }) => api.coord([at, value])) },
        style: { stroke, lineWidth: 1.8, fill: 'none' },
      },
    ];
  });
}

/** The meridian: a thin line with an open ring at now. */
function nowSeries({ now }: Trend, { appearance }: Look): CustomSeriesOption {
  const { accentText, surface } = tokens.color[appearance];
  return drawnOnce(3, (api, box) => {
    const x = api.coord([now, 0])[0] ?? 0;
    return [
      { type: 'line', shape: { x1: x, x2: x, y1: box.y, y2: box.y + box.height }, style: { stroke: accentText } },
      {
        type: 'circle',
        shape: { cx: x, cy: box.y, r: 3 },
        style: { fill: surface, stroke: accentText, lineWidth: 1.5 },
      },
    ];
  });
}

function pointSeries({ points }: Trend, look: Look): CustomSeriesOption {
  const labelled = [...labelledPoints(points)].sort((a, b) => a.at - b.at);
  return {
    type: 'custom',
    z: 2,
    clip: false,
    data: points.map(({ at, value, low }) => [at, value, low ?? value]),
    renderItem: ({ dataIndex }, api) => {
      const point = points[dataIndex];
      if (point === undefined) return null;
      const [x = 0, y = 0] = api.coord([point.at, point.value]);
      const scale = points.length > crowdedFrom ? 0.55 : 1;
      const shapes = [...dumbbell(point, x, y, api, look, scale), mark(point, x, y, look, scale)];
      if (hasRoom(point, labelled, api))
        shapes.push(label(point, x, y, look, isFalling(points, dataIndex), api.getWidth()));
      return { type: 'group', children: shapes };
    },
  };
}

/** The label of a later point goes before that of one whose words would run into it. */
function hasRoom(point: TrendPoint, labelled: readonly TrendPoint[], api: Api): boolean {
  const index = labelled.indexOf(point);
  const next = labelled[index + 1];
  if (index < 0 || next === undefined) return index >= 0;
  const across = ({ at, value }: TrendPoint) => api.coord([at, value])[0] ?? 0;
  return across(next) - across(point) > 7 * next.label.length;
}

function colourOf({ isFlagged }: TrendPoint, { appearance }: Look): string {
  return isFlagged ? tokens.color[appearance].critical : (tokens.chart.categorical[appearance][0] ?? '');
}

function dumbbell(point: TrendPoint, x: number, y: number, api: Api, look: Look, scale: number): Shape[] {
  if (point.low === undefined) return [];
  const foot = api.coord([point.at, point.low])[1] ?? 0;
  const stroke = colourOf(point, look);
  return [
    {
      type: 'line',
      shape: { x1: x, x2: x, y1: y, y2: foot },
      style: { stroke, lineWidth: 3 * scale, lineCap: 'round', opacity: 0.35 },
    },
    {
      type: 'circle',
      shape: { cx: x, cy: foot, r: 3.5 * scale },
      style: { fill: tokens.color[look.appearance].surface, stroke, lineWidth: 1.8 * scale },
    },
  ];
}

/** A disc inside the band, a triangle outside: the shape says it without the colour. */
function mark(point: TrendPoint, x: number, y: number, look: Look, scale: number): Shape {
  const fill = colourOf(point, look);
  if (!point.isFlagged) return { type: 'circle', shape: { cx: x, cy: y, r: 4 * scale }, style: { fill } };
  const corners = [
    [x, y - 5.5 * scale],
    [x + 5.5 * scale, y + 4 * scale],
    [x - 5.5 * scale, y + 4 * scale],
  ];
  return { type: 'polygon', shape: { points: corners }, style: { fill } };
}

/** A line that falls into its point leaves no room above it. */
function isFalling(points: readonly TrendPoint[], index: number): boolean {
  const [before, here] = [points[index - 1], points[index]];
  return (
    before !== undefined &&
    here !== undefined &&
    here.low === undefined &&
    before.value > here.value &&
    points.length > 5
  );
}

function label(point: TrendPoint, x: number, y: number, look: Look, isBelow: boolean, chartWidth: number): Shape {
  const { criticalText, ink, surface } = tokens.color[look.appearance];
  const isNearEdge = x > chartWidth - 48;
  const isNearAxis = x < grid.left + 36;
  return {
    type: 'text',
    style: {
      x: isNearEdge ? x - 8 : x,
      y: isBelow ? y + 7 : y - 9,
      text: point.label,
      align: isNearEdge ? 'right' : isNearAxis ? 'left' : 'center',
      verticalAlign: isBelow ? 'top' : 'bottom',
      fill: point.isFlagged ? criticalText : ink,
      stroke: surface,
      lineWidth: 3,
      fontSize: 12,
      fontWeight: 600,
      fontFamily: look.fontFamily,
    },
  };
}
