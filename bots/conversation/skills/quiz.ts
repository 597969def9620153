import {
  isSettled,
  MOST_QUESTIONS,
  nextQuestion,
  placementOf,
  type Answered,
} from '../../../core/insight/placement/placement.ts';
import type { QuizQuestion } from '../../../core/insight/placement/question.ts';
import { questionsOf, quizTopics } from '../../../core/insight/placement/store.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { slotsOf } from '../../../core/language/slots.ts';
import { topicName } from '../../../core/language/topic-name.ts';
import { levels, type Level } from '../../../core/learner/learner.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { button, named, rows, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Answer, type Said } from '../skill.ts';
import { levelName } from '../wording.ts';

const MOST_TOPICS = 12;
/** In a button's value: the topic to be tested in, an answer (`a:<place>:<question>`), the level to go back to, or the end. */
const TOPIC = 't:';
const ANSWER = 'a:';
const LEVEL = 'l:';
const END = 'end';
/** Place of no option. */
const UNKNOWN = '-';

/** A short placement test: sets the level, and says that its topic is of interest. */
export const quiz = defineSkill({
  name: 'quiz',
  presses: { quiz: press },
  phrases: [
    [
      /^(?:please |can you |could you |i want (?:you )?to )*(?:quiz|test|assess) (?:me|myself|my (?:level|skills?|knowledge))(?: (?:on|in|about|of|at))?(?: (.{1,60}))?$|^(?:take |start |do )?(?:a |the )?(?:placement|level) (?:test|quiz)(?: (?:on|in|about|for) (.{1,60}))?$|^(?:take |start )?(?:a |the )?(.{1,40}) (?:placement test|level test|quiz)$/i,
      (context, _said, found) => begin(context, found[1] ?? found[2] ?? found[3] ?? ''),
    ],
    [
      /^(?:test|check) my (.{1,40}?)(?: level| skills?| knowledge)?$/i,
      (context, _said, [, topic = '']) =>
        topicOf(topic, context.services.catalogue.topics()) ? begin(context, topic) : undefined,
    ],
    [
      /^(?:我要?|我想|帮我|来|做|开始|一?个|一下|参加)*(?:测一?测|测试|测验|考考?|摸底|评估)(?:一下)?(?:我的?)?(.{0,20}?)(?:的?(?:水平|程度|基础|能力))$|^(?:我要?|我想|来|做|开始|一?个|一下|参加)*(.{0,20}?)(?:的)?(?:水平测试|分级测试|定级测试|摸底测试|小测验|小测试|入学测试|摸底考)(?:吧)?$/,
      (context, _said, found) => begin(context, found[1] ?? found[2] ?? ''),
    ],
  ],
  answers: {
    quiz(context, said, { value = '' }) {
      const test = context.state.quiz;
      if (!test || test.current !== value || context.turn.recordable === false) return undefined;
      return inWords(context, said);
    },
  },
});

function press(context: Context, { value = '' }: Press): Answer {
  if (value === END) return stop(context);
  const level = levels.find((each) => value === `${LEVEL}${each}`);
  if (level) return goBack(context, level);
  if (value.startsWith(ANSWER)) {
    const [, place = '', ...id] = value.split(':');
    return take(context, id.join(':'), place);
  }
  return begin(context, value.startsWith(TOPIC) ? value.slice(TOPIC.length) : value);
}

/** The topic that words name: by its name in either language, else as a message would. */
function topicOf(words: string, topics: readonly string[]): string | undefined {
  const said = words.trim().toLowerCase();
  if (said === '') return undefined;
  const named = topics.find((topic) =>
    [topic, ...Object.values(topicName(topic))].some((name) => name.toLowerCase() === said),
  );
  return named ?? slotsOf(words, topics).topics?.[0];
}

async function begin(context: Context, words: string): Promise<Reply[]> {
  const topics = await quizTopics(context.services.db);
  if (topics.length === 0) return [say('quiz.none', {}, [shortcuts.slice(0, 3)])];
  const topic = topicOf(words, topics);
  if (topic === undefined) return [whichTopic(context, words, topics)];
  const value = `${TOPIC}${topic}`;
  if (!context.records) return askRecording(context, { action: 'quiz', value });
  if (context.turn.recordable === false)
    return [say('quiz.press', { topic: topicName(topic) }, [[named('quiz-start', { action: 'quiz', value })]])];
  context.state.quiz = { topic, current: '', answers: [] };
  return [say('quiz.begin', { topic: topicName(topic), most: MOST_QUESTIONS }), ...(await ask(context))];
}

function whichTopic({ learner }: Context, words: string, topics: readonly string[]): Reply {
  const mine = new Set(learner.declaredTopics);
  const offered = [...topics.filter((topic) => mine.has(topic)), ...topics.filter((topic) => !mine.has(topic))];
  return say(
    words.trim() === '' ? 'quiz.which' : 'quiz.no-topic',
    { words: words.trim().slice(0, 60) },
    rows(
      offered
        .slice(0, MOST_TOPICS)
        .map((topic) => button({ action: 'quiz', value: `${TOPIC}${topic}` }, topicName(topic))),
      3,
    ),
  );
}

