// 200 redemptions of one coupon code at once, over four pools as four processes would have:
//   npm run bench:redemptions
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkout } from '../core/campaign/sale/store.ts';
import { newCodes } from '../core/campaign/store.ts';
import { connect } from '../prisma/connect.ts';

const AT_ONCE = 200;
const POOLS = 4;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-redemptions-'));
fs.chmodSync(folder, 0o755);
const open = await Promise.all(Array.from({ length: POOLS }, () => connect({ folder: path.join(folder, 'data') })));
const db = open[0]!;
try {
  const { id: learnerId } = await db.prisma.learner.create({ data: {} });
  const courses = Array.from({ length: AT_ONCE }, (_, i) => `course-${i}`);
  await db.prisma.course.createMany({
    data: courses.map((id) => ({ id, title: id, priceMinor: 9900, currency: 'CNY' })),
  });
  const at = new Date();
  const [code] = newCodes(1) as [string];
  const expiresAt = new Date(at.getTime() + 86_400_000);
  await db.prisma.coupon.create({ data: { code, learnerId, percent: 20, expiresAt } });

  const startedAt = performance.now();
  const results = await Promise.all(
    courses.map((courseId, i) =>
      checkout(open[i % POOLS]!, {
        learnerId,
        courseId,
        couponCode: code,
        channel: 'web',
        at,
        idempotencyKey: courseId,
        currency: 'CNY',
      }),
    ),
  );
  const counts: Record<string, number> = {};
  for (const result of results) {
    const name = result.ok ? 'redeemed' : result.error;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  console.log({
    atOnce: AT_ONCE,
    ...counts,
    orders: await db.prisma.order.count(),
    seconds: Math.round(performance.now() - startedAt) / 1000,
  });
} finally {
  await Promise.all(open.map((each) => each.close()));
  fs.rmSync(folder, { recursive: true, force: true });
}
