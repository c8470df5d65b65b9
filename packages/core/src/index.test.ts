import { expect, test } from 'vitest';
import * as afterwards from './afterwards/afterwards.ts';
import * as conversation from './conversation/index.ts';
import * as elsewhere from './elsewhere/elsewhere.ts';
import * as files from './files/index.ts';
import * as core from './index.ts';

test('what can be imported is exactly this', () => {
  expect(Object.keys(core).sort()).toEqual([
    'ContinuoError',
    'cancelCallback',
    'createBrowserStorage',
    'createClient',
    'createMemoryStorage',
    'defaultEnvironment',
    'deleteBrowserStorage',
    'deleteMessage',
    'editMessage',
    'parseMarkup',
    'plainText',
    'requestCallback',
    'safeHref',
  ]);
  expect(Object.keys(files).sort()).toEqual([
    'DOCUMENTS',
    'FILES_PER_MESSAGE',
    'FILE_BYTES',
    'MEDIA',
    'downloadFile',
    'fileProblem',
    'uploadFile',
  ]);
  expect(Object.keys(afterwards).sort()).toEqual([
    'answerForm',
    'cancelErasure',
    'endCase',
    'exportData',
    'listCases',
    'mailTranscript',
    'rateCase',
    'readAllEvents',
    'requestErasure',
    'searchConversation',
  ]);
  expect(Object.keys(elsewhere).sort()).toEqual(['continueElsewhere', 'endElsewhere', 'otherDevices']);
  expect(Object.keys(conversation).sort()).toEqual([
    'ContinuoError',
    'IDLE',
    'connect',
    'createApi',
    'createConversation',
    'createMemoryStorage',
    'createSseParser',
    'defaultEnvironment',
    'parseMarkup',
    'plainText',
    'publicConnection',
    'safeHref',
  ]);
});

test('a client is made where there is no page', () => {
  expect([typeof window, typeof document, typeof indexedDB]).toEqual(['undefined', 'undefined', 'undefined']);
  const client = core.createClient({ baseUrl: 'http://127.0.0.1:1', channelKey: 'web_1' });
  expect(client.$connection.get()).toBe('idle');
  client.destroy();
});
