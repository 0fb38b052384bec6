/**
 * What the man page and docs/options.md say of an option beyond its line of help, by long flag. Sentences; `*` and backquotes
 * are not used, for both must show them.
 */
export const OPTION_DETAILS: Readonly<Record<string, string>> = {
  '--rotated':
    'The files beside each log that are by their names rotated files of it: app.log.1, app.log.2.gz, app.log-20240310, app-2024-03-10.log. ' +
    'Together they are one series under the name of the log, the oldest first; files named side by side are one without this option.',
  '--files-from': 'Its paths come behind the sources that are named; none of them is a glob.',
  '--recursive':
    'Folders give the files in them, in the order of their names; hidden files and files that are no text are passed over.',
  '--input-format':
    'Said only where recognition errs. auto looks at the name and at the beginning, middle and end of the source.',
  '--label':
    'Without it a source is called by its file name, or by the shortest path ending that tells two apart. Sources with one label are one series, such as the files of a rotated log.',
  '--keep-going':
    'One that breaks off while it is read, or has a record too long for --memory, ends there. Without it nothing is written: a merge that lacks a host is worse than none.',
  '--tz':
    'Stamps that name a zone or an offset keep it. local is the zone of this machine; names of Windows (W. Europe Standard Time) are known. Without --tz they are read as UTC, so that the same input gives the same output everywhere.',
  '--tz-abbr': 'Abbreviations that several zones share are not guessed.',
  '--dst':
    'Which instant a local time has that exists twice when clocks are set back: the one that the order of the file shows, the earlier, the later, or none. ' +
    'In an hour that is skipped when clocks are set forward, reject takes none, the others move it forward by what was skipped. Without --dst it is said where the order does not tell, and where stamps lie in a skipped hour; --dst order says that it is right.',
  '--time-field':
    'A column by name or number, a member by its dotted path, or a key. date,time or date,time,zone where the time stands in several, whatever they are called; a record may lack the zone.',
  '--time-format': "A name of the table that tsalign formats prints, or a pattern of Luxon's tokens.",
  '--day-order': 'Without it the whole sample decides; where it cannot, month/day is taken, and said.',
  '--year': 'Without it the year is found from the order of the file and its modification time.',
  '--shift': 'Added to every stamp of the source: -1.5s where its clock was 1.5 seconds fast.',
  '--since':
    'Absolute (2024-03-10 06:00, Mar 10 06:00:00), relative (2h, 2h ago), or a word (yesterday, midnight, now). A time without a zone is in --output-tz (UTC), whatever --tz says of the sources. One without a year is of that of --year, or else the last such.',
  '--until': 'As --since; the instant itself is outside.',
  '--match':
    'A regular expression of JavaScript, tried on the whole text of each record; (?i) before it: upper and lower case are the same.',
  '--limit': 'Reading stops when so many records are written.',
  '--memory': 'What records take; the process needs up to 96 MiB more. A single record may be a quarter of it.',
  '--temp-dir': 'Sorted runs lie there in a file without a name, which nothing leaves behind.',
  '--presorted':
    'One pass without a check: the first record appears at once. Where the promise does not hold, the run ends with the line. Of a large file whose stamps say year and zone, --since and --until then read only the part that they ask for, unless --strict, --line-number or --undated need all of it.',
  '--threads': 'What is compressed is decompressed by other threads while records are merged; the output is the same.',
  '--dedup':
    'overlap: a copy is removed as often as an earlier source has it too, so what one source logged twice stays. exact: one of each. key=FIELD: the first of those whose fields have equal texts, in whatever formats they stand: 5 in JSON is "5" and the 5 of a CSV cell; a record without a value (null, empty, no such field) is no copy.',
  '--no-dedup': 'Without it, copies that two files of a series share are written once.',
  '--undated': 'attach keeps them behind the record before them, reject sets them aside (exit 1), fail ends the run.',
  '--strict': 'For runs in which every doubt is a mistake.',
  '--split-by':
    'Each slot of time has a file, complete or absent; -o is the pattern of their names, in the zone of --output-tz: %Y %m %d %H %M %S, %F for %Y-%m-%d, %j, %z, %%. ' +
    'What comes twice when clocks are set back lies in one slot, unless %z tells the two apart. _tsalign/manifest.json, in the folder above the first %, says what is in each; tsalign verify checks it. ' +
    'With --state, what is new is merged with what a slot already holds, and no record is late.',
  '--replace-slots':
    'Without it a slot that is there ends the run, or, with --state, is added to. What has changed is said, and stands in --report. With --state everything is taken from its beginning. While a run follows and writes slots, only those that are final by its manifest can be written.',
  '--lock':
    'fail ends with exit 75, skip does nothing and succeeds. What a run has locked that died is taken over. Needs --state or --split-by.',
  '--follow':
    'First all that is there, in order, then what is written, until a signal or the end of all pipes; then everything held is written, and the exit code is as for a run that ended. ' +
    'Logs may be renamed, copied and truncated, vanish and come again; files that match a glob join. ' +
    'A record is written when no source that is waited for can bring an earlier one. With -o, the file appears when what is there was merged, and grows.',
  '--from':
    'now, or a length of time: what lies further back is read for what it tells of formats and years, and not written.',
  '--watermark-delay':
    'Records are held until every source that is waited for has come further by this much. A record exactly so late is in time.',
  '--idle-timeout':
    'A source at its end without new bytes for so long holds nobody back; when all are, everything is written. 0 waits for ever.',
  '--allowed-lateness':
    'A slot is published when the watermark has passed its end. What comes late for it is put into its place, and the slot published again, whole, for so long; then it is final, and --late says what becomes of more. Needs --follow and --split-by.',
  '--checkpoint-interval':
    'The output is made durable, then the state replaced. After a crash the next run cuts off what was written since, and does it again. Needs --follow and --state.',
  '--late':
    'What becomes of records older than what was written: keep writes them at once (marked late in ndjson and csv), reject sets them aside (exit 1), fail ends the run. With --follow and --split-by it is said of what comes for a slot that is final, and keep publishes that again.',
  '--output': 'The file appears when it is complete, or not at all; until then it has another name beside it.',
  '--output-format': 'Without it: by the ending of -o, else what all sources have in common, else text.',
  '--compress':
    'Without it the name of a file tells: -o day.ndjson.gz, --rejects bad.log.zst. Several pieces stand one behind the other, which gunzip and zstd read as one. zstd needs Node 22.15 or later.',
  '--stamp': 'Before each line, in the place of the original stamp, or nowhere.',
  '--precision': 'auto has as many digits as the sources were seen to have. Coarser digits are cut, not rounded.',
  '--color': 'auto colours a terminal, unless NO_COLOR is set.',
  '--quiet': 'The exit code and --report still tell of the rest.',
  '--report': 'Counts of every source, with the proof that no record and no line is missing.',
  '--report-interval':
    'With --follow: a line of JSON so often, which says how the run stands: the watermark and its lag behind the clock, what waits, and of each source how far it has come, its records a second and its counts. The last line is the report of the whole run.',
  '--errors':
    'json prints an object a line: severity, code, message, source, line, hint. The codes are explained in docs/errors.md.',
  '--explain': 'How each source is opened, cut, dated and ordered, and what memory and folders will be used.',
};
