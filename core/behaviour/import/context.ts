import type { ColumnMap } from '../columns.ts';
import type { SourceFile } from '../files.ts';

/** What all files of one import share. */
export interface ImportContext {
  map: ColumnMap;
  /** IANA zone of times without one. */
  zone: string;
  /** Of prices and amounts without one. */
  currency: string;
  now: Date;
  /** Rejects go to `<folder>/rejects/`. */
  folder: string;
  /** Part of the names of rejects files. */
  stamp: string;
  /** Whoever reads a file reports the bytes here. */
  progressOf(source: SourceFile, what?: string): (bytes: number) => void;
}
