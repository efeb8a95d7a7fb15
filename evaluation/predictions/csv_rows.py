"""Predictions in CSV: a header with the three columns, then one prediction a line."""

import csv
from typing import BinaryIO

from evaluation.predictions.lines import text_lines
from evaluation.predictions.problems import Problems
from evaluation.predictions.rows import COLUMNS, PredictionLimits, Row, Rows, column_fault


def csv_rows(file: BinaryIO, *, limits: PredictionLimits, max_rows: int, problems: Problems) -> Rows:
    """Yield the rows of a CSV file; notes problems, and stops where reading cannot go on."""
    lines = text_lines(file, limits=limits, max_rows=max_rows, problems=problems)
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        fault = column_fault(header)
        if fault:
            raise problems.stop(1, "", ",".join(header), fault)
        task, item, prediction = (header.index(column) for column in COLUMNS)
        for row in reader:
            if not row:
                continue  # a blank line
            if len(row) != 3:
                text = f"{len(row)} fields where 3 belong; quote a field that holds a comma."
                problems.note(reader.line_num, "", ",".join(row), text)
                continue
            yield Row(reader.line_num, row[task], row[item], row[prediction])
    except csv.Error as error:
        raise problems.stop(
            reader.line_num, "", "", f"not readable as CSV ({error}); check the quotes and line ends."
        ) from error
