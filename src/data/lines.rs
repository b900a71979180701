//! The line on which each row stands, told once for all rows that follow line by line.

/// The lines of rows.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// A row and its line, wherever a row does not stand on the line after that of the row before.
    runs: Vec<(usize, u64)>,
}

impl Lines {
    /// The line of a row, which is the next one.
    #[inline]
    pub fn push(&mut self, row: usize, line: u64) {
        if self.of_last(row) != Some(line) {
            self.runs.push((row, line));
        }
    }

    /// The lines of further rows, the first of which is `row`, moved down by `line`.
    pub fn append(&mut self, other: &Lines, row: usize, line: u64) {
        for (other_row, other_line) in &other.runs {
            self.push(row + other_row, line + other_line);
        }
    }

    /// The line of a row.
    pub fn of(&self, row: usize) -> Option<u64> {
        let run = self.runs.partition_point(|(first, _)| *first <= row).checked_sub(1)?;
        let (first, line) = self.runs[run];
        Some(line + (row - first) as u64)
    }

    /// The lines of these rows alone.
    pub fn of_rows(&self, rows: &[usize]) -> Lines {
        let mut lines = Lines::default();
        for (row, &old) in rows.iter().enumerate() {
            if let Some(line) = self.of(old) {
                lines.push(row, line);
            }
        }
        lines
    }

    #[inline]
    fn of_last(&self, row: usize) -> Option<u64> {
        self.runs.last().map(|(first, line)| line + (row - first) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_knows_its_line() {
        let told = [2, 3, 4, 7, 8, 20, 21, 22];
        let (mut all, mut first, mut second) =
            (Lines::default(), Lines::default(), Lines::default());
        for (row, line) in told.into_iter().enumerate() {
            if row < 4 { first.push(row, line) } else { second.push(row - 4, line - 8) }
        }
        all.append(&first, 0, 0);
        all.append(&second, 4, 8);
        assert!((0..8).map(|row| all.of(row)).eq(told.map(Some)));
        assert_eq!(all.runs, [(0, 2), (3, 7), (5, 20)]);
        assert_eq!(Lines::default().of(0), None);
        let some = all.of_rows(&[1, 2, 4, 7]);
        assert!((0..4).map(|row| some.of(row)).eq([3, 4, 8, 22].map(Some)));
    }
}
