import { lstm } from './lstm.ts';
import { transformer } from './transformer.ts';

export const networks = { lstm, transformer };

export type NetworkName = keyof typeof networks;
