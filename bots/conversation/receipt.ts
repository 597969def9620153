import { courseTitle, type Course } from '../../core/catalogue/course.ts';
import type { Order } from '../../core/campaign/checkout.ts';
import { everywhere, named, say } from './say.ts';
import type { Localised, Reply } from '../../core/language/reply.ts';
import { day, money } from './wording.ts';

/** What a person names when they ask about an order. */
export const orderNumber = (order: Pick<Order, 'id'>): string => order.id.slice(0, 8).toUpperCase();

/** A course that left the catalogue is still in orders, and can be given back. */
export function orderedTitle(course: Course | undefined, order: Pick<Order, 'courseId'>): Localised {
  return course ? courseTitle(course) : everywhere(order.courseId);
}

/** What is said of a purchase once it is made. */
export function receipt(course: Course | undefined, order: Order, zone: string, text: ReceiptText): Reply {
  const act = (name: string) => named(name, { action: name, course: order.courseId });
  const args = {
    title: orderedTitle(course, order),
    number: orderNumber(order),
    at: day(order.createdAt, zone),
  };
  const sum = {
    paid: money(order.paidMinor, order.currency),
    saved: order.listMinor > order.paidMinor ? money(order.listMinor - order.paidMinor, order.currency) : '',
  };
  return {
    ...say(text, text === 'receipt.nothing' ? args : { ...args, ...sum }, [
      [act('progress'), named('courses', { action: 'courses' }), act('similar'), act('refund')],
    ]),
    course: order.courseId,
  };
}

/** Of the sandbox, of a platform that took money, of one where there was nothing to pay. */
export type ReceiptText = 'receipt' | 'receipt.paid' | 'receipt.nothing';
