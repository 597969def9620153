import { expect, it } from 'vitest';
import { groupReplies } from '../../../bots/message/group.ts';
import type { Reply } from '../../../core/language/reply.ts';

const words = (key: string): Reply => ({ text: { key } });
const asking = (key: string): Reply => ({ text: { key }, buttons: [[{ id: 'more', label: { key: 'button.more' } }]] });
const item = (course: string, list = 'search'): Reply => ({ text: { key: 'course.item' }, course, list });

it('makes a list one message under the words that open it', () => {
  const replies = [words('search.found'), item('a'), item('b'), item('c'), asking('search.more')];
  expect(groupReplies(replies)).toEqual([{ intro: replies[0], pages: replies.slice(1, 4) }, { reply: replies[4] }]);
});

it('leaves single courses, and words with something of their own, as messages of their own', () => {
  expect(groupReplies([words('a'), item('a'), words('b')])).toEqual([
    { reply: words('a') },
    { reply: item('a') },
    { reply: words('b') },
  ]);
  const card: Reply = { text: { key: 'course.card' }, course: 'x' };
  expect(groupReplies([card, item('a'), item('b')])).toEqual([{ reply: card }, { pages: [item('a'), item('b')] }]);
  expect(groupReplies([asking('a'), item('a'), item('b')])[0]).toEqual({ reply: asking('a') });
});

it('keeps two lists, one after the other, apart', () => {
  const replies = [item('a'), item('b'), item('c', 'saved'), item('d', 'saved')];
  expect(groupReplies(replies)).toEqual([{ pages: replies.slice(0, 2) }, { pages: replies.slice(2) }]);
  expect(groupReplies([])).toEqual([]);
});
