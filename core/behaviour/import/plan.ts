import { eventTypeOf, type RawEvent } from '../clean.ts';
import { ColumnError, planColumns, readOwnColumn, type ColumnMap, type ColumnPlan } from '../columns.ts';
import { eventTypes, type EventTypeName } from '../event-types.ts';
import type { SourceFile, SourceRow } from '../files.ts';

/** `--type TYPE[:VALUE_COLUMN]`. */
export interface TypeRule {
  type: EventTypeName;
  column: string | undefined;
}

/** How the rows of one behaviour file become events. */
export interface EventPlan {
  eventsOf(row: SourceRow): RawEvent[];
  /** Their types and values alone, for the first pass that reads the scales. */
  valuesOf(row: SourceRow): Pick<RawEvent, 'type' | 'value'>[];
  /** Whether values on a scale (ratings, progress) can occur. */
  mayHaveShares: boolean;
  undated: boolean;
  notes: string[];
}

/** @throws ColumnError for a type that there is not. */
export function parseTypeRules(texts: readonly string[]): TypeRule[] {
  return texts.map((text) => {
    const at = text.indexOf(':');
    const name = at < 0 ? text : text.slice(0, at);
    const type = eventTypeOf(name.trim());
    if (!type)
      throw new ColumnError(`--type ${text}: there is no type ${name}. Types: ${Object.keys(eventTypes).join(', ')}`);
    return { type, column: at < 0 ? undefined : text.slice(at + 1).trim() };
  });
}

/** @throws ColumnError when a value column that a rule names is in none of the files. */
export function checkTypeRules(rules: readonly TypeRule[], sources: readonly SourceFile[]): void {
  for (const { type, column } of rules) {
    if (column === undefined || sources.some((source) => source.columns.includes(column))) continue;
    throw new ColumnError(
      `--type ${type}:${column}: no behaviour file has a column ${column}. ` +
        sources.map((source) => `${source.name} has ${source.columns.join(', ')}`).join('; '),
    );
  }
}

/**
 * Plans one file: its own type column, or else the rules, each of which makes an event of every row
 * (a rule whose value column this file lacks makes none here).
 *
 * @throws ColumnError when a column is missing or the types or times are nowhere; it names the fix.
 */
export function planEvents(
  source: SourceFile,
  map: ColumnMap,
  rules: readonly TypeRule[],
  { undated }: { undated: boolean },
): EventPlan {
  const columns = planColumns(source, 'behavior', map, ['user_id', 'course_id']);
  const dated = columns.has('occurred_at');
  if (!dated && !undated) {
    throw new ColumnError(
      `${source.name} has no column ${map.get('occurred_at') ?? 'occurred_at'}. Its columns are: ${source.columns.join(', ')}. ` +
        `Say which column holds the time with --map occurred_at=<column>. Without times, import takes it with --undated`,
    );
  }
  if (columns.has('behavior_type')) return ownTypes(columns, dated);
  if (rules.length === 0) {
    throw new ColumnError(
      `${source.name} has no column ${map.get('behavior_type') ?? 'behavior_type'}. Its columns are: ${source.columns.join(', ')}. ` +
        `Say which column holds the type with --map behavior_type=<column>, or what every row is with --type TYPE[:VALUE_COLUMN], such as --type view`,
    );
  }
  const usable = rules.filter(({ column }) => column === undefined || source.columns.includes(column));
  if (usable.length === 0) {
    throw new ColumnError(`No --type fits ${source.name}: its columns are ${source.columns.join(', ')}`);
  }
  return {
    undated: !dated,
    mayHaveShares: usable.some(({ type }) => eventTypes[type].value === 'share'),
    notes: [
      `each row is ${usable.map(({ type, column }) => (column ? `${type} (value: ${column})` : type)).join(' and ')}`,
    ],
    valuesOf,
    eventsOf: (row) => valuesOf(row).map((value) => ({ ...whoWhatWhen(columns, row), ...value })),
  };

  function valuesOf(row: SourceRow) {
    return usable.map(({ type, column }) => ({
      type,
      value: column === undefined ? columns.read(row, 'value') : readOwnColumn(source, row, column),
    }));
  }
}

function ownTypes(columns: ColumnPlan, dated: boolean): EventPlan {
  return {
    undated: !dated,
    mayHaveShares: columns.has('value'),
    notes: [],
    valuesOf: (row) => [valueOf(row)],
    eventsOf: (row) => [{ ...whoWhatWhen(columns, row), ...valueOf(row) }],
  };

  function valueOf(row: SourceRow) {
    return { type: columns.read(row, 'behavior_type'), value: columns.read(row, 'value') };
  }
}

function whoWhatWhen(columns: ColumnPlan, row: SourceRow): Pick<RawEvent, 'userId' | 'courseId' | 'occurredAt'> {
  return {
    userId: columns.read(row, 'user_id'),
    courseId: columns.read(row, 'course_id'),
    occurredAt: columns.read(row, 'occurred_at'),
  };
}
