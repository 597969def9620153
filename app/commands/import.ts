import type { Command } from 'commander';
import type { ImportReport } from '../../core/behaviour/import/import.ts';
import type { QuestionReport } from '../../core/insight/placement/import.ts';
import { repeatable } from '../repeatable.ts';

interface Options {
  courses: string[];
  learners: string[];
  behavior: string[];
  questions: string[];
  map: string[];
  type: string[];
  ratingScale?: string;
  tz: string;
  undated: boolean;
  json: boolean;
}

export function registerImport(program: Command): void {
  program
    .command('import')
    .description('Import a catalogue, learners and behaviour from CSV or JSON lines files (UTF-8)')
    .addOption(repeatable('--courses <file>', 'a catalogue file'))
    .addOption(repeatable('--learners <file>', 'a file of learners'))
    .addOption(repeatable('--behavior <file>', 'a file of behaviour'))
    .addOption(repeatable('--questions <file>', 'a file of questions for the placement test (JSON lines)'))
    .addOption(repeatable('--map <canonical=source,...>', 'which columns of the files hold which of ours'))
    .addOption(
      repeatable(
        '--type <type[:value_column]>',
        'for behaviour files without a type column: every row is an event of this type',
      ),
    )
    .option('--rating-scale <min-max>', 'lowest and highest rating there can be (otherwise read from each file)')
    .option('--tz <zone>', 'IANA time zone of times that carry none', 'UTC')
    .option('--undated', 'accept behaviour files without times: the order of rows stands in for them', false)
    .option('--json', 'print the report as JSON', false)
    .addHelpText('after', help)
    .action(run);
}

interface Report extends Omit<ImportReport, 'files'> {
  files: (ImportReport['files'][number] | QuestionReport)[];
}

const help = `
Columns (* required; every other column of a catalogue or of learners is kept as an attribute):
  behaviour  user_id*, course_id*, behavior_type, value, occurred_at
  courses    course_id*, title*, description, topics, level, language, price, currency, duration_minutes
             or duration_seconds, instructor, published_at, archived; title_zh, title_en, description_zh, description_en
  learners   user_id*, language, occupation, goal, level, time_zone, joined_at
  questions  question_id*, topic*, level* (beginner, intermediate, advanced), question_zh, question_en, options_zh,
             options_en (lists of 2 to 8), answer* (place of the right option, 1 for the first); JSON lines alone
A course's column lessons holds how many it has, or their titles separated by |
Empty, [], N/A and null are missing. Topics are a JSON or Python list, or separated by | or ;

Examples:
  coursebell import --courses courses.csv --learners people.csv --behavior orders.csv
  coursebell import --behavior ratings.csv --map course_id=item_id,occurred_at=time --type rate:stars --rating-scale 1-5

The same file twice changes nothing, and after an interruption a second run completes the first.
Rows that can not be imported are written with the reason to rejects/ in the data folder.`;

async function run(options: Options): Promise<void> {
  const [{ importFiles }, { withDatabase }, { terminalProgress }, { UserError }, { isTimeZone, timeZoneProblem }] =
    await Promise.all([
      import('../../core/behaviour/import/import.ts'),
      import('../database.ts'),
      import('../progress.ts'),
      import('../explain.ts'),
      import('../../core/learner/time-zone.ts'),
    ]);
  const { requestTraining } = await import('../../core/recommend/store.ts');
  const [{ FileError }, { ColumnError }] = await Promise.all([
    import('../../core/behaviour/files.ts'),
    import('../../core/behaviour/columns.ts'),
  ]);
  if (options.courses.length + options.learners.length + options.behavior.length + options.questions.length === 0) {
    throw new UserError(
      'Nothing to import: give --courses, --learners, --behavior or --questions (coursebell import --help)',
    );
  }
  if (!isTimeZone(options.tz)) throw new UserError(`--tz: ${timeZoneProblem(options.tz)}`);
  const report = await withDatabase(async (db, { currency, folder }) => {
    const imported = await importFiles(db, {
      ...options,
      ratingScale: options.ratingScale,
      types: options.type,
      zone: options.tz,
      ...{ currency, folder, now: new Date(), progress: terminalProgress() },
    });
    const changed = imported.files.some(({ kept }) => kept.new > 0 || (kept.changed ?? 0) > 0);
    if (changed) await requestTraining(db, new Date());
    const { importQuestions } = await import('../../core/insight/placement/import.ts');
    const questions: QuestionReport[] = [];
    for (const file of options.questions) questions.push(await importQuestions(db, file));
    return { ...imported, files: [...imported.files, ...questions] };
  }).catch((error: unknown) => {
    if (error instanceof FileError || error instanceof ColumnError)
      throw new UserError(error.message, { cause: error });
    throw error;
  });
  console.log(options.json ? JSON.stringify(report, null, 2) : await asTables(report));
}

async function asTables({ files, setAside }: Report): Promise<string> {
  const { table } = await import('../terminal.ts');
  const numbers = new Intl.NumberFormat('en');
  const format = (value: number) => numbers.format(value);
  const parts = files.map(({ file, kind, rows, events, kept, notes, findings, rejects }) => {
    const counts = [
      ['rows read', format(rows), ''],
      ...(events !== undefined && events !== rows ? [['events in them', format(events), '']] : []),
      [kind === 'behavior' ? 'new events' : 'new', format(kept.new), ''],
      ...(kept.changed !== undefined ? [['changed', format(kept.changed), '']] : []),
      ...(kept.unchanged !== undefined ? [['unchanged', format(kept.unchanged), '']] : []),
      ...findings.map(({ reason, text, treatment, count, lines }) => [
        `${reason}: ${text} (${treatment})`,
        format(count),
        lines.join(', '),
      ]),
    ];
    const after = [...notes, ...(rejects ? [`rejected rows, with reasons: ${rejects}`] : [])];
    return [
      `${file} (${kind})`,
      table(['', 'count', 'first lines'], counts, ['left', 'right', 'left']),
      ...after.map((line) => `  ${line}`),
    ].join('\n');
  });
  if (setAside.length > 0) {
    const rows = setAside.map(({ reason, text, events, learners, first }) => [
      `${reason}: ${text}`,
      format(events),
      format(learners),
      first.map(({ file, line }) => `${file}:${line}`).join(', '),
    ]);
    parts.push(table(['set aside', 'events', 'learners', 'first lines'], rows, ['left', 'right', 'right', 'left']));
  }
  return parts.join('\n\n');
}
