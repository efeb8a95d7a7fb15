"""Pages of one award: its money, its hours and their usage, and the duty to release."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from markupsafe import Markup

from challenge.awards import operations, pages_decide, queries, queries_checks, rules
from challenge.awards.burndown import Burndown
from challenge.awards.forms import AcceptForm, ExtensionForm, NoteForm, ProofForm, ReasonForm, UsageFileForm, UsageForm
from challenge.awards.pages import Page, awards
from challenge.awards.records import Allocation
from challenge.awards.states import ObligationState
from challenge.awards.usage_file import LARGEST, UsageFileError, read_usage
from challenge.awards.watch import Watch
from challenge.calls import queries as calls
from challenge.foundation.permits import Invalid, Role, demand
from challenge.people import queries as people
from challenge.submissions import queries as submissions
from challenge.teams import queries as teams
from challenge.teams.stakes import Stake
from challenge.web.access import SIGNED_IN, open_to
from challenge.web.charts import columns, progress
from challenge.web.house import actor, house, now, reading, transaction

__all__ = ["awards", "pages_decide"]


@dataclass
class Typed:
    """The forms of an award's page as they were typed, each None where it was not sent."""

    usage: UsageForm | None = None
    file: UsageFileForm | None = None
    allocation_id: int = 0
    proof: ProofForm | None = None
    reason: ReasonForm | None = None
    extension: ExtensionForm | None = None
    accept: AcceptForm | None = None
    note: NoteForm | None = None


@dataclass(frozen=True)
class Machine:
    """One allocation as the page shows it."""

    allocation: Allocation
    burn: Burndown
    bar: Markup
    chart: Markup
    form: UsageForm
    file: UsageFileForm


@awards.get("/awards/<int:award_id>")
@open_to(SIGNED_IN)
def show(award_id: int) -> Page:
    """Show an award to its winner, admins and auditors."""
    return award_page(award_id, Typed())


@awards.post("/awards/<int:award_id>/allocations/<int:allocation_id>/usage")
@open_to(Role.ADMIN)
def report(award_id: int, allocation_id: int) -> Page:
    """Enter the hours of one month."""
    _demand_report(award_id, allocation_id)
    form = UsageForm(prefix=f"month{allocation_id}")
    form.period.choices = None  # the operation knows which months may be reported, and says why not
    form.period.validate_choice = False
    if form.validate_on_submit():
        try:
            with transaction() as session:
                operations.report_usage(
                    session,
                    actor=actor(),
                    allocation=queries.allocation_of(session, award_id, allocation_id),
                    period=form.text("period"),
                    hours=int(form.text("hours")),
                    now=now(),
                )
            return _reported(award_id, 1)
        except Invalid as invalid:
            form.refuse(invalid)
    return award_page(award_id, Typed(usage=form, allocation_id=allocation_id)), 422


@awards.post("/awards/<int:award_id>/allocations/<int:allocation_id>/usage-file")
@open_to(Role.ADMIN)
def report_file(award_id: int, allocation_id: int) -> Page:
    """Enter a site's report of several months; all of it or nothing."""
    _demand_report(award_id, allocation_id)
    form = UsageFileForm(prefix=f"file{allocation_id}")
    if form.validate_on_submit():
        try:
            raw = form.file.data.read(LARGEST + 1) if form.file.data else b""
            rows = read_usage(raw)
            with transaction() as session:
                allocation = queries.allocation_of(session, award_id, allocation_id)
                for row in rows:
                    operations.report_usage(
                        session, actor=actor(), allocation=allocation, period=row.period, hours=row.hours, now=now()
                    )
            return _reported(award_id, len(rows))
        except UsageFileError as error:
            form.refuse(Invalid(str(error), "file"))
        except Invalid as invalid:
            form.refuse(Invalid(invalid.sentence, "file"))
    return award_page(award_id, Typed(file=form, allocation_id=allocation_id)), 422


def _demand_report(award_id: int, allocation_id: int) -> None:
    """Ask whether the reader may report on an allocation of this award at all, before the form is read."""
    with reading() as session:
        award = queries.award_for(session, actor(), award_id)
        queries.allocation_of(session, award_id, allocation_id)
        demand(rules.why_not_report(actor(), queries.stake_in(session, actor().account_id, award)))


def _reported(award_id: int, months: int) -> Page:
    flash(f"Hours of {months} {'month' if months == 1 else 'months'} are on record.", "success")
    return redirect(url_for("awards.show", award_id=award_id), 303)


def award_page(award_id: int, typed: Typed) -> str:
    watch = Watch(house().settings.release_check_days, house().settings.release_watch_days)
    with reading() as session:
        award = queries.award_for(session, actor(), award_id)
        call = queries.call_of(session, award)
        call_rules = calls.rules_of(session, call)
        duty = queries.obligation_of(session, award.id)
        stake = queries.stake_in(session, actor().account_id, award)
        state = duty.state if duty else ObligationState.ACCEPTED
        checked = queries_checks.checked_of(session, duty, watch=watch) if duty else None
        extensions = queries.extensions_of(session, duty.id) if duty else []
        named = [*([duty.proved_by, duty.accepted_by] if duty else []), *(one.officer_id for one in extensions)]
        named += [one.noted_by for one in checked.looks] if checked else []
        machines = [
            _machine(one, queries.burndown_of(session, one, zone=call_rules.zone, now=now()), typed)
            for one in queries.allocations_of(session, award.id)
        ]
        return render_template(
            "awards/award.html",
            award=award,
            call=call,
            rules=call_rules,
            team=teams.team(session, award.team_id),
            submission=submissions.submission(session, award.submission_id),
            machines=machines,
            units={pot.machine: pot.unit for pot in call_rules.hours},
            duty=duty,
            days_left=rules.days_left(duty.due_at, now=now()) if duty else 0,
            extensions=extensions,
            names=people.names_of(session, named),
            is_member=stake is Stake.MEMBER,
            proof=typed.proof or ProofForm(formdata=None),
            reason=typed.reason or ReasonForm(formdata=None),
            checked=checked,
            hub=house().settings.hub,
            accept=typed.accept or AcceptForm(formdata=None),
            note=typed.note or NoteForm(formdata=None),
            why_not_note=rules.why_not_note(
                actor(),
                stake,
                has_concern=checked is not None and checked.concern is not None,
            ),
            extension=typed.extension or ExtensionForm(formdata=None),
            why_not_extend=rules.why_not_extend(actor(), stake, state=state),
            why_not_report=rules.why_not_report(actor(), stake),
            why_not_prove=rules.why_not_prove(stake, state=state),
            why_not_judge=rules.why_not_judge_proof(actor(), stake, state=state),
        )


def _machine(allocation: Allocation, burn: Burndown, typed: Typed) -> Machine:
    mine = typed.allocation_id == allocation.id
    form = typed.usage if mine and typed.usage else UsageForm(formdata=None, prefix=f"month{allocation.id}")
    file = typed.file if mine and typed.file else UsageFileForm(formdata=None, prefix=f"file{allocation.id}")
    form.offer([month.period for month in burn.begun])
    label = f"{burn.percent}% of the hours on {allocation.machine} used"
    return Machine(
        allocation=allocation,
        burn=burn,
        bar=progress(burn.used, burn.hours, label=label),
        chart=columns(
            [0 if month.is_ahead else month.until for month in burn.months],
            label=f"Hours used on {allocation.machine} until the end of each month, with the hours granted as a line",
            limit=allocation.hours,
        ),
        form=form,
        file=file,
    )
