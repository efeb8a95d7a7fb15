"""The rival of the board's page: the same rows in a plain Flask view, from SQLAlchemy objects through a Jinja template."""

import os

from flask import Flask, render_template_string
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Board</title></head><body>
<table>
{% for row in rows %}
<tr id="{{ row.entrant }}"><td>{{ row.rank }}</td><th>{{ row.team }}<br><a href="/entries/{{ row.entrant }}">{{ row.entrant }}</a></th>
<td><svg class="interval" aria-hidden="true" viewBox="0 0 120 22" width="120" height="22"><path class="axis" d="M5 11H115"/><path class="range" d="M{{ row.rank_left }} 11H{{ row.rank_right }}"/><circle class="estimate" cx="{{ row.rank_middle }}" cy="11" r="4"/></svg> {{ row.ranks }}</td><td>{{ row.points }}</td>
<td><svg class="interval" aria-hidden="true" viewBox="0 0 120 22" width="120" height="22"><path class="axis" d="M5 11H115"/><path class="range" d="M{{ row.points_left }} 11H{{ row.points_right }}"/><circle class="estimate" cx="{{ row.points_middle }}" cy="11" r="4"/></svg> {{ row.interval }}</td>
<td>{{ row.near }}</td><td>{{ row.first }}</td><td>{{ row.second }}</td><td>{{ row.third }}</td><td>{{ row.fourth }}</td></tr>
{% endfor %}
</table></body></html>
"""


class Base(DeclarativeBase):
    """What the rival's rows are."""


class Row(Base):
    """One line of a board, every cell written already: the rival computes nothing."""

    __tablename__ = "plain_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    entrant: Mapped[str]
    team: Mapped[str]
    rank: Mapped[str]
    ranks: Mapped[str]
    rank_left: Mapped[str]
    rank_middle: Mapped[str]
    rank_right: Mapped[str]
    points: Mapped[str]
    interval: Mapped[str]
    points_left: Mapped[str]
    points_middle: Mapped[str]
    points_right: Mapped[str]
    near: Mapped[str]
    first: Mapped[str]
    second: Mapped[str]
    third: Mapped[str]
    fourth: Mapped[str]


def make() -> Flask:
    """Build the rival on the database that DATABASE_URL names."""
    app, engine = Flask(__name__), create_engine(os.environ["DATABASE_URL"])

    @app.get("/board")
    def board() -> str:
        with Session(engine) as session:
            return render_template_string(PAGE, rows=session.scalars(select(Row).order_by(Row.id)).all())

    @app.get("/word")
    def word() -> str:
        return "word"

    return app
