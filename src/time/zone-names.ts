/**
 * Abbreviations of zones, in minutes east of UTC: those in use, as the tz database, RFC 5322 (4.3) and Wikipedia's list
 * know them. Left out: those that are words of logs too (GET, ACT, ART, BIT, BOT, COST, EAST, GIT, IOT, MART, MIT, MUST,
 * MUT, NUT, PET, RET, TOT, VET, VOLT).
 */
export const ZONE_MINUTES: Readonly<Record<string, number>> = {
  ...{ UTC: 0, GMT: 0, UT: 0, WET: 0, AZOST: 0, EGST: 0, WEST: 60, CET: 60, CEST: 120, MEZ: 60, MESZ: 120, DFT: 60 },
  ...{ WAT: 60, WAST: 120, EET: 120, EEST: 180, SAST: 120, CAT: 120, KALT: 120, HAEC: 120, EAT: 180, IDT: 180 },
  ...{ MSK: 180, MSD: 240, FET: 180, TRT: 180, SYOT: 180, IRST: 210, IRDT: 270, AZT: 240, AZST: 300, SAMT: 240 },
  ...{ AFT: 270, PKT: 300, PKST: 360, YEKT: 300, YEKST: 360, UZT: 300, TJT: 300, TMT: 300, MVT: 300, MAWT: 300 },
  ...{ TFT: 300, ORAT: 300, SLST: 330, NPT: 345, OMST: 360, OMSST: 420, KGT: 360, BTT: 360, BIOT: 360, VOST: 360 },
  ...{ MMT: 390, ICT: 420, WIB: 420, KRAT: 420, NOVT: 420, HOVT: 420, CXT: 420, IRKT: 480, HKT: 480, AWST: 480 },
  ...{ SGT: 480, PHT: 480, WITA: 480, ULAT: 480, CHOT: 480, BNT: 480, MYT: 480, ACWST: 525, CWST: 525, JST: 540 },
  ...{
    KST: 540,
    PWT: 540,
    WIT: 540,
    YAKT: 540,
    TLT: 540,
    ACST: 570,
    ACDT: 630,
    AEST: 600,
    AEDT: 660,
    CHST: 600,
    CHUT: 600,
  },
  ...{ VLAT: 600, DDUT: 600, PGT: 600, LHDT: 660, MAGT: 660, SAKT: 660, SRET: 660, VUT: 660, NCT: 660, KOST: 660 },
  ...{ NFT: 660, NZST: 720, NZDT: 780, PETT: 720, FJT: 720, ANAT: 720, GILT: 720, TVT: 720, WAKT: 720, MHT: 720 },
  ...{ CHAST: 765, CHADT: 825, PHOT: 780, TKT: 780, LINT: 840, CVT: -60, EGT: -60, AZOT: -60, UYST: -120 },
  ...{ BRST: -120, FNT: -120, PMDT: -120, NDT: -150, NST: -210, BRT: -180, UYT: -180, PMST: -180, ROTT: -180 },
  ...{ SRT: -180, GFT: -180, ADT: -180, FKST: -180, CLST: -180, EDT: -240, CLT: -240, GYT: -240, FKT: -240 },
  ...{ EST: -300, CDT: -300, EASST: -300, MDT: -360, GALT: -360, MST: -420, PDT: -420, CIST: -480, AKDT: -480 },
  ...{ AKST: -540, HDT: -540, GAMT: -540, HST: -600, CKT: -600, TAHT: -600, SDT: -600, SST: -660, IDLW: -720 },
};

/** Abbreviations of more than one zone, or of one whose offset has changed: read only where the user says which. */
export const AMBIGUOUS_ZONES: Readonly<Record<string, readonly string[]>> = {
  PST: ['America/Los_Angeles', 'Asia/Manila'],
  CST: ['America/Chicago', 'Asia/Shanghai', 'America/Havana'],
  AST: ['America/Halifax', 'Asia/Riyadh'],
  IST: ['Asia/Kolkata', 'Asia/Jerusalem', 'Europe/Dublin'],
  BST: ['Europe/London', 'Asia/Dhaka'],
  GST: ['Asia/Dubai', 'Atlantic/South_Georgia'],
  ALMT: ['+06:00', '+05:00'],
  WST: ['Australia/Perth', 'Pacific/Apia'],
  WGST: ['-02:00', '-01:00'],
  WGT: ['-03:00', '-02:00'],
  AMT: ['America/Manaus', 'Asia/Yerevan'],
  AMST: ['-03:00', '+05:00'],
  ECT: ['America/Guayaquil', 'America/Puerto_Rico'],
  LHST: ['+10:30', '+11:00'],
  QYZT: ['+06:00', '+05:00'],
  SBT: ['Pacific/Guadalcanal', 'Asia/Brunei'],
};

/** What some of them most likely mean (PST: RFC 5322, 4.3; others: for most of the time that logs are of). It is said. */
export const USUAL_MINUTES: Readonly<Record<string, number>> = {
  PST: -480,
  ALMT: 360,
  WST: 480,
  WGT: -180,
  WGST: -120,
};

/** Those that are also read in lower case: other lower-case words may be host names (`est`, `met`). */
export const LOWER_CASE_ZONES = ['UTC', 'GMT'];

/** Abbreviations that are words of messages as well: a command, a section, a table, a network. */
export const WORD_ZONES: readonly string[] = ['CAT', 'EAT', 'ICT', 'SST', 'WIT', 'IDT', 'SRT', 'AFT'];
