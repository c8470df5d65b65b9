import { launchWebKit } from '../support/browsers/webkit.ts';
import { journeyIn } from './journey.ts';

journeyIn(launchWebKit);
