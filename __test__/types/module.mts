// The same types reach an ES module, by name and as the default; never run.

import polytask, { type Training, train } from 'polytask';

const training: Training = train('data/iris.csv', 1);
export const model: polytask.Model = await training;
export const version: string = polytask.version;
