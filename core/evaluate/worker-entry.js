// A thread can not begin with TypeScript on Node 20: this registers the loader, then runs the work.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
