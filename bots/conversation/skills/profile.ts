import { courseTitle } from '../../../core/catalogue/course.ts';
import { currentModel, pastOf } from '../../../core/insight/behaviour-model/store.ts';
import { topicInterests, type TopicEvidence, type TopicInterest } from '../../../core/interest/profile.ts';
import { topicName } from '../../../core/language/topic-name.ts';
import type { Reply, Text } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { interestWords } from '../interest-words.ts';
import { goals } from '../onboarding.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { levelName } from '../wording.ts';

const BARS = 8;
const EXPLAINED = 4;
const REASONS = 2;
const WORDS = 3;
/** Smaller shares would be shown as 0 %. */
const SMALLEST = 0.005;

export const profile = defineSkill({
  name: 'profile',
  presses: { profile: show },
  intents: { profile: show },
});

async function show(context: Context): Promise<Reply[]> {
  const state = await context.behaviour();
  if (!state) return askRecording(context, { action: 'profile' });
  const { services, now, learner, language } = context;
  const all = topicInterests({ ...state, declaredTopics: learner.declaredTopics }, now, (id) =>
    services.catalogue.get(id),
  );
  const liked = all.filter((interest) => interest.share >= SMALLEST);
  const buttons = [
    [named('interests', { action: 'onboard', value: 'again' }), named('recommend', { action: 'recommend' })],
    [named('courses', { action: 'courses' }), named('privacy', { action: 'privacy' })],
  ];
  const about = {
    goal: goalName(learner.goal),
    level: learner.level ? levelName(learner.level) : '',
    likely: (await likelyToReturn(context)) ?? '',
  };
  const words = interestWords(context, state, {
    topics: liked.flatMap(({ topic }) => [topic, ...Object.values(topicName(topic))]),
    count: WORDS,
  });
  if (liked.length === 0) return [say('profile.empty', { ...about, words }, buttons)];
  return [
    {
      ...say(
        'profile',
        {
          ...about,
          topics: liked.slice(0, EXPLAINED).map((interest) => explained(context, interest)),
          words,
          personalised: learner.personalised,
        },
        buttons,
      ),
      picture: {
        kind: 'interests',
        title: text('profile.picture'),
        bars: liked.slice(0, BARS).map(({ topic, share }) => ({ label: topicName(topic)[language] ?? topic, share })),
      },
    },
  ];
}

/** A topic with what speaks for it the most. */
function explained(context: Context, { topic, share, evidence }: TopicInterest): Text {
  const because = evidence
    .filter(({ weight }) => weight > 0)
    .slice(0, REASONS)
    .map((one) => evidenceText(context, one));
  return text('profile.topic', { topic: topicName(topic), percent: Math.round(share * 100), because });
}

/** What the behaviour model foretells of them, where they are among themselves with it and it is good enough to be told. */
async function likelyToReturn({ services: { db }, learner, personal, now }: Context): Promise<Text | undefined> {
  const model = personal ? await currentModel(db) : undefined;
  const past = model && (await pastOf(db, learner.id, now));
  const explained = past && model.explain('return', past, now.getTime());
  if (!explained) return undefined;
  // Nothing is certain, whatever it rounds to.
  const percent = Math.min(99, Math.max(1, Math.round(100 * explained.probability)));
  const because = explained.because.map(({ fact, ...numbers }) => text(`forecast.${fact}`, numbers));
  return text('profile.return', { percent, because });
}

function evidenceText({ services }: Context, evidence: TopicEvidence): Text {
  if (evidence.type === 'declared') return text('evidence.declared');
  if (evidence.type === 'assess') return text('evidence.assess', { percent: Math.round(evidence.share * 100) });
  const { type, courseId } = evidence;
  const course = services.catalogue.get(courseId);
  return text(`evidence.${type}`, { title: course ? courseTitle(course) : courseId });
}

function goalName(goal: string | null): Text | string {
  if (goal === null) return '';
  return (goals as readonly string[]).includes(goal) ? text(`goal.${goal}`) : goal;
}
