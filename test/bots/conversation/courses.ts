import type { Course } from '../../../core/catalogue/course.ts';

const written: [topic: string, en: string, zh: string][] = [
  ['Python', 'Python from Zero', 'Python 零基础入门'],
  ['Python', 'Python for Data Work', 'Python 数据处理'],
  ['Python', 'Automating Chores with Python', '用 Python 自动化日常'],
  ['Python', 'Advanced Python Patterns', 'Python 高级模式'],
  ['Excel', 'Excel Formulas', 'Excel 公式'],
  ['Excel', 'Excel Charts That Speak', 'Excel 图表表达'],
  ['Excel', 'Excel for Accountants', '会计 Excel'],
  ['Excel', 'Pivot Tables in a Day', '一天学会数据透视表'],
  ['Design', 'Design Basics', '设计基础'],
  ['Design', 'Typography for Screens', '屏幕字体设计'],
  ['Design', 'Colour and Light', '色彩与光'],
  ['Music', 'Guitar for Beginners', '吉他入门'],
  ['Music', 'Reading Music', '看懂乐谱'],
  ['Music', 'Home Recording', '家庭录音'],
  ['Writing', 'Clear Writing', '清晰写作'],
  ['Writing', 'Stories that Sell', '会卖货的故事'],
];

/** A small catalogue: paid courses, a free one (c3), one without a price (c4), an archived one (c5). */
export const fixtureCourses: Course[] = written.map(([topic, en, zh], at) => ({
  id: `c${at}`,
  title: zh,
  description: `${zh}，循序渐进。`,
  translations: {
    zh: { title: zh, description: `${zh}，循序渐进。` },
    en: { title: en, description: `${en}, step by step.` },
  },
  topics: [topic],
  level: (['beginner', 'intermediate', 'advanced'] as const)[at % 3]!,
  language: at % 2 ? 'en' : 'zh',
  priceMinor: at === 3 ? 0 : at === 4 ? null : 9_900 + at * 1_000,
  currency: 'CNY',
  durationMinutes: 45 + at * 30,
  instructor: null,
  publishedAt: new Date(Date.UTC(2024, at % 12, 1)),
  archived: at === 5,
  attributes: {},
  simulated: false,
}));
