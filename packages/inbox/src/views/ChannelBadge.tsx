import type { ChannelKind } from '@continuo/protocol';
import type { Translator } from '../i18n/translator.ts';
import { useText } from './context.ts';
import { Icon } from './Icon.tsx';

const SIGNS = { web: 'web', messenger: 'messenger' } as const;
const NAMES = { web: 'channelWeb', messenger: 'channelMessenger' } as const;
const TITLES = { web: 'channelWebTitle', messenger: 'channelMessengerTitle' } as const;

const isKnown = (kind: ChannelKind): kind is keyof typeof SIGNS => kind in SIGNS;

/** A network's name within a sentence. One that the inbox does not know goes by its own. */
export const channelName = ({ t }: Pick<Translator, 't'>, kind: ChannelKind): string =>
  isKnown(kind) ? t(NAMES[kind]) : kind;

/** The sign of a network; its name is for those who cannot see the sign. */
export function ChannelBadge({ kind, name = kind }: { kind: ChannelKind; name?: string }) {
  const { t } = useText();
  const title = isKnown(kind) ? t(TITLES[kind]) : name;
  return (
    <span class={`channel ${kind}`} title={title}>
      <Icon name={isKnown(kind) ? SIGNS[kind] : 'chat'} />
      <span class="hidden">{title}</span>
    </span>
  );
}
