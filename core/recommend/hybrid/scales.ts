import { emptyHistory } from '../dataset.ts';
import type { ContentModel } from '../models/content.ts';

/** Courses whose likeness to all others is looked at; more changes nothing. */
const LOOKED_AT = 40;

/** Standard deviation of the likeness of two courses, by text and by attributes; 1 where all are alike. */
export interface Scales {
  text: number;
  attributes: number;
}

const known = new WeakMap<ContentModel, Scales>();

/** Texts of different length and language are alike to different degrees: weights count in these units. */
export function scalesOf(content: ContentModel, courses: number): Scales {
  let scales = known.get(content);
  if (!scales) known.set(content, (scales = measure(content, courses)));
  return scales;
}

function measure(content: ContentModel, courses: number): Scales {
  const asked = Math.min(LOOKED_AT, courses);
  const sums = { text: 0, attributes: 0 };
  const squares = { text: 0, attributes: 0 };
  for (let nth = 0; nth < asked; nth++) {
    const item = Math.floor((nth * courses) / asked);
    const found = content.parts({ ...emptyHistory, items: Int32Array.of(item), weights: Float32Array.of(1) });
    for (const kind of ['text', 'attributes'] as const) {
      found[kind].forEach((likeness, course) => {
        if (course === item) return;
        sums[kind] += likeness;
        squares[kind] += likeness * likeness;
      });
    }
  }
  const pairs = Math.max(1, asked * (courses - 1));
  const deviation = (kind: keyof Scales): number => Math.sqrt(squares[kind] / pairs - (sums[kind] / pairs) ** 2) || 1;
  return { text: deviation('text'), attributes: deviation('attributes') };
}
