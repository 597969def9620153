import { render } from '../../core/language/render.ts';
import type { Language, Picture } from '../../core/language/reply.ts';
import { widthOf } from './text.ts';

const WIDTH = 480;
const BAR_HEIGHT = 34;
const LABEL_SIZE = 13;
const LONGEST_LABEL = 150;
const LABEL_GAP = 12;

/** Names without quotes: echarts writes them into an attribute as they are. */
const FONT = 'system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif';

/** Horizontal bars as an SVG for a page; readable on light and dark ground. */
export async function drawSvg(picture: Picture, language: Language): Promise<string> {
  const svg = await drawBars(picture, render(picture.title, language));
  // A picture in a page follows the reader's colour scheme through its own style sheet.
  const style = '<style>text{fill:#2b2d42;stroke:none}@media(prefers-color-scheme:dark){text{fill:#e4e5f1}}</style>';
  return svg.replace(/(<svg[^>]*>)/, `$1${style}`);
}

async function drawBars({ bars }: Picture, title: string): Promise<string> {
  // Loaded with the first picture: 0.2 s that the start of the server does not need.
  const echarts = await import('echarts');
  const top = 40;
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: top + bars.length * BAR_HEIGHT + 4,
  });
  const names = Math.min(LONGEST_LABEL + LABEL_GAP, Math.max(...bars.map((bar) => widthOf(bar.label, LABEL_SIZE))));
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT },
    title: {
      text: title,
      left: 0,
      top: 10,
      padding: 0,
      textStyle: { fontSize: 15, fontWeight: 600, fontFamily: FONT },
    },
    grid: { left: names + LABEL_GAP, right: 56, top, bottom: 4 },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => bar.label),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        fontSize: LABEL_SIZE,
        align: 'left',
        margin: names + LABEL_GAP,
        width: LONGEST_LABEL,
        overflow: 'truncate',
      },
    },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        data: bars.map((bar) => Math.round(bar.share * 1000) / 10),
        itemStyle: { color: '#6366f1', borderRadius: 7 },
        showBackground: true,
        backgroundStyle: { color: 'rgba(128,128,160,.16)', borderRadius: 7 },
        label: { show: true, position: 'right', distance: 8, fontSize: 12, formatter: '{c}%' },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
