import { ClientId, CreateUpload, Id, LIMITS, Upload } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ContinuoError } from '../errors.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import { countAgainstWorkspace } from '../http/workspace-limit.ts';
import type { Right } from '../live/right.ts';
import type { Runtime } from '../runtime.ts';
import { sendFile } from './send-file.ts';
import { appendChunk, createUpload, readUpload, type Uploader } from './uploads.ts';

/** Who asks on one side, customers' or agents', and what they may read. */
export interface FileReader extends Uploader {
  /** Files of messages up to this seq are not theirs to see. */
  visibleAfter: number;
  /** Watches their right while a file is on its way. */
  watch(): Right;
}

/** What the two sides do not share. */
export interface FileSide {
  /** The conversation's path: `/v1/conversations/:id`. */
  path: string;
  tags: string[];
  /** @throws ContinuoError `not_found` when the conversation is not theirs */
  authenticate(request: FastifyRequest, conversationId: string): Promise<FileReader>;
}

const OFFSET_TYPE = 'application/offset+octet-stream';

const InConversation = Type.Object({ id: Id });
const OneFile = Type.Object({ id: Id, fileId: ClientId });

/** Sending files: in chunks, each of which is kept once it is answered. */
export const uploadRoutes =
  (rt: Runtime, { path, tags, authenticate }: FileSide): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addContentTypeParser(OFFSET_TYPE, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    app.post(
      `${path}/uploads`,
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags,
          summary: 'Begins a file, or tells how far it is. Its bytes follow in chunks.',
          params: InConversation,
          body: CreateUpload,
          response: { 201: Upload },
        },
      },
      async (request, reply) => {
        const whose = await authenticate(request, request.params.id);
        countAgainstWorkspace(rt, whose.workspaceId);
        return reply.code(201).send(await createUpload(rt, whose, request.body));
      },
    );

    app.get(
      `${path}/uploads/:fileId`,
      {
        schema: {
          tags,
          summary: 'How much of a file is here: where to go on.',
          params: OneFile,
          response: { 200: Upload },
        },
      },
      async (request) =>
        readUpload(rt, await authenticate(request, request.params.id), request.params.fileId),
    );

    app.patch(
      `${path}/uploads/:fileId`,
      {
        bodyLimit: LIMITS.chunkBytes,
        schema: {
          tags,
          summary: `The next chunk: ${LIMITS.chunkBytes} bytes, or the rest. Elsewhere than at the offset it is a conflict.`,
          consumes: [OFFSET_TYPE],
          params: OneFile,
          headers: Type.Object({ 'upload-offset': Type.Integer({ minimum: 0 }) }),
          body: Type.Unsafe<Uint8Array>({ description: 'Bytes' }),
          response: { 200: Upload },
        },
      },
      async (request) => {
        const whose = await authenticate(request, request.params.id);
        const { body: bytes } = request;
        if (!(bytes instanceof Uint8Array))
          throw new ContinuoError('bad_request', { detail: `Content-Type must be ${OFFSET_TYPE}` });
        const offset = request.headers['upload-offset'];
        return appendChunk(rt, whose, { id: request.params.fileId, offset, bytes });
      },
    );
  };

/** The file, if it came with a message that they may see, or is their own and whole. */
const findFile = async (rt: Runtime, reader: FileReader, id: string) => {
  const file = await rt.store.db
    .selectFrom('files')
    .selectAll()
    .where('conversation_id', '=', reader.conversationId)
    .where('id', '=', id)
    .executeTakeFirst();
  const isSeen =
    file &&
    (file.seq === null
      ? file.owner === reader.owner && file.received === file.size
      : file.seq > reader.visibleAfter);
  if (!isSeen) throw new ContinuoError('not_found');
  return file;
};

/** Reading files. */
export const downloadRoute =
  (rt: Runtime, { path, tags, authenticate }: FileSide): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${path}/files/:fileId`,
      {
        schema: {
          tags,
          summary: 'A file, always to be saved and never to be shown as a page. Understands Range.',
          params: OneFile,
          response: {
            200: {
              description: 'Its bytes, under the media type of FILE_TYPES',
              content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } },
            },
          },
        },
      },
      async (request, reply) => {
        const reader = await authenticate(request, request.params.id);
        const file = await findFile(rt, reader, request.params.fileId);
        return sendFile(rt, { request, reply }, { file, right: reader.watch() });
      },
    );
  };
