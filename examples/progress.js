// A progress line: one that rewrites itself on a terminal, every tenth epoch elsewhere.
'use strict';

function progress(out = process.stdout) {
  const text = ({ phase, progress: { done, total }, loss, validation }) => {
    const against = validation ? `, validation ${validation.loss.toFixed(4)}` : '';
    const rows = phase === 'refit' ? '  all rows' : '';
    return `epoch ${done}/${total}${rows}  loss ${loss.toFixed(4)}${against}`;
  };
  let last = null;
  let written = null;
  return {
    show(report) {
      last = report;
      // Back to the start of the line, and clear it.
      if (out.isTTY) out.write(`\r\x1b[2K${text(report)}`);
      else if (report.progress.done % 10 === 0) this.write(report);
    },
    write(report) {
      written = report;
      out.write(`${text(report)}\n`);
    },
    end() {
      if (out.isTTY) out.write('\n');
      else if (last && last !== written) this.write(last);
    },
  };
}

module.exports = { progress };
