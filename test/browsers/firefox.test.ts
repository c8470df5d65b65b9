import { launchFirefox } from '../support/browsers/firefox.ts';
import { journeyIn } from './journey.ts';

journeyIn(launchFirefox);
