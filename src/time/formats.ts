import type { Standing, TimeFormat } from './time-format.ts';

const FRACTION = '{.u|,u|}';
const SECONDS = `H:m:s${FRACTION}`;
const CLOCK = `${SECONDS}{ a|a|}`;
const MINUTES = 'H:mm{ a|a|}';
const ZONE = '{ z|z|  z|}';
const ISO_DATE = '{yyyy-M-d|yyyy/M/d|yyyy.M.d|yyyy\\M\\d}';
const ISO_GAP = "{'T'|'t'|  | |_|:|-|/|\t}";
const WEEKDAY = '{EEE{. |.,|, |,| }|}';
const EVERYWHERE: readonly Standing[] = ['start', 'inside', 'field'];
const NUMBER_KEYS = [
  'audit(',
  ...['ts', 'time', 'timestamp'].flatMap((key) => ['=', '":', '": ', '" : '].map((sign) => key + sign)),
];
const EPOCH_YEARS = [1990, 2099] as const;

export const TIME_FORMATS: readonly TimeFormat[] = [
  {
    name: 'iso',
    aliases: ['rfc3339', 'iso8601', 'rfc5424'],
    description: 'ISO 8601, RFC 3339 and RFC 5424: year first, with - / . or \\ between',
    pattern: `${ISO_DATE}${ISO_GAP}H:m:s{.u|,u|:SSS|}{ a|a|}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['2024-03-10T06:59:58.120Z start', '2024-03-10T06:59:58.120Z'],
      ['2024-03-10 06:59:58,120 INFO start', '2024-03-10T06:59:58.120Z'],
      ['2024-03-10 06:59:58.123456789 +0530 start', '2024-03-10T01:29:58.123456789Z'],
      ['2024-03-10 06:59:58 UTC start', '2024-03-10T06:59:58Z'],
      ['2024-03-10T06:59:58+02 start', '2024-03-10T04:59:58Z'],
      ['2024-03-10T06:59:58−03:30 start', '2024-03-10T10:29:58Z'],
      ['[2024/03/10 06:59:58.120, 1] ../main.c:12', '2024-03-10T06:59:58.120Z'],
      ['2024.03.10_06:59:58 start', '2024-03-10T06:59:58Z'],
      ['2024-3-1 6:59:58 start', '2024-03-01T06:59:58Z'],
      ['<34>1 2003-10-11T22:14:15.003Z host su - ID47 - failed', '2003-10-11T22:14:15.003Z'],
      ['2024-03-10 06:59:58:980-0700 1 181 start', '2024-03-10T13:59:58.980Z'],
      ['2016-12-31T23:59:60Z leap', '2017-01-01T00:00:00Z'],
      ['2024-03-10T24:00:00Z end of day', '2024-03-11T00:00:00Z'],
    ],
  },
  {
    name: 'iso-apart',
    description: 'year first, with - or . or nothing inside the time (DB2, OneDrive, file names)',
    pattern: `${ISO_DATE}{'T'| |_|-|+}{H.m.s|H-m-s|HHmmss}${FRACTION}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['2005-06-03-15.42.50.675872 R02-M1', '2005-06-03T15:42:50.675872Z'],
      ['2019-01-29+02-07-27.809 trace', '2019-01-29T02:07:27.809Z'],
    ],
  },
  {
    name: 'iso-minutes',
    description: 'year first, without seconds',
    // No - or + before the time: 2020-07-20+08:00 is a date with its zone (XML Schema).
    pattern: `${ISO_DATE}{'T'|'t'|  | |_|/}${MINUTES}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['[2019-03-01 16:56] [PACMAN] synchronizing', '2019-03-01T16:56:00Z'],
      ['2020-01-02T03:04Z start', '2020-01-02T03:04:00Z'],
    ],
  },
  {
    name: 'ordinal',
    description: 'year and day of the year (ISO 8601 ordinal date)',
    pattern: `yyyy{-|}ooo${ISO_GAP}${SECONDS}${ZONE}`,
    stands: EVERYWHERE,
    samples: [['2012-025T10:11:12.500Z probe', '2012-01-25T10:11:12.500Z']],
  },
  {
    name: 'compact',
    description: 'year first, digits only, with or without a separator before the time',
    pattern: `yyyyMMdd{'T'| |-|_|.|:|}{HHmmss${FRACTION}|H:m:s{:S|${FRACTION}}}${ZONE}`,
    stands: EVERYWHERE,
    years: [1970, 2099],
    samples: [
      ['20240310T065958Z start', '2024-03-10T06:59:58Z'],
      ['20240310 06:59:58.5 start', '2024-03-10T06:59:58.500Z'],
      ['20171223-22:15:35:11|Step_LSC|30002312', '2017-12-23T22:15:35.011Z'],
      ['20240310065958 start', '2024-03-10T06:59:58Z'],
    ],
  },
  {
    name: 'year-month-day',
    description: 'year first, with the name of the month',
    pattern: `yyyy{ |-|/}MMM{ |-|/}{ |}d${ISO_GAP}${CLOCK}${ZONE}`,
    stands: EVERYWHERE,
    samples: [['2023 Aug 31 20:01:05 UTC [ERROR] dev-disk', '2023-08-31T20:01:05Z']],
  },
  {
    name: 'ctime',
    aliases: ['asctime'],
    description: 'C asctime, date(1), Apache error log: month, day, time, then the year; zone before or after it',
    pattern: `${WEEKDAY}MMM{. |-|  | }d{,|}{  | }${SECONDS}{ a|a|}{ z yyyy|  yyyy${ZONE}| yyyy${ZONE}}`,
    stands: EVERYWHERE,
    samples: [
      ['[Mon Oct 10 23:56:29.204202 2022] [mpm_event:notice] resuming', '2022-10-10T23:56:29.204202Z'],
      ['Mon Dec  5 21:01:12 UTC 2016 start', '2016-12-05T21:01:12Z'],
      ['Mon Dec  5 21:01:12 2016 -0800 start', '2016-12-06T05:01:12Z'],
      ['Sep 03 08:10:29 2000 host kernel: up', '2000-09-03T08:10:29Z'],
      ['Tue Jun 28 01:51:12 -0330 2022 start', '2022-06-28T05:21:12Z'],
    ],
  },
  {
    name: 'month-day-year',
    description: 'name of the month, day, year, then the time (Cisco, JavaScript, US long form)',
    pattern: `${WEEKDAY}MMM{. |-|/|  | }d{,|}{ |-|/}yyyy{, |:| }${CLOCK}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['Oct 10 2018 12:34:56 localhost : %ASA-6-305011', '2018-10-10T12:34:56Z'],
      ['Tue, Jun 28 2022 01:51:12 +1230 start', '2022-06-27T13:21:12Z'],
      ['May 8, 2009 5:57:51 PM start', '2009-05-08T17:57:51Z'],
      ['Tue Jun 28 2022 01:51:12 GMT+0200 (CEST) start', '2022-06-27T23:51:12Z'],
    ],
  },
  {
    name: 'day-month-year',
    aliases: ['clf', 'apache', 'rfc2822', 'rfc1123'],
    description: 'Common Log Format, RFC 2822, Tomcat: day, name of the month, year, then the time',
    pattern: `${WEEKDAY}{ |}d{/|-| }MMM{/|-| |. }yyyy{::|:| - |, |  | }${CLOCK}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['127.0.0.1 - - [11/Oct/2022:00:10:26 +0100] "GET / HTTP/1.1" 200 5', '2022-10-10T23:10:26Z'],
      ['127.0.0.1 - - [11/Oct/2022:00:10:26.125 -0100] "GET / HTTP/1.1" 200 5', '2022-10-11T01:10:26.125Z'],
      ['Mon, 28 Jun 2022 01:51:12 +1230 start', '2022-06-27T13:21:12Z'],
      ['08-Feb-2023 12:13:20.063 INFO [main] start', '2023-02-08T12:13:20.063Z'],
      ['=INFO REPORT==== 8-Feb-2023::12:13:20 ===', '2023-02-08T12:13:20Z'],
      ['1:M 08 Feb 2023 12:13:20.063 * Ready', '2023-02-08T12:13:20.063Z'],
    ],
  },
  {
    name: 'day-month-yy',
    aliases: ['rfc850'],
    description: 'the same with a year of two digits (PHP, RFC 850)',
    pattern: `${WEEKDAY}d{-|/| }MMM{-|/| }yy{:| }${CLOCK}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['[22-Feb-17 21:24:20] section', '2017-02-22T21:24:20Z'],
      ['Monday, 02-Jan-06 15:04:05 GMT start', '2006-01-02T15:04:05Z'],
    ],
  },
  {
    name: 'syslog',
    aliases: ['rfc3164', 'bsd'],
    description: 'RFC 3164: name of the month, day, time; no year',
    pattern: `${WEEKDAY}MMM{. |-|  | }d{  | }${SECONDS}${ZONE}`,
    stands: EVERYWHERE,
    samples: [
      ['Dec 31 23:59:59 host sshd[2]: closed', '2023-12-31T23:59:59Z'],
      ['<13>Feb  5 17:32:18 10.0.0.99 use the BFG', '2023-02-05T17:32:18Z'],
      ['Feb 05 17:32:18.250 host app: x', '2023-02-05T17:32:18.250Z'],
      ['Feb 5 17:32:18 host app: x', '2023-02-05T17:32:18Z'],
    ],
  },
  {
    name: 'day-month',
    description: 'day, name of the month, time; no year (Redis)',
    pattern: `d{ |-|/}MMM{ |-|:}${SECONDS}${ZONE}`,
    stands: EVERYWHERE,
    samples: [['[4018] 14 Nov 07:01:22.119 * Background saving', '2023-11-14T07:01:22.119Z']],
  },
  {
    name: 'dmy-dot',
    description: 'day, month, year with dots (European)',
    pattern: `{d.M.yyyy|d.M.yy}{, |'T'|-|  | }{${CLOCK}|HH:mm}${ZONE}`,
    stands: EVERYWHERE,
    samples: [['31.12.2023 23:59:59.125 start', '2023-12-31T23:59:59.125Z']],
  },
  {
    name: 'mdy',
    aliases: ['us'],
    description: 'month, day, year in numbers (US)',
    pattern: `{M/d/yyyy|M-d-yyyy}{, |:|-|'T'|  | }{H:m:s{.u|,u|:SSS|}{ a|a|}|HH:mm.ss${FRACTION}|${MINUTES}}${ZONE}`,
    stands: EVERYWHERE,
    order: 'mdy',
    samples: [
      ['(05/27/2020-12:25:43.0877) total 4', '2020-05-27T12:25:43.087700Z'],
      ['02/21/2023 9:07:45 PM start', '2023-02-21T21:07:45Z'],
      ['02/21/2023:06:27:45: starting', '2023-02-21T06:27:45Z'],
    ],
  },
  {
    name: 'dmy',
    description: 'day, month, year in numbers',
    pattern: `{d/M/yyyy|d-M-yyyy}{, |:|-|'T'|  | }{H:m:s{.u|,u|:SSS|}{ a|a|}|${MINUTES}}${ZONE}`,
    stands: EVERYWHERE,
    order: 'dmy',
    samples: [['27/05/2020 12:25:43 start', '2020-05-27T12:25:43Z']],
  },
  {
    name: 'mdy-short',
    description: 'month, day, year of two digits (US)',
    pattern: `{M/d/yy|M-d-yy}{, |:|-|  | }{H:m:s{.u|,u|:SSS|}{ a|a|}|${MINUTES}}${ZONE}`,
    stands: EVERYWHERE,
    order: 'mdy',
    samples: [['08/29/24 13:17:25 start', '2024-08-29T13:17:25Z']],
  },
  {
    name: 'dmy-short',
    description: 'day, month, year of two digits',
    pattern: `{d/M/yy|d-M-yy}{, |:|-|  | }{H:m:s{.u|,u|:SSS|}{ a|a|}|${MINUTES}}${ZONE}`,
    stands: EVERYWHERE,
    order: 'dmy',
    samples: [['[29-08-24 13:17:25] info: Program: start', '2024-08-29T13:17:25Z']],
  },
  {
    name: 'yymmdd',
    description: 'two digits each of year, month and day, then the time (MySQL, HDFS)',
    pattern: `yyMMdd{  | }{H:mm:ss|HHmmss}${FRACTION}`,
    stands: ['start', 'field'],
    years: [1970, 2069],
    samples: [
      ['081109 203615 148 INFO dfs.DataNode: done', '2008-11-09T20:36:15Z'],
      ['130522  7:04:05 [Note] start', '2013-05-22T07:04:05Z'],
    ],
  },
  {
    name: 'month-day',
    description: 'month and day in numbers, time; no year (logcat, Proxifier)',
    pattern: `{MM-dd|MM.dd|M/dd}{  | }${SECONDS}`,
    stands: ['start', 'field'],
    samples: [
      ['03-17 16:13:38.811  1702  2395 D WindowManager: x', '2023-03-17T16:13:38.811Z'],
      ['[10.30 16:49:06] chrome.exe - open', '2023-10-30T16:49:06Z'],
    ],
  },
  {
    name: 'glog',
    aliases: ['klog', 'chromium'],
    description: 'month and day without a separator, time; no year (glog, klog, Chromium)',
    pattern: `MMdd{ HH:mm:ss.u|/HHmmss{.u|}}`,
    stands: ['start', 'field'],
    samples: [
      ['I0613 10:22:21.684962       1 client.go:58] accept', '2023-06-13T10:22:21.684962Z'],
      ['[0509/110534.660:VERBOSE1:setup.cc(445)] start', '2023-05-09T11:05:34.660Z'],
    ],
  },
  {
    name: 'epoch',
    aliases: ['epoch-s', 'unix'],
    description: 'seconds since 1970, with or without a fraction',
    pattern: 'X{.u|}',
    stands: EVERYWHERE,
    after: NUMBER_KEYS,
    years: EPOCH_YEARS,
    samples: [
      ['1716853121.780157 execve("/usr/bin/ls")', '2024-05-27T23:38:41.780157Z'],
      ['type=CWD msg=audit(1681160194.260:3932): cwd="/"', '2023-04-10T20:56:34.260Z'],
      ['1689339601 start', '2023-07-14T13:00:01Z'],
    ],
  },
  {
    name: 'epoch-ms',
    description: 'milliseconds since 1970',
    pattern: 'x',
    stands: EVERYWHERE,
    after: NUMBER_KEYS,
    years: EPOCH_YEARS,
    samples: [['1689339601123 start', '2023-07-14T13:00:01.123Z']],
  },
  {
    name: 'epoch-us',
    description: 'microseconds since 1970',
    pattern: 'xx',
    stands: EVERYWHERE,
    after: NUMBER_KEYS,
    years: EPOCH_YEARS,
    samples: [['1689339601123456 start', '2023-07-14T13:00:01.123456Z']],
  },
  {
    name: 'epoch-ns',
    description: 'nanoseconds since 1970',
    pattern: 'xxx',
    stands: EVERYWHERE,
    after: NUMBER_KEYS,
    years: EPOCH_YEARS,
    samples: [['1689339601123456789 start', '2023-07-14T13:00:01.123456789Z']],
  },
  {
    name: 'date',
    aliases: ['iso-date'],
    description: 'a date without a time, as a whole field: the beginning of that day',
    pattern: '{yyyy-M-d|yyyy/M/d|yyyy.M.d|d.M.yyyy|d{-| |/}MMM{-| |/}yyyy|MMM d{, | }yyyy}{z|}',
    stands: ['field'],
    samples: [['2024-03-10', '2024-03-10T00:00:00Z']],
  },
];
