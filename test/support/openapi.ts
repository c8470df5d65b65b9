/** What a test needs of the server's OpenAPI document: every operation, with a body that fits its schema. */
export interface Operation {
  /** `POST` */
  method: string;
  /** `/v1/conversations/{id}/messages` */
  path: string;
  /** Who has to prove what: `DPoP`, `proof`, `cookie`; null for nobody. */
  security: string | null;
  /** The smallest body that fits; undefined where none is taken. */
  body: string | undefined;
  /** Those that must be given, and the body's `content-type`. */
  headers: Record<string, string>;
  /** Names of query parameters. */
  query: string[];
  /** Those that must be given, with a value that fits: `?q=a`; '' where there is none. */
  search: string;
}

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  examples?: unknown[];
  anyOf?: Schema[];
  required?: string[];
  properties?: Record<string, Schema>;
  minLength?: number;
  minimum?: number;
}

interface Document {
  paths: Record<
    string,
    Record<
      string,
      {
        security?: Record<string, unknown>[];
        parameters?: { in: string; name: string; required?: boolean; schema?: Schema }[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
  components: { schemas: Record<string, Schema> };
}

const sampleObject = (schema: Schema, schemas: Document['components']['schemas']) => {
  const names = schema.required ?? Object.keys(schema.properties ?? {});
  return Object.fromEntries(names.map((name) => [name, sample(schema.properties?.[name] ?? {}, schemas)]));
};

/** A value that fits a schema of the protocol. */
const sample = (schema: Schema, schemas: Document['components']['schemas']): unknown => {
  if (schema.$ref !== undefined) return sample(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (schema.enum) return schema.enum[0];
  if (schema.examples) return schema.examples[0];
  if (schema.anyOf?.[0]) return sample(schema.anyOf[0], schemas);
  if (schema.type === 'object') return sampleObject(schema, schemas);
  if (schema.type === 'string') return 'a'.repeat(schema.minLength ?? 1);
  if (schema.type === 'integer') return schema.minimum ?? 0;
  if (schema.type === 'boolean') return true;
  return null;
};

/** Bytes have no schema. */
const bodyOf = (schema: Schema, schemas: Document['components']['schemas']): string =>
  schema.type || schema.$ref || schema.anyOf ? JSON.stringify(sample(schema, schemas)) : 'a';

const searchOf = (
  needed: { name: string; schema?: Schema }[],
  schemas: Document['components']['schemas'],
) => {
  const entries = needed.map(({ name, schema }) => [name, String(sample(schema ?? {}, schemas))]);
  return entries.length > 0 ? `?${new URLSearchParams(entries)}` : '';
};

/** Reads the running server's own document. */
export const readOperations = async (url: string): Promise<Operation[]> => {
  const document: Document = await (await fetch(`${url}/openapi.json`)).json();
  const { schemas } = document.components;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, parameters = [], requestBody }]) => {
      const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
      const needed = (where: string) =>
        parameters.filter((parameter) => parameter.in === where && parameter.required === true);
      return {
        method: method.toUpperCase(),
        path,
        security: Object.keys(security?.[0] ?? {})[0] ?? null,
        body: content && bodyOf(content.schema, schemas),
        headers: {
          ...Object.fromEntries(
            needed('header').map(({ name, schema }) => [name, `${sample(schema ?? {}, schemas)}`]),
          ),
          ...(type && { 'content-type': type }),
        },
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        search: searchOf(needed('query'), schemas),
      };
    }),
  );
};
