//! Whether targets are what an architecture of chained tasks needs: each with two classes, the
//! second of which is found only where the target before has its second too.

use crate::data::{Encoded, Schema, Table, Task, TaskType};
use crate::error::{Code, Error, Result, quoted};

/// Labelled rows: the table, which of its rows, and what was encoded of them.
pub type Part<'a> = (&'a Table, Option<&'a [usize]>, &'a Encoded);

/// An error if the tasks are no chain; `architecture` is its name.
pub fn check(architecture: &str, schema: &Schema, parts: &[Part<'_>]) -> Result<()> {
    for task in &schema.tasks {
        let two = task.classes.as_ref().is_some_and(|classes| classes.len() == 2);
        if task.kind != TaskType::Classification || !two {
            let message = format!(
                "model.architecture: '{architecture}' multiplies chances from task to task, and \
                 {} is no classification of two classes",
                quoted(&task.name)
            );
            return Err(wrong(message, task));
        }
    }
    for (nth, pair) in schema.tasks.windows(2).enumerate() {
        for (table, rows, encoded) in parts {
            let labels = encoded.labels[nth].raw.iter().zip(&encoded.labels[nth + 1].raw);
            let broken = labels.enumerate().find(|(_, (before, after))| {
                // A masked label is NaN, and equal to nothing.
                **before == 0.0 && **after == 1.0
            });
            if let Some((row, _)) = broken {
                let row = rows.map_or(row, |rows| rows[row]);
                let name = |task: &Task, class: usize| {
                    let classes = task.classes.as_ref();
                    quoted(classes.map_or("", |classes| &classes.names()[class]))
                };
                let message = format!(
                    "{} is {} where {} is {}; for '{architecture}' each target's second class must \
                     imply that of the target before: mind the order of targets, and of their \
                     classes",
                    quoted(&pair[1].name),
                    name(&pair[1], 1),
                    quoted(&pair[0].name),
                    name(&pair[0], 0)
                );
                return Err(table.place(wrong(message, &pair[1]), row));
            }
        }
    }
    Ok(())
}

fn wrong(message: String, task: &Task) -> Error {
    let error = Error::new(Code::Schema, message).option("model.architecture");
    error.column(task.name.as_str()).task(task.name.as_str())
}
