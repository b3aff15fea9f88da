/** A Markdown table that is also easy to read on a terminal. `sides` says for each column `left` or `right`. */
export function table(heads, rows, sides = heads.map(() => 'left')) {
  const text = [heads, ...rows].map(row => row.map(String));
  const widths = heads.map((_, column) => Math.max(3, ...text.map(row => [...row[column]].length)));
  const pad = (cell, column) => {
    const space = ' '.repeat(widths[column] - [...cell].length);
    return sides[column] === 'right' ? space + cell : cell + space;
  };
  const line = row => `| ${row.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) => (sides[column] === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(text[0]), `| ${rule.join(' | ')} |`, ...text.slice(1).map(line)].join('\n');
}
