import type { Skill } from '../skill.ts';
import { ask } from './ask.ts';
import { buy } from './buy.ts';
import { consent } from './consent.ts';
import { coupons } from './coupons.ts';
import { courseCard } from './course.ts';
import { dismiss } from './dismiss.ts';
import { help } from './help.ts';
import { language } from './language.ts';
import { myCourses } from './courses.ts';
import { onboarding } from './onboarding.ts';
import { paysupport } from './paysupport.ts';
import { privacy } from './privacy.ts';
import { profile } from './profile.ts';
import { progress } from './progress.ts';
import { rate } from './rate.ts';
import { recommend } from './recommend.ts';
import { refund } from './refund.ts';
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
  profile,
  coupons,
  settings,
  privacy,
  consent,
  language,
  ask,
];