/** The next question, or what the answers come to. */
async function ask(context: Context): Promise<Reply[]> {
  const test = context.state.quiz!;
  const questions = await questionsOf(context.services.db, test.topic);
  const answers = given(test.answers);
  const asked = new Set(test.answers.map(({ id }) => id));
  const question = isSettled(answers) ? undefined : nextQuestion(questions, asked, answers, context.random);
  if (!question) return result(context);
  test.current = question.id;
  context.state.question = { kind: 'quiz', value: question.id };
  return [shown(context, question, test.answers.length + 1)];
}

function shown({ random }: Context, question: QuizQuestion, number: number): Reply {
  // Mixed, so that the right one has no usual place.
  const places = random.shuffle(question.options.map((_, at) => at));
  const choice = (place: number | string) => ({ action: 'quiz', value: `${ANSWER}${place}:${question.id}` });
  return {
    ...say('quiz.question', { number, question: question.question }, [
      [button(choice(UNKNOWN), text('button.quiz-unknown')), named('quiz-end', { action: 'quiz', value: END })],
    ]),
    quiz: {
      options: places.map((place) => button(choice(place), question.options[place]!)),
      correct: places.indexOf(question.correct),
    },
  };
}

async function take(context: Context, id: string, place: string): Promise<Reply[]> {
  const test = context.state.quiz;
  // A question of another test, or one that is answered.
  if (!test || test.current !== id) return [say('quiz.over', {}, [[named('quiz', { action: 'quiz' })]])];
  const question = (await questionsOf(context.services.db, test.topic)).find((one) => one.id === id);
  if (!question) return ask(context);
  const right = place === String(question.correct);
  test.answers.push({ id, level: question.level, right });
  test.current = '';
  const feedback = right ? say('quiz.right') : say('quiz.wrong', { answer: question.options[question.correct]! });
  return [feedback, ...(await ask(context))];
}

/** The words of an option, or its letter or number as it may stand beside it. */
async function inWords(context: Context, said: Said): Promise<Reply[] | undefined> {
  const { topic, current } = context.state.quiz!;
  const question = (await questionsOf(context.services.db, topic)).find((one) => one.id === current);
  if (!question) return undefined;
  const plain = (words: string) => words.toLowerCase().replaceAll(/[\s.。!！]+/gu, '');
  const place = question.options.findIndex((option) =>
    Object.values(option).some((words) => plain(words) === plain(said.text)),
  );
  if (place >= 0) return take(context, current, String(place));
  return /^(?:i )?(?:don'?t|do not) know$|^(?:no idea|not sure|pass|skip)$|^不(?:知道|会|清楚|确定)$|^跳过$/i.test(
    said.text.trim(),
  )
    ? take(context, current, UNKNOWN)
    : undefined;
}

async function result(context: Context): Promise<Reply[]> {
  const { topic, answers } = context.state.quiz!;
  delete context.state.quiz;
  const { level, share } = placementOf(given(answers));
  const { declaredTopics, level: before } = context.learner;
  const known = declaredTopics.some((one) => one.toLowerCase() === topic.toLowerCase());
  await context.update({ level, declaredTopics: known ? declaredTopics : [...declaredTopics, topic] });
  context.record('assess', { value: share, circumstances: { topic } });
  const right = answers.filter((answer) => answer.right).length;
  // There is one level for all topics: who knows much of one and little of another decides which holds.
  const changed = before !== null && before !== level;
  const args = {
    topic: topicName(topic),
    right,
    count: answers.length,
    level: levelName(level),
    before: changed ? levelName(before) : '',
  };
  return [
    say('quiz.result', args, [
      [
        button(
          { action: 'recommend', value: `topic:${topic}` },
          text('button.quiz-courses', { topic: topicName(topic) }),
        ),
        named('profile', { action: 'profile' }),
      ],
      [
        ...(changed
          ? [
              button(
                { action: 'quiz', value: `${LEVEL}${before}` },
                text('button.quiz-back', { level: levelName(before) }),
              ),
            ]
          : []),
        named('quiz-other', { action: 'quiz' }),
      ],
    ]),
  ];
}

async function goBack(context: Context, level: Level): Promise<Reply[]> {
  await context.update({ level });
  return [say('quiz.level', { level: levelName(level) }, [shortcuts.slice(0, 2)])];
}

function stop({ state }: Context): Reply[] {
  delete state.quiz;
  return [say('quiz.stopped', {}, [shortcuts.slice(0, 3)])];
}

const given = (answers: readonly Answered[]): Answered[] => answers.map(({ level, right }) => ({ level, right }));
