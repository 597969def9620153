import type { Deed, Past } from '../../../../core/insight/behaviour-model/past.ts';
import { createRandom } from '../../../../core/numerics/random.ts';

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 0, 1);

export function deed(days: number, type: Deed['type'] = 'view', more: Partial<Deed> = {}): Deed {
  return {
    ...{ at: START + days * DAY, type, courseId: 'c', value: null, channel: 'web', list: undefined },
    ...{ message: false, campaign: false, arrived: false, community: false },
    ...more,
  };
}

export function past(deeds: readonly Deed[], more: Partial<Past> = {}): Past {
  return {
    id: 'p',
    deeds: [...deeds].sort((a, b) => a.at - b.at),
    timeZone: null,
    invitedAt: null,
    inviter: undefined,
    ...more,
  };
}

/**
 * A community of `days` in which who saves a course comes back soon and buys, and who does not mostly
 * stays away: what recency and frequency alone do not show.
 */
export function community(size: number, days: number, seed: number): Past[] {
  const random = createRandom(seed);
  return Array.from({ length: size }, (_, index) => {
    const deeds: Deed[] = [];
    for (let at = random.next() * days; at < days;) {
      const keen = random.next() < 0.5;
      const courseId = `c${random.int(9)}`;
      deeds.push(deed(at, 'view', { courseId }));
      if (keen) deeds.push(deed(at + 0.01, 'save', { courseId }));
      const gap = keen ? 1 + 4 * random.next() : 9 + 40 * random.next();
      if (keen && random.next() < 0.5) deeds.push(deed(at + gap * 0.9, 'purchase', { courseId, value: 100 }));
      at += gap;
    }
    return past(
      deeds.filter(({ at }) => at < START + days * DAY),
      { id: `learner-${index}` },
    );
  }).filter(({ deeds }) => deeds.length > 0);
}
