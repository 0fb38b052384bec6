import { createRequire } from 'node:module';
import type * as WindowsIana from 'windows-iana';

const load = createRequire(import.meta.url);

/** CLDR's territory of the zone that stands for a Windows zone where no country is known (UTS 35 part 4, windowsZones). */
const EVERYWHERE = '001';

interface WindowsZone {
  name: string;
  iana: string;
}

let zones: WindowsZone[] | undefined;

/** Loaded with the first name that is none of the tz database: it takes some 20 ms, and few runs meet one. */
function windowsZones(): WindowsZone[] {
  zones ??= (load('windows-iana') as typeof WindowsIana).WINDOWS_TO_IANA_MAP.filter(
    ({ territory }) => territory === EVERYWHERE,
  ).map(({ windowsName, iana }) => ({ name: windowsName, iana: iana[0] }));
  return zones;
}

/** The tz database's zone for a name that Windows gives it, in any case: `W. Europe Standard Time` is Europe/Berlin. */
export function fromWindows(text: string): string | undefined {
  const wanted = text.toLowerCase();
  return windowsZones().find(({ name }) => name.toLowerCase() === wanted)?.iana;
}

/** All such names. */
export const windowsNames = (): string[] => windowsZones().map(({ name }) => name);
