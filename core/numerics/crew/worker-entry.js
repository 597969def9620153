/* global WebAssembly */
// A thread of a crew: the module over the crew's memory, called from the thread that opened it.
import { parentPort, workerData } from 'node:worker_threads';

const { module, memory } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.on('message', ({ name, args }) => parentPort.postMessage(exports[name](...args)));
parentPort.postMessage('ready');
