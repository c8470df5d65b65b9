import adapting from './styles/adapting.css';
import base from './styles/base.css';
import log from './styles/log.css';
import writing from './styles/writing.css';

/** The panel's look. What adapts the others to a device or a wish comes last. */
export const css = base + log + writing + adapting;
