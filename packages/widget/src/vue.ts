import {
  defineComponent,
  type MaybeRefOrGetter,
  onMounted,
  onUnmounted,
  type ShallowRef,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import { type CreateWidgetOptions, createWidget, type Widget } from './create-widget.ts';
import type { ContinuoChatAttributes } from './element.ts';

/** What templates and `h` need to know of a component; the same in each Vue since 3.3. */
type Drawn<Props> = new (props: Props) => { $props: Props };

declare module 'vue' {
  interface GlobalComponents {
    'continuo-chat': Drawn<ContinuoChatAttributes>;
  }
}

/**
 * Puts the chat into the page for as long as the component lives; null until then, and on a server. Another `channel` or
 * `baseUrl` begins anew, another `locale` changes the language. Another `identity` logs in, and none where there was one logs out:
 * a function has to stay the same one while the same user is logged in.
 *
 * @param options - As they are, or a ref or a getter of them, to be followed.
 */
export const useContinuo = (
  options: MaybeRefOrGetter<CreateWidgetOptions>,
): Readonly<ShallowRef<Widget | null>> => {
  const widget = shallowRef<Widget | null>(null);
  const end = () => {
    widget.value?.destroy();
    widget.value = null;
  };
  const begin = () => {
    end();
    widget.value = createWidget(toValue(options));
  };
  onMounted(begin);
  watch(
    () => {
      const { channel, baseUrl, identity } = toValue(options);
      return { channel, baseUrl, identity };
    },
    ({ channel, baseUrl, identity }, before) => {
      if (!widget.value) return;
      if (channel !== before.channel || baseUrl !== before.baseUrl) begin();
      else if (identity === before.identity) return;
      else if (identity) widget.value.identify(identity);
      else void widget.value.logout();
    },
  );
  watch(
    () => toValue(options).locale,
    (locale) => widget.value?.setLocale(locale),
  );
  onUnmounted(end);
  return widget;
};

/** {@link useContinuo} as a component that draws nothing where it stands. */
export const ContinuoChat: Drawn<CreateWidgetOptions> = defineComponent(
  (options: CreateWidgetOptions) => {
    useContinuo(() => options);
    return () => null;
  },
  {
    name: 'ContinuoChat',
    props: ['channel', 'baseUrl', 'locale', 'theme', 'accent', 'launcher', 'consent', 'identity', 'element'],
  },
);
