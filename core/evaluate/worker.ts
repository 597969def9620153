import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Artefact, CourseFacts, Model } from '../recommend/model.ts';
import type { HybridModel } from '../recommend/models/hybrid.ts';
import { findModelType } from '../recommend/models/index.ts';
import { ask, type Answer } from './ask.ts';
import { judgeOf } from './context.ts';
import type { Fitted } from './fit.ts';
import type { Question } from './split.ts';
import type { Stage } from './stages.ts';

/** Threads that hold all models of a round and answer its questions. */
export interface Crowd {
  /** Asks one model every question; answers as `ask` gives them, in the order of the questions. */
  ask(name: string, stages: readonly Stage[], told: (share: number) => void): Promise<Answer[][]>;
  close(): Promise<void>;
}

export interface CrowdOptions {
  courses: readonly CourseFacts[];
  k: number;
  seed: number;
}

/** More hold more copies of the models than they save time. */
const MOST_THREADS = 4;
/** Questions handed out at once. */
const CHUNK = 64;

export function threadsHere(): number {
  return Math.min(MOST_THREADS, availableParallelism());
}

interface Setup extends CrowdOptions {
  /** What hands out parts stands for them. */
  models: { name: string; artefact: Artefact }[];
  questions: readonly Question[];
}

interface Order {
  name: string;
  stages: readonly Stage[];
  from: number;
  to: number;
}

type Message = { ready: true } | { from: number; answers: Answer[][] };

/** Tells our threads from others: a test runner may run this file in a thread of its own. */
const MARK = 'coursebell/evaluate';

export async function openCrowd(
  fitted: readonly Fitted[],
  questions: readonly Question[],
  options: CrowdOptions,
  threads = threadsHere(),
): Promise<Crowd> {
  const setup: Setup = { ...options, models: withoutParts(fitted, options.courses), questions };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./worker-entry.js', import.meta.url), { workerData: { [MARK]: setup }, execArgv: [] }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    await Promise.all(workers.map((worker) => next(worker)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async ask(name, stages, told) {
      const answers: Answer[][] = [];
      let handed = 0;
      let done = 0;
      const work = async (worker: Worker): Promise<void> => {
        while (handed < questions.length) {
          const from = handed;
          handed = Math.min(questions.length, from + CHUNK);
          worker.postMessage({ name, stages, from, to: handed } satisfies Order);
          const message = await next(worker);
          if (!('answers' in message)) continue;
          message.answers.forEach((answer, at) => (answers[message.from + at] = answer));
          done += message.answers.length;
          told(done / questions.length);
        }
      };
      await Promise.all(workers.map(work));
      return answers;
    },
    close,
  };
}

/** The models as they are stored, without the parts that the stored hybrid carries; it leaves some out. */
function withoutParts(fitted: readonly Fitted[], courses: readonly CourseFacts[]): Setup['models'] {
  const hybrid = fitted.find(({ name }) => name === 'hybrid')?.model as HybridModel | undefined;
  const saved = hybrid?.save();
  const carried = saved && (findModelType('hybrid')!.load(saved, courses) as HybridModel).parts;
  return fitted
    .filter(({ name, model }) => !carried?.has(name) || hybrid?.parts.get(name)?.model !== model)
    .map(({ name, model }) => ({ name, artefact: model === hybrid ? saved! : model.save() }));
}

/** The next message of a thread. */
async function next(worker: Worker): Promise<Message> {
  const ended = new AbortController();
  const exit = once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`A thread that asks ended before its work (${code})`);
  });
  exit.catch(() => {});
  try {
    const [message] = (await Promise.race([once(worker, 'message', { signal: ended.signal }), exit])) as [Message];
    return message;
  } finally {
    ended.abort();
  }
}

function serve({ models: saved, questions, courses, k, seed }: Setup): void {
  const models = new Map<string, Model>();
  for (const { name, artefact } of saved) {
    const model = findModelType(name)!.load(artefact, courses);
    models.set(name, model);
    if (name !== 'hybrid') continue;
    for (const [part, { model: own }] of (model as HybridModel).parts) if (!models.has(part)) models.set(part, own);
  }
  const options = { k, seed, courses, about: judgeOf(courses), stopwatch: () => performance.now() };
  parentPort!.on('message', ({ name, stages, from, to }: Order) => {
    const answers = questions
      .slice(from, to)
      .map((question, at) => ask(models.get(name)!, question, from + at, stages, options));
    parentPort!.postMessage({ from, answers } satisfies Message);
  });
  parentPort!.postMessage({ ready: true } satisfies Message);
}

const setup = (workerData as Record<string, Setup> | null)?.[MARK];
if (parentPort && setup) serve(setup);
