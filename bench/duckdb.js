/** Runs one DuckDB query: `node bench/duckdb.js FOLDER QUERY`, where FOLDER has node_modules with @duckdb/node-api. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, query] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(resolve(folder), 'package.json'))('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(query);
