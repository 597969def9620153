import type { Skill } from '../skill.ts';
import { arrive } from './arrive.ts';
import { ask } from './ask.ts';
import { buy } from './buy.ts';
import { challenge } from './challenge.ts';
import { checkin } from './checkin.ts';
import { campaign } from './campaign.ts';
import { community } from './community.ts';
import { consent } from './consent.ts';
import { coupons } from './coupons.ts';
import { courseCard } from './course.ts';
import { dismiss } from './dismiss.ts';
import { enter } from './enter.ts';
import { help } from './help.ts';
import { invite } from './invite.ts';
import { join } from './join.ts';
import { language } from './language.ts';
import { link } from './link.ts';
import { myCourses } from './courses.ts';
import { onboarding } from './onboarding.ts';
import { paysupport } from './paysupport.ts';
import { privacy } from './privacy.ts';
import { profile } from './profile.ts';
import { progress } from './progress.ts';
import { quiz } from './quiz.ts';
import { questions } from './questions.ts';
import { rate } from './rate.ts';
import { react } from './react.ts';
import { recommend } from './recommend.ts';
import { refund } from './refund.ts';
import { remind } from './remind.ts';
import { save } from './save.ts';
import { search } from './search.ts';
import { settings } from './settings.ts';
import { similar } from './similar.ts';

/** Everything the assistant can do. */
export const skills: readonly Skill[] = [
  onboarding,
  help,
  recommend,
  search,
  courseCard,
  similar,
  rate,
  save,
  dismiss,
  buy,
  refund,
  paysupport,
  progress,
  myCourses,
  checkin,
  remind,
  quiz,
  challenge,
  enter,
  invite,
  profile,
  coupons,
  settings,
  privacy,
  consent,
  language,
  link,
  arrive,
  react,
  ask,
  join,
  campaign,
  community,
  questions,
];
