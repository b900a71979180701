// Rows and columns typed by the user: by an interface, a type, a class or a type parameter, and what
// is no row; never run.

import {
  type Cell,
  type ClassPrediction,
  crossValidate,
  load,
  type Model,
  type Prediction,
  type PredictionLike,
  predict,
  type Row,
  type RowLike,
  type Source,
  train,
  trainSync,
  tune,
  type ValuePrediction,
} from 'polytask';

interface House {
  readonly id: number;
  rooms: number;
  heating?: string | undefined;
  garden: boolean | null;
  sold: Date;
  price: number;
}

type Flat = { floor: number; lift?: boolean; note: string | undefined; price: number };

class Listing {
  rooms = 3;
  #secret = 1;
  constructor(readonly price: number) {}
  squared(): number {
    return this.rooms ** 2 + this.#secret;
  }
}

// Columns that are excluded, or unknown to a model, may hold anything.
interface Wide extends House {
  tags: string[];
  seller: { name: string };
}

interface Answers {
  price: ValuePrediction;
  kind: ClassPrediction<'a' | 'b'>;
}

interface Batch {
  rooms: Float64Array;
  heating: (string | null)[];
}

async function* cursor<T>(rows: readonly T[]): AsyncGenerator<T> {
  for (const row of rows) yield row;
}

async function rows(model: Model): Promise<void> {
  const houses: House[] = [];
  const flats: readonly Flat[] = [];
  const listings = [new Listing(3)];
  const wide: Wide[] = [];
  const records: Record<string, unknown>[] = [];
  const partial: Partial<House>[] = [];
  const frozen: ReadonlyArray<Readonly<House>> = houses;
  const either: (House | Flat)[] = [];
  const tuples: [number, string | undefined][] = [[1, undefined]];

  for (const source of [houses, flats, listings, wide, records, partial, frozen, either, tuples]) {
    train(source, { targets: 'price' });
    trainSync(source, 3);
    model.predict(source);
  }
  train(houses, { targets: 'price', features: { exclude: ['id'] } });
  train(new Set(houses));
  train(cursor(houses));
  train(cursor(listings), 10);
  train(houses.values());
  tune(flats, { trials: 2 });
  await crossValidate(listings, 3);
  await crossValidate(houses, { epochs: 3 }, 3);
  await model.evaluate(houses);
  await model.evaluate(cursor(flats));
  await model.importance(listings);
  await model.report('report.html', { source: houses });
  await model.predictAsync(houses);
  predict(flats);
  model.predict([{ rooms: undefined, heating: 'gas' }]);
  model.predict([houses[0] ?? new Listing(1)]);
  const batch: Batch = { rooms: new Float64Array(1), heating: ['gas'] };
  model.predictColumns(batch);
  const sources: Source[] = [houses, flats, listings, cursor(houses)];
  const row: Row = { rooms: 1, heating: undefined };
  const cell: Cell = undefined;
  void [sources, row, cell];
}

// Generic code hands its rows on.
function learn<T extends object>(rows: readonly T[], target: keyof T & string) {
  return train(rows, { targets: [target] });
}
function answers<T extends House | Flat>(model: Model, rows: T[]) {
  return model.predict(rows);
}
class Service<T extends RowLike> {
  constructor(readonly model: Model) {}
  one(row: T) {
    return this.model.predict([row])[0];
  }
}
void learn([] as House[], 'price');
void new Service<Listing>({} as Model).one(new Listing(1));

// What a model answers, typed by an interface.
async function loaded<P extends PredictionLike<P>>(model: Model<P>): Promise<void> {
  const own = await load<Answers>('model.safetensors');
  const value: number | undefined = own.predict([[1]])[0]?.price.value;
  const label: 'a' | 'b' | undefined = own.predict([[1]])[0]?.kind.label;
  const loss: number | undefined = own.history[0]?.tasks.price.loss;
  const same: P[] = model.predict([[1]]);
  const r2: number | undefined = (await own.evaluate('test.csv')).price.r2;
  void [value, label, loss, same, r2];
}

// As before the interfaces: a type parameter of all answers.
function first<P extends Prediction>(model: Model<P>, rows: readonly Row[]): P | undefined {
  return model.predict(rows)[0];
}

function misuse(model: Model, unknown: unknown, promised: Promise<House[]>): void {
  // @ts-expect-error a promise of rows is awaited first
  train(promised);
  // @ts-expect-error a row is awaited first
  model.predict([promised]);
  // @ts-expect-error a Map is no row
  model.predict([new Map([['rooms', 3]])]);
  // @ts-expect-error nor is a Date
  model.predict([new Date()]);
  // @ts-expect-error a cell is no object
  model.predict([[{}]]);
  // @ts-expect-error a single row is no list of rows
  model.predict({ rooms: 3 });
  // @ts-expect-error what is not known is no source
  train(unknown);
  // @ts-expect-error bytes are no rows
  train(new Uint8Array(3));
  // @ts-expect-error rows are no columns
  model.predictColumns([{ rooms: 3 }]);
}

void [rows, answers, loaded, first, misuse];
