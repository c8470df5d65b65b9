import { type Compilable, type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from './schema.ts';

/** Stands in a prepared query for a value that is known only when it runs. */
export type Params<Values> = <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;

/** Holds a value's place among a compiled query's parameters. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const toValue = (parameter: unknown, values: object): unknown =>
  parameter instanceof Place ? Reflect.get(values, parameter.name) : parameter;

/** How an engine runs a compiled query by itself, at once. */
export type RunCompiled = <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) => Row[];

const runners = new WeakMap<Kysely<Database>, RunCompiled>();

/**
 * Has {@link prepared} queries on `db` run by `run`. Kysely's own way, through a mutex and a dozen promises, costs several
 * times what SQLite needs for a row.
 */
export const runPreparedBy = (db: Kysely<Database>, run: RunCompiled): void => {
  runners.set(db, run);
};

/**
 * A query that is built and compiled once a database engine, for what runs with every message: building one anew takes
 * several times as long as SQLite takes to run it.
 *
 * ```ts
 * const nameOf = prepared((db, p: Params<{ id: string }>) =>
 *   db.selectFrom('customers').select('name').where('id', '=', p('id')));
 * const [customer] = await nameOf(tx.db, { id });
 * ```
 *
 * @param build is called with a database to build upon and with what stands for each value; its query must not depend on anything else
 * @returns how to run it: on any database of ours, in a transaction or not
 */
export const prepared = <Values extends object, Row>(
  build: (db: Kysely<Database>, param: Params<Values>) => Compilable<Row>,
): ((db: Kysely<Database>, values: Values) => Promise<Row[]>) => {
  const param: Params<Values> = (name) => sql`${new Place(name)}`;
  /** By the engine's adapter: of one store, whether in a transaction or not, it is the same object. */
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, values) => {
    const { adapter } = db.getExecutor();
    const known = compiled.get(adapter) ?? build(db, param).compile();
    compiled.set(adapter, known);
    const parameters = known.parameters.map((parameter) => toValue(parameter, values));
    const run = runners.get(db);
    if (run) return run(known, parameters);
    const { rows } = await db.executeQuery<Row>({ ...known, parameters });
    return rows;
  };
};
