# Made by "python -m tests.typing.stubs" from the catalog and the reports; not edited by hand.
from bentley_nb.charts import style
from bentley_nb.charts.size import SizeName
from bentley_nb.export.to_html import Charts
from bentley_nb.reports.basis.grouping import By
from bentley_nb.reports.basis.grouping import GroupBy
from bentley_nb.reports.basis.grouping import Several
from bentley_nb.reports.basis.matching import Key
from bentley_nb.reports.basis.state import Forecast
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.basis.weights import Weight
from bentley_nb.reports.cpm.reconcile import Hold
from bentley_nb.reports.cpm.reconcile import OutOfSequence
from bentley_nb.reports.resource_histogram import Quantity
from bentley_nb.reports.total_float import FloatUnit
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
import os
import pandas as pd
from pathlib import Path
from plotly.graph_objects import Figure
from typing import Any

class Face:
    def changes(
        self,
        before: Source,
        *,
        key: Key | None = None,
        tables: str | Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return the change register of two states of a schedule: one row per changed field, added or removed item.

        Every column that the catalog declares for a table is compared. Tasks are matched as in ``slippage``; the rows of
        other tables by their id, and where fewer than 80 percent of the ids are found again, or an id is gone, by what
        they are: a link by its ends and type, an assignment by task and resource, anything else by its name.

        Parameters
        ----------
        before, after
            A ``Schedule``, a kept copy, a part, a mapping of frames, or a tasks frame; the earlier one first.
        key
            "id" or "user_defined_id" of tasks. None takes the id, and the user defined id where less than 80 percent of
            the tasks match by id.
        tables
            Names from ``bentley_nb.catalog()``. By default tasks, links, calendars, baselines and their tasks, resources,
            groups and assignments, codes and user fields with their values, and task statuses.

        Returns
        -------
        pandas.DataFrame
            By topic, then in the order of the schedule: ``table``, ``id``, ``user_defined_id``, ``name`` and ``wbs_path``
            (of the task the row belongs to, else of the item), ``change`` (added, removed, changed), ``field`` (the
            column; NA where a whole item came or went), ``before`` and ``after`` (text: instants as served, working time
            in hours, links and ids by name), ``movement_days`` (calendar days, later is positive; dates only), ``topic``
            (what a meeting would discuss it under), ``item`` (the link, field, code or resource the row is about),
            ``before_date``, ``after_date`` (UTC), ``before_value``, ``after_value`` (Float64) and ``unit`` of them.

            ``about(frame).facts`` holds ``counts`` per topic and per table, ``data_date_before``, ``data_date_after``,
            ``key``, ``matched``, and ``not_compared`` (table or column, and why).

        Raises
        ------
        InvalidRequest
            A table is unknown, or the two states have no table in common.

        Examples
        --------
        >>> bn.reports.changes(s, s).empty
        True
        >>> tasks = s.tasks()
        >>> tasks.loc[3, "name"] = "Set out the site"
        >>> bn.reports.changes(s, tasks)[["table", "change", "field", "after"]].to_dict("records")
        [{'table': 'tasks', 'change': 'changed', 'field': 'name', 'after': 'Set out the site'}]

        In SQL the register is a table like any frame, which joins with those of the schedule
        (``%%bentley --with register`` in a notebook):

        >>> register = bn.reports.changes(s, tasks)
        >>> query = "SELECT topic, is_wbs FROM register JOIN tasks USING (id)"
        >>> bn.sql(query, s, frames={"register": register}).to_dict("records")
        [{'topic': 'descriptions', 'is_wbs': False}]
        """

    def critical(
        self,
        near: float = 10,
        *,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """List critical and near-critical open tasks and key dates, and those with negative float.

        Critical is what the service flags (AACE 49R-06: float 0 is one of several methods, not the definition);
        near-critical is float above 0 and up to ``near`` working days of the task's own calendar.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame; needs ``task_scheduling_analyses``.
        near
            Working days of float that count as near-critical.
        float_unit
            Unit of the service's raw floats; see ``total_float``. With None only flagged tasks can be listed.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            Least float first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``start``,
            ``finish``, ``percent_complete``, ``remaining_duration_hours``, ``calendar``, ``hours_per_day``,
            ``constraint_type``, ``group`` (negative float, critical, near-critical: the first that applies),
            ``is_critical``, ``downstream_total_float`` and ``downstream_free_float`` as served, ``total_float_days``,
            ``free_float_days``.

        Raises
        ------
        InvalidRequest
            There are tasks but no scheduling analyses, so nothing is known of float; or ``near`` is not a number.

        Examples
        --------
        >>> bn.reports.critical(s)["group"].cat.categories.tolist()
        ['negative float', 'critical', 'near-critical']
        """

    def critical_path_test(
        self,
        *,
        days: int = 600,
        task: str | None = None,
        hold: Hold | None = None,
        out_of_sequence: OutOfSequence | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return how far the finish moves when the first task of the path takes so many working days longer.

        Point 12 of the DCMA's assessment: the finish must move by as much, or the path is broken by constraints or missing
        logic. Authors differ on which task is tested: the first incomplete one of the longest path (judged here) or the
        one with least float; both are shown.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        days
            Working days of the tested task's own calendar that are added.
        task
            Id, user-defined id or exact name of the task to test instead.
        hold, out_of_sequence
            As for ``network_check``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per reading, the judged one first: ``reading`` (longest path, least float; or named), ``id``,
            ``user_defined_id``, ``name``, ``wbs_path``, ``added_working_days``, ``finish_before``, ``finish_after``,
            ``moved_working_days`` (of the tested task's calendar), ``passes`` (moved within 5 % of what was added).

        Raises
        ------
        InvalidRequest
            The stored dates do not follow from the network (see ``network_check``), or the task is unknown or complete.

        Examples
        --------
        >>> bn.reports.critical_path_test(s)["reading"].iloc[0]
        'longest path'
        """

    def driving_path(
        self,
        to: str | None = None,
        *,
        within: float = 0,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return the work that drives the finish, from the stored dates alone.

        From the target back over links without relationship float, through completed work too. That is Primavera's
        longest path; unlike critical it does not depend on float, deadlines or what the service flags.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        to
            Id, user-defined id or exact name of the target; None for all tasks with the latest finish.
        within
            Working days: near-driving tasks whose gap to the target is no larger are added.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            In order of start: ``order``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``,
            ``start``, ``finish``, ``remaining_duration_hours``, ``calendar``, ``driver`` (link, data date, constraint, as
            late as possible, nothing visible; none for completed work), ``driver_id`` (a predecessor that drives it),
            ``link_type``, ``lag_hours``, ``gap_days`` (the least sum of relationship floats on a way to the target, in
            working days; not a float), ``path`` (1 is the driving path, higher numbers are further from it),
            ``total_float_days`` and ``is_critical`` as served.

        Raises
        ------
        InvalidRequest
            There are no links or no data date, the target is unknown or complete, or ``within`` is not a number of at
            least 0.

        Examples
        --------
        >>> path = bn.reports.driving_path(s)
        >>> bool(path["start"].dropna().is_monotonic_increasing)
        True
        """

    def earned_value(
        self,
        weight: Weight | None = None,
        cost: Weight | None = None,
        *,
        period: str = 'W',
        baseline: str | None = None,
        by: GroupBy | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return earned value and earned schedule at the data date, of the schedule or by group, one row per measure.

        Planned value grows evenly over the working time of each task's span in the baseline; earned value is weight times
        percent complete. Level of effort (hammocks with a budget) earns as planned, key dates earn at their date.

        Earned schedule after Lipke, *Schedule is Different* (2003), and Lipke and Henderson (2006): the latest time by
        which no more was planned than is earned, read on the continuous planned curve and not by chords between periods;
        where EV equals PV it is the actual time, so SPI(t) of a schedule on plan is 1. The period is only the unit. Time is
        counted from the start of the baseline as elapsed time, not working time; when everything is complete the actual
        time ends at the last actual finish.

        Parameters
        ----------
        s
            A ``Schedule`` (or snapshot), or frames by name.
        weight
            What a task is worth; has to be named, since the measures are in its unit: ``"duration"``, ``"count"``,
            ``"quantity"``, a numeric column or user field of tasks (a budget), or a Series by task id.
        cost
            Actual cost of work done: a numeric user field of tasks, or a Series by task id. AC and what follows from it are
            missing without.
        period
            Period of earned schedule: ``"D"``, ``"W"`` or ``"M"``.
        baseline
            Id or name; the latest by default.
        by
            The measures of each group of tasks instead of all: a code, user field, column, status or WBS level, as for
            ``s_curve``. Earned schedule of a group is counted from the baseline start of the group.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            ``measure`` (BAC, PV, EV, AC, SV, SPI, CV, CPI, EAC, VAC, TCPI, PD, AT, ES, SV(t), SPI(t), IEAC(t)), ``value``
            (Float64), ``unit``, ``formula``, ``reason`` (why the value is missing, else NA). With ``by``, these rows for
            each group, which is the first column, ``group`` (NA: no value). The facts hold the dates of the whole: start
            and finish of the baseline, and the finish that IEAC(t) forecasts.

        Raises
        ------
        InvalidRequest
            No weight is named, a name is unknown, a field is not numeric, or the schedule has no data date.

        Examples
        --------
        >>> measures = bn.reports.earned_value(s, weight="count").set_index("measure")["value"]
        >>> bool(measures["EV"] <= measures["BAC"])
        True

        SPI by group, as a table:

        >>> by_state = bn.reports.earned_value(s, weight="count", by="state")
        >>> by_state.pivot(index="group", columns="measure", values="value")["SPI"].index.tolist()
        ['complete', 'in progress', 'not started']
        """

    def element_counts(
        self,
        at: object = None,
        *,
        done_statuses: Iterable[str] | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Count elements by action and state.

        Parameters
        ----------
        s
            A ``Schedule``, frames by name, or the frame of ``element_status``.
        at, done_statuses, data_date
            As for ``element_status``.

        Returns
        -------
        pandas.DataFrame
            ``action``, ``state``, ``elements``, ``percent`` (of all elements), ``disagreements``; combinations that occur,
            in the order of building.

        Raises
        ------
        InvalidRequest
            The frame is not one of ``element_status``, or options come with one, which they can no longer change.

        Examples
        --------
        >>> counts = bn.reports.element_counts(s)
        >>> round(float(counts["percent"].sum()))
        100
        """

    def element_status(
        self,
        at: object = None,
        *,
        done_statuses: Iterable[str] | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return for each 3D element whether its work is not started, active or done, beside its recorded status.

        An element's state is that of one task bound to it, chosen as the 4D view does: Install and Remove decide (the
        active one, else the one finished last, else the one to come first); Temporary and Maintain only where there is
        neither; Neutral only where there is nothing else. An element bound to Neutral tasks alone is never shown (SYNCHRO
        Pro documentation, quoted in Bentley's `iTwin for Unreal <https://github.com/iTwin/itwin-unreal-plugin>`_,
        ``SchedulesKeyframes.cpp``; precedence of the actions: ``SchedulesStructs.inl`` there).

        Up to the data date only actual dates count: a task planned to have started by then and without an actual start has
        not started. After it, planned dates are used for what has not happened yet; a task that should be over by the data
        date and is not stays as it stands then, as when it will be over is unknown.

        Parameters
        ----------
        s
            A ``Schedule``, or frames by name; needs ``tasks`` and ``animation_bindings``.
        at
            Date to look at; the data date by default. Recorded statuses dated later are left out.
        done_statuses
            Names of recorded statuses that mean the element is in place, as ``"Installed"`` or, of one category only,
            ``"Erection: Installed"``. Statuses are the project's own words, so the default (``DONE_STATUSES``) is a guess;
            the notes say which of the recorded ones it takes as done and which not.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per element: ``element_id``, ``state``, ``action`` (of the deciding binding's appearance profile),
            ``present`` (visible at that date), ``task_id``, ``task_name``, ``start``, ``finish`` (of the deciding task),
            ``tasks`` (bound to the element), ``resource_id``, ``resource_name``, ``resource_group_id``,
            ``recorded_status``, ``recorded_date``, ``recorded_done``, ``disagrees`` (for Install: recorded done and
            scheduled state differ; missing where either is unknown).

        Raises
        ------
        InvalidRequest
            There are no animation bindings available, no data date, or ``at`` is not a date.

        Examples
        --------
        >>> status = bn.reports.element_status(s)
        >>> set(status["state"].dropna()) <= {"not started", "active", "done"}
        True
        """

    def finish_risk(
        self,
        spread: tuple[float, float, float] = (0.9, 1.0, 1.3),
        runs: int = 10000,
        seed: int = 0,
        to: str | None = None,
        *,
        correlation: float = 0.0,
        criticality: bool = False,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return the percentiles of the finish when remaining durations vary.

        Each remaining duration is multiplied by a draw from a triangular distribution; logic, calendars, constraints and
        lags stay. The same seed gives the same numbers.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        spread
            Lowest, likeliest and highest factor of a remaining duration. The default is an assumption, not a measurement.
        runs
            Number of samples.
        seed
            Seed of the random numbers.
        to
            Id, user-defined id or exact name of the target; None for the finish of the schedule.
        correlation
            From 0 (tasks vary independently, which understates the spread of real programmes) to 1 (all alike): the
            correlation of any two durations, by one common factor.
        criticality
            Whether to find for each task the share of runs in which it is on the driving path (facts: ``criticality``,
            the 50 largest); takes about twice as long.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per percentile: ``percentile`` (10, 20 ... 90), ``finish`` (reached or bettered in that share of runs),
            ``later_days`` (calendar days after the planned finish), ``later_working_days`` (of the calendar of the task
            that finishes last). Facts: ``deterministic`` (planned finish), ``chance`` of it, ``mean``, ``spread``,
            ``runs``, ``seed``, ``correlation``, the options, ``criticality``.

        Raises
        ------
        InvalidRequest
            The stored dates do not follow from the network (see ``network_check``), the target is unknown or complete, or
            an argument is out of range.

        Examples
        --------
        >>> risk = bn.reports.finish_risk(s, runs=200)
        >>> bool(risk["finish"].is_monotonic_increasing)
        True
        """

    def float_distribution(
        self,
        *,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """Count open work tasks by total float, in working days of each task's own calendar.

        Float is not rounded before it is put into a bin. The edge at 44 days is that of DCMA's high float.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame; needs ``task_scheduling_analyses``.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            Seven rows, always: ``bin`` (``<0``, ``0``, ``(0,5]``, ``(5,10]``, ``(10,20]``, ``(20,44]``, ``>44``; a round
            bracket leaves its edge out), ``lower_days``, ``upper_days`` (NA where open), ``tasks``, ``share`` (percent of
            the tasks with a float), ``critical`` (of them flagged by the service). Key dates, hammocks, WBS rows and
            completed tasks are not counted.

        Raises
        ------
        InvalidRequest
            There are tasks but no scheduling analyses.

        Examples
        --------
        >>> bn.reports.float_distribution(s)["bin"].tolist()
        ['<0', '0', '(0,5]', '(5,10]', '(10,20]', '(20,44]', '>44']
        """

    def half_step(
        self,
        before: Source,
        *,
        to: str | None = None,
        key: Key | None = None,
        hold: Hold | None = None,
    ) -> pd.DataFrame:
        """Split the movement of the finish between two states into progress and revisions.

        The contemporaneous split of AACE 29R-03 (MIP 3.4, half-stepping): the earlier state is taken to the later data
        date, then given the later progress, then each kind of revision in the printed order. Each row is the finish after
        a step less the finish before it, so the rows add up exactly; another order of the revisions would split them
        otherwise. The words are movement, gain and loss; who caused it is not in the data.

        Parameters
        ----------
        before, after
            A ``Schedule``, a kept copy or a mapping of frames; the earlier one first.
        to
            Id, user-defined id or exact name of a task or key date of the later state; None for the finish.
        key
            How tasks are matched, as in ``slippage``.
        hold
            "unexplained" holds tasks whose stored dates nothing visible explains (levelling, or not rescheduled) at their
            stored start. What these starts move is a row of its own.

        Returns
        -------
        pandas.DataFrame
            One row per step: ``step`` (time passes, work done, progress; deleted, added and links, durations, calendars,
            constraints, options, revisions; total), ``what``, ``count`` (tasks or links concerned), ``finish_before``,
            ``finish_after``, ``movement_days`` (calendar days, positive is later: a loss), ``movement_working_days`` (of
            the target's calendar in the earlier state), ``tasks_on_path``, ``path_changed``. Movement is missing where a
            step alone would make the network circular: it is in the next one. What the network does not explain is never
            spread over the steps; where there is any, it has rows before the total: held starts, residual before, residual
            after. Facts: ``due`` (work on the earlier path
            that was due in the window, with expected and achieved remaining hours), ``behind`` (what is behind each
            revision), ``rebuilt`` (the steps together give the later state's own finish).

        Raises
        ------
        InvalidRequest
            The stored dates of either state do not follow from its network (see ``network_check``), the target is unknown
            or complete in one of them, or the later state has the earlier data date.

        Examples
        --------
        >>> steps = bn.reports.half_step(s, s).set_index("step")
        >>> float(steps.loc["total", "movement_days"])
        0.0
        """

    def health(
        self,
        profile: str = 'dcma',
        baseline: str | None = None,
        *,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
        **thresholds: Any,
    ) -> pd.DataFrame:
        """Check the health of a schedule, one row per check.

        Durations and floats are in working days of each task's own calendar, never in days of a fixed 8 hours.

        Parameters
        ----------
        s
            A ``Schedule`` (or snapshot), or frames by name. Checks whose table is not there are not evaluated.
        profile
            ``"dcma"``: DCMA-EA PAM 200.1 of 2012; ``"bentley"``: the documented defaults of the service's own assessment;
            ``"decm"``: DCMA EVMS Compliance Metrics v5.0, with its metrics beyond the 14 points.
        baseline
            Id or name; the latest by default.
        float_unit
            Unit of the service's floats, which is undocumented: ``"seconds"`` (inferred), ``"hours"``, ``"days"``, or None
            for unknown (the checks of float are then not evaluated).
        data_date
            Overrides the schedule's.
        **thresholds
            Another threshold by the name of its check (``logic=10``), or another reading by the name of a setting:
            ``hard_constraints="dcma2009"`` (the default of ``dcma``; or ``"bentley"``, ``"dcma2009+on"``),
            ``high_float_days``, ``high_duration_days``, ``milestones``, ``task_base``, ``link_base``, ``dangling``,
            ``duration``, ``missed``, ``completion_float``, ``completion`` (the completion task of CPLI: id, activity id or
            name). A number for ``hard_constraints`` is its threshold.

        Returns
        -------
        pandas.DataFrame
            ``number`` (1 to 14; missing beyond), ``check``, ``rule`` (what was counted), ``numerator``, ``denominator``,
            ``percent`` (of shares), ``value`` (of indices), ``comparison`` and ``threshold``, ``verdict`` (``pass``,
            ``fail``, ``not evaluated``), ``reason`` (why not evaluated, or what to know), ``authority``.
            ``health_details`` lists what offends.

        Raises
        ------
        InvalidRequest
            No such profile, check, setting or baseline.

        Examples
        --------
        >>> checks = bn.reports.health(s)
        >>> len(checks), set(checks["verdict"]) <= {"pass", "fail", "not evaluated"}
        (14, True)
        """

    def health_details(
        self,
        check: str | int,
        profile: str = 'dcma',
        baseline: str | None = None,
        *,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
        **thresholds: Any,
    ) -> pd.DataFrame:
        """List the tasks or links that a health check objects to.

        Parameters
        ----------
        s, profile, baseline, float_unit, data_date, **thresholds
            As for ``health``.
        check
            Name or number of the check.

        Returns
        -------
        pandas.DataFrame
            For tasks: ``why``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``start``,
            ``finish``. For links: ``why``, ``link_id``, ``link_type``, ``lag_hours``, and id, activity id and name of
            ``predecessor_`` and ``successor_``. Empty where nothing offends; the facts repeat rule, figures and verdict.

        Raises
        ------
        InvalidRequest
            No such check, profile, setting or baseline.

        Examples
        --------
        >>> loose = bn.reports.health_details(s, "logic")
        >>> set(loose["why"]) <= {"no predecessor", "no successor", "no predecessor, no successor"}
        True
        """

    def late(
        self,
        baseline: str | None = None,
        *,
        tolerance: float = 0,
        forecast: Forecast | None = None,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """List open tasks and key dates that are late at the data date.

        - late start: not started, and its baseline start lies before the data date;
        - late finish: not finished, and its baseline finish lies before the data date;
        - forecast late: its current finish (SYNCHRO's "best date") lies after its baseline finish (of a start key date
          its start, it has no other date);
        - stale: not started (not finished), and its *planned* start (finish) lies before the data date, where no remaining
          work can be (DECM 06A506b expects none). This needs no baseline.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame.
        baseline
            Id or name; the latest by default. Without any baseline only stale dates can be reported, and the notes say so.
        tolerance
            Working days by which a date may be late before it is listed.
        forecast
            "estimated" or "expected" puts that finish before the planned one.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            Latest first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``start``, ``finish``,
            ``baseline_start``, ``baseline_finish``, the five flags ``late_start``, ``late_finish``, ``forecast_late``,
            ``stale_start``, ``stale_finish`` (NA where there is no baseline date), ``start_late_days`` (baseline start, or
            planned without one, to the data date; of a start key date to the later of its date and the data date),
            ``finish_late_days`` (baseline or planned finish to the later of current finish and data date), both also as
            ``..._working_days`` of the task's calendar, ``percent_complete``, ``is_critical``, ``total_float_days``.
            Positive is late.

        Raises
        ------
        InvalidRequest
            The schedule has no data date, or no baseline of that name.

        Examples
        --------
        >>> late = bn.reports.late(s)
        >>> bool((late["finish_late_days"].dropna() > 0).all())
        True
        """

    def link_floats(
        self,
        *,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return the relationship float of every link, from the stored dates alone.

        Relationship float is the working time, on the successor's calendar, between the date a link allows and the date
        its successor has. A link without it drives its successor. Lags are counted on the link's calendar, else the
        predecessor's; of a lag from work in progress or complete only what is left at the data date is counted. A
        completed task carries the logic of its predecessors on to its successors.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per link: ``link_id``, ``predecessor_id``, ``predecessor`` (name), ``successor_id``, ``successor``,
            ``type``, ``lag_hours``, ``lag_calendar``, ``lag_calendar_from`` (link, predecessor, or chosen: the one that
            fits the dates best), ``allows`` and ``planned`` (the successor's start or finish), which compare on the
            successor's calendar, ``relationship_float_hours``, ``relationship_float_days`` (of the successor's calendar;
            negative where the link is violated), ``driving`` (NA for links that cannot drive), ``standing`` (open;
            carried: into completed work; ignored out of sequence; hammock; unknown task; WBS row).

        Raises
        ------
        InvalidRequest
            There are no links, or there is no data date.

        Examples
        --------
        >>> links = bn.reports.link_floats(s)
        >>> bool((links.loc[links["driving"].fillna(False), "relationship_float_days"] == 0).all())
        True
        """

    def look_ahead(
        self,
        weeks: int = 3,
        *,
        week_start: str | None = None,
        forecast: Forecast | None = None,
        float_unit: FloatUnit | None = 'seconds',
        zone: str | None = None,
        codes: bool | str | Sequence[str] = False,
        data_date: object = None,
    ) -> pd.DataFrame:
        """List the work and key dates that are open and fall into the next weeks from the data date.

        A task is in when it is not complete and its dates overlap the window, so work begun earlier stays in: current start
        < window's end and current finish >= data date, where current dates are SYNCHRO's "best dates": the actual ones,
        else the planned ones. The Last Planner System looks three to six weeks ahead (six because constraints take four to
        five weeks to clear).

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame.
        weeks
            Length of the window.
        week_start
            Weekday on which weeks begin, such as "monday": the first week is then the one the data date lies in, and the
            window ends with the last one. None counts weeks from the data date itself.
        forecast
            "estimated" or "expected" puts that finish before the planned one.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        zone
            IANA zone in which a week begins at midnight, by default that of ``bentley_nb.options.display_zone``; only used
            with ``week_start``.
        codes
            True for one column per code, or the names of codes, as in ``Schedule.tasks``; ``"Trade [description]"`` shows
            the descriptions of its values. Of frames given by name it needs ``codes``, ``code_values`` and
            ``task_code_value_assignments``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            Sorted by start: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``status`` (the name
            the project gave it, of frames without ``task_statuses`` the service's word), ``start``, ``finish`` (UTC; a key
            date has one of them), ``percent_complete``, ``remaining_duration_hours`` (working time), ``week``
            (first week of the window with work on it, from 1), ``week_starting``, ``is_critical``, ``total_float_days``,
            ``open_predecessors`` (linked tasks whose part of the logic has not happened: not finished for finish-to-,
            not started for start-to- links; NA without links) and ``resources`` (names); then one column per code.

        Raises
        ------
        InvalidRequest
            The schedule has no data date, or an option is not understood, or there is no code of that name.

        Examples
        --------
        >>> ahead = bn.reports.look_ahead(s, weeks=6)
        >>> bool((ahead["state"] != "complete").all())
        True
        """

    def milestones(
        self,
        *,
        previous: Source | None = None,
        baseline: str | None = None,
        forecast: Forecast | None = None,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """List all start and finish key dates with baseline, previous and current date, variance, float and state.

        Key dates are the milestones of SYNCHRO; current dates are its "best dates": the actual ones, else the planned ones.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame.
        previous
            An earlier snapshot of the same schedule, to show what moved since.
        baseline
            Id or name; the latest by default. Without any the baseline columns are empty, and the notes say so.
        forecast
            "estimated" or "expected" puts that finish before the planned one.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            By date: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``date`` (a key date has one:
            its start or its finish), ``is_actual``, ``baseline_date``, ``baseline_variance_days`` and
            ``baseline_variance_working_days`` (date less baseline), ``previous_date``, ``slip_days`` (date less previous),
            ``is_critical``, ``total_float_days``. Positive is late.

        Raises
        ------
        InvalidRequest
            There is no baseline of that name.

        Examples
        --------
        >>> table = bn.reports.milestones(s)
        >>> set(table["type"]) <= {"StartKeyDate", "FinishKeyDate"}
        True
        """

    def network_check(
        self,
        *,
        hold: Hold | None = None,
        out_of_sequence: OutOfSequence | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return own dates and floats beside those the service stores, for every open task.

        The passes follow Primavera's rules. What the API does not serve (retained logic or progress override, the lag
        calendar, the must-finish date, the unit of float) is found by trying which reproduces the stored dates and floats
        best; the notes name the choice and its fit. ``what_if``, ``half_step`` and ``finish_risk`` answer only where this
        check agrees.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        hold
            "unexplained" holds tasks whose stored dates nothing visible explains at their stored start.
        out_of_sequence
            "retained logic" or "progress override" instead of what fits best.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per open task, the largest difference first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``,
            ``type``, ``state``, ``start``, ``own_start``, ``finish``, ``own_finish`` (of started work the start of what
            remains), ``differs_hours`` (working hours, own minus stored), ``total_float_days`` as served,
            ``own_total_float_days``, ``driver``. Facts: ``open``, ``agree_start``, ``agree_finish``, ``agree_float``
            (open tasks), ``out_of_sequence``, ``lag_calendar``, ``floor``, ``end``, ``float_unit``, ``held``,
            ``verdict``.

        Raises
        ------
        InvalidRequest
            There are no links or no data date, or the links are circular.

        Examples
        --------
        >>> facts = bn.reports.about(bn.reports.network_check(s)).facts
        >>> facts["agree_start"] <= facts["open"]
        True
        """

    def open_ends(
        self,
        *,
        data_date: object = None,
    ) -> pd.DataFrame:
        """List incomplete tasks and key dates with a missing or dangling end, and links to WBS rows.

        - no predecessor, no successor: DCMA check 1, DECM 06A204b;
        - dangling start: it has predecessors, but no finish-to-start or start-to-start link holds its start;
        - dangling finish: it has successors, but no finish-to-start or finish-to-finish link leaves its finish;
        - link to summary: a link at a WBS row (DECM 06A208a: there should be none).

        The first start key date may lack a predecessor and the last finish key date a successor; neither is listed for it.
        A start key date has no finish to dangle, a finish key date no start. Hammocks and WBS rows are not checked, and a
        link at one of them holds nothing: it is no predecessor nor successor here, as it is none in ``health``.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per finding: ``issue``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``,
            ``start``, ``finish``, ``predecessors``, ``successors`` (links that hold the task), and for a link to a summary
            ``link_id``, ``other_id``, ``other_name`` (its other end). ``about(frame).facts["checks"]`` holds numerator and
            denominator per issue.

        Raises
        ------
        InvalidRequest
            There are tasks but no links available.

        Examples
        --------
        >>> bn.reports.open_ends(s)["issue"].cat.categories.tolist()
        ['no predecessor', 'no successor', 'dangling start', 'dangling finish', 'link to summary']
        """

    def out_of_sequence(
        self,
        *,
        data_date: object = None,
    ) -> pd.DataFrame:
        """List links whose successor went ahead of what the link allows.

        The three cases of GAO's Schedule Assessment Guide, lags considered: an activity started before its finish-to-start
        predecessor finished, started before its start-to-start predecessor started, or finished before its finish-to-finish
        predecessor finished. Start-to-finish links are not in GAO's list and are marked so. DECM 06A212a expects none.

        A link allows the successor's date from the predecessor's date plus the lag, in working time. Where the predecessor
        has not got there and the lag is not negative, the successor is out of sequence whatever comes; with a lead
        (negative lag) the later of the predecessor's planned date and the data date, less the lead, decides.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per link, most hours early first: ``link_id``, ``link_type``, ``lag_hours``, ``case``,
            ``predecessor_id``, ``predecessor_user_defined_id``, ``predecessor_name``, the same of the successor,
            ``predecessor_date`` (actual, NaT where not there yet; for a lead planned, the data date at the earliest),
            ``required_date`` (with the lag), ``successor_date`` (actual), ``early_days`` (calendar days, from the
            successor's date to the required one), ``early_working_days`` (of the successor's calendar), ``basis`` (what was
            compared), ``in_gao_list``.

        Raises
        ------
        InvalidRequest
            There are tasks but no links available.

        Examples
        --------
        >>> wrong = bn.reports.out_of_sequence(s)
        >>> bool((wrong["early_days"].dropna() > 0).all())
        True
        """

    def path_to(
        self,
        task: str,
        *,
        within: float = 0,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return the work that drives one task: ``driving_path(s, to=task)``.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        task
            Id, user-defined id or exact name.
        within, data_date
            As for ``driving_path``.

        Returns
        -------
        pandas.DataFrame
            As ``driving_path``.

        Raises
        ------
        InvalidRequest
            As ``driving_path``.

        Examples
        --------
        >>> last = bn.reports.driving_path(s)["id"].iloc[-1]
        >>> bn.reports.path_to(s, last)["id"].iloc[-1] == last
        True
        """

    def predecessors(
        self,
        task: str,
        *,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return the predecessors of a task with the relationship float of their links, the tightest first.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        task
            Id, user-defined id or exact name.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per link: ``link_id``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``,
            ``start``, ``finish``, ``link_type``, ``lag_hours``, ``allows``, ``relationship_float_days``, ``driving``,
            ``standing``.

        Raises
        ------
        InvalidRequest
            There is no such task, there are no links, or there is no data date.

        Examples
        --------
        >>> task = s.tasks().query("type == 'FinishKeyDate'")["id"].iloc[-1]
        >>> bn.reports.predecessors(s, task).columns[:4].tolist()
        ['link_id', 'id', 'user_defined_id', 'name']
        """

    def progress(
        self,
        by: GroupBy = 'wbs',
        *,
        weight: Weight = 'duration',
        several: Several = 'each',
        baseline: str | None = None,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """Sum up progress by WBS, code, user field, status, or any column of the tasks.

        Percent is never averaged: it is the sum of weight x percent over the sum of weights of the work tasks. A task
        counts as 100 percent when it has an actual finish and as 0 without an actual start, whatever its field says; with
        ``weight="quantity"`` one in progress counts by installed of planned quantity where the quantity has a unit.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame.
        by
            "wbs" (every WBS element with all that is below it), ("wbs", 2) (the elements of one level, 1 at the top, which
            share the tasks out between them), "status", "state", the name of a code, of a user field of tasks, or of a
            column of the tasks; ("code", name), ("user field", name) or ("column", name) where a name is several of these.
        weight
            "duration" (planned working hours), "count", "quantity", a numeric column or user field of tasks, or a Series
            by task id.
        several
            What a task with several values of a code is counted under: "each" of them (its weight once per group, so that
            the groups may exceed the whole), "join" (one group of all of them), "first", or "error".
        baseline
            Baseline for planned percent, SPI and the count of late tasks; the latest by default. Without one, tasks with
            stale dates are counted as late, and planned percent and SPI are unknown.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            By WBS: ``id``, ``user_defined_id``, ``wbs_path`` (elements above), ``name``, ``level`` (from 1), in the order
            of the tree; else the group in a column of its name (NA: no value). Then ``tasks`` (work tasks),
            ``not_started``, ``in_progress``, ``complete``, ``late`` (NA without a data date), ``weight``, ``earned``
            (weight x percent / 100), ``percent`` (NA where nothing has weight), ``planned_percent`` and ``spi`` (PV / BAC
            and EV / PV at the data date, of the tasks in the baseline and weighed by its durations, as in
            ``earned_value``; NA without a baseline or data date, and SPI where nothing is planned yet), ``start``,
            ``finish`` (earliest and latest current date, or "best date", of work tasks and key dates),
            ``total_float_days`` (the least of the open ones).

        Raises
        ------
        InvalidRequest
            No such group or weight, or no baseline of that name.

        Examples
        --------
        >>> by_state = bn.reports.progress(s, by="state", weight="count")
        >>> by_state.columns[:2].tolist()
        ['state', 'tasks']
        """

    def resource_histogram(
        self,
        period: str = 'W',
        by: GroupBy = 'resource',
        quantity: Quantity = 'planned',
        *,
        types: str | Sequence[str] | None = ('Human', 'Equipment'),
        capacity: str | float | Mapping[str, float] | None = None,
        zone: str | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return resource units per period: each assignment spread evenly over the working time of its task.

        Planned units lie between the task's current start and finish (SYNCHRO's "best dates"), remaining units between the
        later of start and data date and the finish, actual units between actual start and the earlier of actual finish and
        data date. The working time is that of the task's calendar. Assignments to WBS rows and hammocks span the work of
        others and are left out.

        The service gives no capacity of a resource, so none is assumed: name a numeric user field of the resources or give
        the figures. What a "unit" is (hours of labour, pieces) is the project's choice and not served either; only what is
        summed over resources of one unit means something.

        Parameters
        ----------
        s
            A ``Schedule``, or frames by name; needs ``tasks``, ``resource_assignments`` and ``resources``.
        period
            Length of a period: ``"D"``, ``"W"`` (Monday to Sunday), ``"W-SAT"``, ``"M"``, ``"Q"``, ``"Y"``.
        by
            One series per "resource", per resource "type", or per resource "group" (a resource in two groups counts in
            both); or per group of the tasks worked on: the name of a code (the trade), of a user field of tasks or of a
            column, "status", "state", "wbs", ("wbs", 2); ("code", name), ("user field", name) or ("column", name) where a
            name is several of these. Work on a task with several values of a code counts under each.
        quantity
            ``"planned"``, ``"remaining"`` or ``"actual"`` units.
        types
            Types of resource to show; ``None`` for all.
        capacity
            Units per working day: a number for each series, the name of a user field of resources, or a mapping from
            resource name or id, or from the name of a series. With the last two a series without a figure of its own can
            do what its resources can together; of a group of tasks these are the resources with work in it.
        zone
            IANA zone at whose midnights periods begin; by default that of ``bentley_nb.options.display_zone``.
        data_date
            Overrides the schedule's; needed for remaining and actual units.

        Returns
        -------
        pandas.DataFrame
            One row per series and period with work: ``period_start``, ``period_finish`` (UTC, finish excluded), ``id``
            (of the resource or resource group), ``name`` (of the series), ``type``, ``quantity`` (units in the period),
            ``working_days`` (days of the resource's calendar in the period, the longest of a group),
            ``quantity_per_day``, ``capacity`` (units the period can hold; missing where unknown), ``over_capacity``
            (missing where unknown).

        Raises
        ------
        InvalidRequest
            An option is not one of those named, a table is not available, or remaining or actual units are asked for
            without a data date.

        Examples
        --------
        >>> weekly = bn.reports.resource_histogram(s, types=None)
        >>> weekly.columns[:2].tolist()
        ['period_start', 'period_finish']
        >>> sorted(set(bn.reports.resource_histogram(s, by="state", types=None)["name"]))
        ['complete', 'in progress', 'not started']
        """

    def s_curve(
        self,
        weight: Weight = 'duration',
        period: str = 'W',
        baseline: str | None = None,
        *,
        by: GroupBy | None = None,
        zone: str | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return cumulative planned, earned and forecast value over time, as amounts and in percent.

        Every value grows evenly over working time of the task's own calendar: planned value over the baseline's span,
        earned value from the actual start to the actual finish or to the data date, what remains from the data date (or the
        planned start after it) to the current finish (SYNCHRO's "best date"). The service keeps no history of percent
        complete, so points before the data date follow from actual dates alone; terms as in PMI's *Standard for Earned
        Value Management*.

        With a baseline only its tasks count, so that the three curves speak of the same work.

        Parameters
        ----------
        s
            A ``Schedule`` (or snapshot), frames by name, or a tasks frame.
        weight
            What a task counts for: ``"duration"`` (of the baseline, else planned), ``"count"``, ``"quantity"``, a numeric
            column or user field of tasks, or a Series by task id.
        period
            ``"D"``, ``"W"`` (Monday to Sunday), ``"W-SAT"``, ``"M"``, ``"Q"``, ``"Y"``.
        baseline
            Id or name; the latest by default.
        by
            One curve per group of tasks instead of one of all, in percent of the group: the name of a code, of a user field
            of tasks or of a column; "status", "state", "wbs" (every element with all below it) or ("wbs", 2) (the elements
            of one level); ("code", name), ("user field", name) or ("column", name) where a name is several of these. A
            task with several values of a code is in the group of each.
        zone
            IANA zone at whose midnights periods begin; by default that of ``bentley_nb.options.display_zone``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per edge of a period, and one at the data date: ``date`` (UTC), ``planned_value``, ``earned_value``,
            ``forecast_value`` (in the weight's unit), ``planned_percent``, ``earned_percent``, ``forecast_percent`` (0 to
            100), ``is_data_date``. Planned is missing without a baseline, earned after the data date, forecast before it.
            With ``by``, these rows for each group, which is the first column, ``group`` (NA: no value), and all groups at
            the same instants. The facts name weight, unit, total and baseline.

        Raises
        ------
        InvalidRequest
            No such weight, period, zone, baseline or group.

        Examples
        --------
        >>> curve = bn.reports.s_curve(s, weight="count")
        >>> bool(curve["earned_percent"].max() <= 100)
        True
        >>> bn.reports.s_curve(s, by="state").columns[:2].tolist()
        ['group', 'date']
        """

    def scorecard(
        self,
        before: Source | None = None,
        *,
        baseline: str | None = None,
        profile: str = 'dcma',
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return one row of figures: completion, progress, schedule performance, critical work, health.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame.
        before
            An earlier copy of the same schedule, to show what moved since.
        baseline
            Id or name; the latest by default.
        profile
            Of the health checks.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row: ``schedule``, ``data_date``, ``data_date_age_days`` (calendar days until now), ``completion_milestone``
            and ``completion_date`` (the last key date, else the last finish), ``baseline_completion_date``,
            ``completion_variance_days`` (calendar days, positive is late), ``previous_completion_date``,
            ``completion_slip_days`` (since ``before``), ``planned_percent`` and ``earned_percent`` (by working time),
            ``spi`` (EV / PV), ``spi_t`` (ES / AT), then counts of tasks: ``late``, ``critical`` (negative float included),
            ``near_critical``, ``due_in_3_weeks`` (open, to finish within them), and of checks: ``health_pass``,
            ``health_fail``, ``health_not_evaluated``. What cannot be known is missing, and a note says why.

        Raises
        ------
        InvalidRequest
            There is no baseline or profile of that name.

        Examples
        --------
        >>> card = bn.reports.scorecard(s)
        >>> len(card), card["completion_milestone"].notna().all().item()
        (1, True)
        """

    def signs(
        self,
        before: Source,
        *,
        key: Key | None = None,
        float_unit: FloatUnit | None = 'seconds',
        zone: str | None = None,
    ) -> pd.DataFrame:
        """Return the changes between two states that are worth a question, with the rule and authority of each.

        A sign is an indicator, never a verdict: each has honest explanations, and the planner may know them.

        Parameters
        ----------
        before, after
            A ``Schedule``, a kept copy, a part, a mapping of frames, or a tasks frame; the earlier one first.
        key
            "id" or "user_defined_id" of tasks; see ``slippage``.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        zone
            IANA zone whose days decide whether a date lies on another day or on the data date; by default that of
            ``bentley_nb.options.display_zone``.

        Returns
        -------
        pandas.DataFrame
            One row per finding: ``sign`` (ordered category), ``table``, ``id``, ``user_defined_id``, ``name``,
            ``wbs_path``, ``field``, ``before``, ``after`` (as in ``changes``), ``rule``, ``authority``. Hammocks and WBS
            rows have no progress of their own and are left out.

            ``about(frame).facts["signs"]`` lists every sign with ``rule``, ``authority``, ``count`` (None where it could
            not be looked for) and ``reason``.

        Raises
        ------
        InvalidRequest
            An option is not understood, or one of the states has no dates at all.

        Examples
        --------
        >>> bn.reports.signs(s, s)["sign"].tolist()
        []
        """

    def slippage(
        self,
        before: Source,
        *,
        key: Key | None = None,
        forecast: Forecast | None = None,
        float_unit: FloatUnit | None = 'seconds',
        zone: str | None = None,
    ) -> pd.DataFrame:
        """Compare the dates of two states of a schedule: what slipped, was added, deleted, relinked or rewritten.

        ``changes`` compares everything else: names, codes, user fields, resources, calendars and the rest.

        Parameters
        ----------
        before, after
            A ``Schedule``, a kept snapshot, a mapping of frames, or a tasks frame; the earlier one first.
        key
            "id" or "user_defined_id". None takes the id, and the user defined id where less than 80 percent of the tasks
            match by id; the notes say which.
        forecast
            "estimated" or "expected" puts that finish before the planned one.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        zone
            IANA zone whose days decide whether a date lies on the data date; by default that of
            ``bentley_nb.options.display_zone``.

        Returns
        -------
        pandas.DataFrame
            One row per work task and key date of either state, latest finish first: ``id`` (of the later state where it is
            there), ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``change`` (added, deleted, changed: dates,
            duration, actual dates, state or links, else "same dates"), ``state_before``, ``state_after``,
            ``start_before``, ``start_after``, ``start_slip_days`` (calendar days), ``start_slip_working_days`` (of the
            task's calendar now), the same for ``finish``, ``duration_before_hours``,
            ``duration_after_hours`` (planned working time),
            ``float_before_days``, ``float_after_days``, ``float_change_days``, ``actual_dates_changed`` (recorded
            before, and now on another day or withdrawn: DECM 06A504), ``rides_data_date`` (open, and planned on the data
            date in both: DECM 06A506c),
            ``logic_changed``, ``links_added``, ``links_deleted``, ``links_changed`` (of the links at either end of
            the task; changed is the lag). Slips are after less before: positive is late. What is unknown is NA.

            ``about(frame).facts`` holds the counts and, under ``"checks"``, numerator, denominator, percent and threshold
            of the three DECM metrics.

        Raises
        ------
        InvalidRequest
            An option is not understood, or one of the states has no dates at all.

        Examples
        --------
        >>> moved = bn.reports.slippage(s, s)
        >>> set(moved["change"])
        {'same dates'}
        """

    def successors(
        self,
        task: str,
        *,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return the successors of a task with the relationship float of their links, the tightest first.

        Parameters
        ----------
        s, task, data_date
            As for ``predecessors``.

        Returns
        -------
        pandas.DataFrame
            The columns of ``predecessors``; ``driving`` says whether the task drives that successor.

        Raises
        ------
        InvalidRequest
            There is no such task, there are no links, or there is no data date.

        Examples
        --------
        >>> task = s.tasks().query("type == 'Work'")["id"].iloc[0]
        >>> bn.reports.successors(s, task)["driving"].dtype
        BooleanDtype
        """

    def total_float(
        self,
        *,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return total and free float of every open activity, in working days of its own calendar.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame.
        float_unit
            Unit of the service's raw floats, which is undocumented: "seconds" (of working time, inferred), "hours",
            "days", or None to leave them raw.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per work task and key date that is not complete: ``id``, ``user_defined_id``, ``name``, ``type``,
            ``start``, ``finish``, ``calendar``, ``hours_per_day``, ``remaining_days`` (the remaining duration),
            ``is_critical``, ``downstream_total_float`` and ``downstream_free_float`` (raw), ``total_float_days``,
            ``free_float_days``, ``float_bin`` (ordered category, the bins of ``float_distribution``). WBS rows, hammocks
            and completed tasks have no float of their own.

        Examples
        --------
        >>> bn.reports.total_float(s).columns[-3:].tolist()
        ['total_float_days', 'free_float_days', 'float_bin']
        """

    def variance(
        self,
        baseline: str | None = None,
        *,
        forecast: Forecast | None = None,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> pd.DataFrame:
        """Compare the current dates of every task and key date with a baseline.

        Start variance = current start - baseline start, finish variance = current finish - baseline finish, where current
        is actual, else planned (SYNCHRO's "best dates"). GAO's caution applies: a variance is not yet a delay of the
        project; look at the float.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``baseline_tasks``.
        baseline
            Id or name; the latest by default.
        forecast
            "estimated" or "expected" puts that finish before the planned one.
        float_unit
            Unit of the service's raw floats; see ``total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            One row per work task and key date, latest finish first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``,
            ``type``, ``state``, ``start``, ``finish``, ``baseline_start``, ``baseline_finish``, ``start_variance_days``
            (calendar days) and ``start_variance_working_days`` (of the task's calendar), the same for ``finish``,
            ``duration_hours`` (working time between the current dates), ``baseline_duration_hours``,
            ``duration_variance_hours``, ``is_critical``, ``total_float_days``, ``status`` ("in baseline" or
            "not in baseline"). Positive is late or longer.

        Raises
        ------
        InvalidRequest
            The schedule has tasks but no baseline (its planned dates are not one), or none of that name.

        Examples
        --------
        >>> table = bn.reports.variance(s)
        >>> set(table["status"]) <= {"in baseline", "not in baseline"}
        True
        """

    def wbs_rollup(
        self,
        **options: Any,
    ) -> pd.DataFrame:
        """Sum up progress by WBS element: ``progress(s, by="wbs", ...)``.

        Examples
        --------
        >>> int(bn.reports.wbs_rollup(s)["level"].min())
        1
        """

    def what_if(
        self,
        changes: Mapping[str, Any] | pd.DataFrame,
        *,
        to: str | None = None,
        hold: Hold | None = None,
        out_of_sequence: OutOfSequence | None = None,
        data_date: object = None,
    ) -> pd.DataFrame:
        """Return what moves under changes to the schedule; nothing is written to the service.

        Parameters
        ----------
        s
            A ``Schedule``, or a mapping of frames with ``task_links``.
        changes
            By task (id, user-defined id or exact name): ``"+10d"`` (it starts, or if started goes on, ten working days of
            its own calendar later), ``{"remaining": "+5d"}`` (``"5d"`` without a sign sets it), ``{"not_before":
            "2024-07-01"}``; by link id: ``{"lag": "+2d"}``. Hours are ``"4h"``. A frame has a column ``id`` and one or
            more of ``delay``, ``remaining``, ``not_before``, ``lag``.
        to
            Id, user-defined id or exact name of the target; None for the finish of the schedule.
        hold, out_of_sequence
            As for ``network_check``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pandas.DataFrame
            The target first, then each open task that moves, in order of start: ``id``, ``user_defined_id``, ``name``,
            ``wbs_path``, ``start_before``, ``start_after``, ``finish_before``, ``finish_after``,
            ``moved_working_days`` (of its own calendar, positive is later). Facts: ``target``, ``finish_before``,
            ``finish_after``, ``moved_days`` (calendar days), ``moved_working_days``, ``moved`` (tasks), and the options.

        Raises
        ------
        InvalidRequest
            The stored dates do not follow from the network (see ``network_check``), a task, link or change is unknown, or
            a change asks for work to start earlier.

        Examples
        --------
        >>> task = bn.reports.driving_path(s).query("state != 'complete'")["id"].iloc[0]
        >>> bn.reports.what_if(s, {task: "+10d"}).columns[-1]
        'moved_working_days'
        """

    def float_histogram(
        self,
        *,
        float_unit: FloatUnit | None = 'seconds',
        theme: style.ThemeName = 'auto',
        data_date: object = None,
    ) -> Figure:
        """Draw how many open tasks have how much total float, in working days of each task's own calendar.

        The critical ones (as flagged by the service) are the hatched part of each bar.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or the frame of ``bentley_nb.reports.float_distribution``.
        float_unit, data_date
            As for ``bentley_nb.reports.float_distribution``.
        theme
            "light", "dark", "transparent", or "auto" to follow ``plotly.io.templates.default``.

        Returns
        -------
        plotly.graph_objects.Figure

        Raises
        ------
        InvalidRequest
            Float is unknown, or an option comes with a finished report.

        Examples
        --------
        >>> bn.charts.float_histogram(s).data[0].name
        'Critical'
        """

    def gantt(
        self,
        *,
        baseline: str | Sequence[str] | None = None,
        links: bool = False,
        wbs: str | None = None,
        only: pd.DataFrame | Iterable[str] | None = None,
        group: By | None = None,
        max_rows: int | None = 500,
        columns: Sequence[str] = ('start', 'finish'),
        size: SizeName | None = None,
        zone: str | None = None,
        theme: style.ThemeName = 'auto',
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> Figure:
        """Draw a schedule as a Gantt chart.

        A bar runs from actual (else planned) start to actual (else planned) finish; its solid part is the percent complete.
        Critical tasks (the service's ``is_critical``, where not finished) are vermillion and hatched, key dates and tasks
        without duration are diamonds, the baseline is a thin grey bar below, the data date a dashed line. Tasks are below
        their WBS element, in the order of their starts; WBS elements are in the order of their codes. Nothing is drawn as
        done after the data date.

        Parameters
        ----------
        s
            A ``Schedule``, a mapping of frames, or a tasks frame (also a filtered one).
        baseline
            Name or id of the baseline to compare with, or a list of two; without it the one made last, if there is any.
        links
            Draw the links between the tasks shown, at most 2,000.
        wbs
            Name, path ("Building A > Foundations") or id of a WBS element, to show its branch alone.
        only
            Ids of the tasks to show, or a report that lists them: ``only=bn.reports.look_ahead(s)`` is the look-ahead as
            bars. A driving path comes with its links, the driving ones bold.
        group
            A code, user field, "status", "state" or column of the tasks whose values take the place of the WBS.
        max_rows
            Above it the deepest WBS levels are folded into their parents' rows, with the periods of work and one baseline
            bar over all of it, and the chart says so. None shows every task, of 6,000 at most.
        columns
            What is shown beside the names: "id", "start", "finish", "percent", "duration" and "float" in working days,
            "variance" of the finish against the baseline in calendar days, or the name of a code, a user field or a column
            of the tasks. A WBS element has the least float of its tasks and the variance of their last finish.
        size
            "slide" (16:9), "a4" or "a3" (landscape): the chart gets this size and as many rows as can be read in it.
        zone
            IANA zone in which dates are shown; by default that of ``bentley_nb.options.display_zone``.
        theme
            "light", "dark", "transparent", or "auto" to follow ``plotly.io.templates.default``.
        float_unit
            Unit of the service's raw floats; see ``bentley_nb.reports.total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        plotly.graph_objects.Figure
            ``fig.show()``, ``bentley_nb.charts.save(fig, "gantt.png")``.

        Raises
        ------
        InvalidRequest
            Nothing in the schedule has dates, an option is unknown, the WBS name is that of several elements, or
            ``max_rows=None`` asks for more than 6,000 rows.
        MissingExtra
            Plotly is not installed.

        Examples
        --------
        >>> fig = bn.charts.gantt(s, max_rows=200)
        >>> "Key date" in [trace.name for trace in fig.data]
        True
        """

    def to_excel(
        self,
        path: str | os.PathLike[str],
        *,
        weeks: int = 3,
        baseline: str | None = None,
        profile: str = 'dcma',
        zone: str | None = None,
        float_unit: FloatUnit | None = 'seconds',
        before: Source | None = None,
        data_date: object = None,
        group: By | None = None,
        codes: bool | str | Sequence[str] = True,
        user_fields: bool | str | Sequence[str] = False,
    ) -> Path:
        """Write a schedule's report, or frames, to an Excel workbook that can be sent and printed as it is.

        Of a schedule: a summary with links to all sheets, key dates, the look-ahead as a grid of days, late and critical
        work, S-curve, float and resources with native charts, health with a sheet for what each failed check objects to,
        progress by WBS, and all tasks. Of frames: one sheet each.

        Each sheet is a named table that prints landscape, one page wide. Of our tables and reports the headings are labels
        with units, ids stand last and hidden, flags are "yes" and "no", and what is late or critical is coloured by rules;
        a frame from elsewhere keeps its own names. Dates are real Excel dates as served; with `zone` they are on its clock
        and the heading names it (Excel keeps no zone). Lists are joined by "; ". Text is never made a formula or a link:
        what begins with ``= + - @`` is marked as text, so that it stays so when edited. A last sheet "About" says where
        each sheet came from. Reports read our workbooks back: ``bn.reports.late(pd.read_excel(path, sheet_name="Tasks"))``.

        The file is written beside the old one and takes its place at the end: a failure leaves the old one as it was.

        Parameters
        ----------
        path
            The ``.xlsx`` file to make; an existing one is replaced.
        s
            A ``Schedule``, or a mapping of its frames with ``"tasks"`` and ``"data_date"``; or a frame, or frames by sheet
            name. Names are cleaned of what Excel forbids, cut to 31 characters and kept apart.
        weeks
            Length of the look-ahead; this and the options below but for `zone` are those of a schedule.
        baseline
            Id or name; the latest by default.
        profile
            Of the health checks.
        zone
            IANA name of the zone in which dates are shown, such as ``"Europe/London"``; by default that of
            ``bentley_nb.options.display_zone``.
        float_unit
            Unit of the service's raw floats; see ``bentley_nb.reports.total_float``.
        before
            An earlier state, such as a kept copy; then sheets of what changed since, of signs worth a question and of what
            drives the finish come first.
        data_date
            Overrides the schedule's.
        group
            A code, user field, "status", "state" or column of the tasks whose values take the place of the WBS in the
            look-ahead, the progress and the outline of all tasks, as in ``bentley_nb.charts.gantt``.
        codes, user_fields
            Of the sheet of all tasks: True for a column per code or user field, or their names, as in ``Schedule.tasks``.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        MissingExtra
            XlsxWriter is not installed.
        InvalidRequest
            No frame was given, one is too large for a sheet (1,048,575 rows, 16,384 columns), an option is unknown, or the
            file cannot be written, for example because it is open in Excel.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> bn.export.to_excel(folder / "week.xlsx", s, weeks=6).name
        'week.xlsx'
        >>> bn.export.to_excel(folder / "late.xlsx", {"Late": bn.reports.late(s)}, zone="Europe/London").name
        'late.xlsx'
        """

    def to_html(
        self,
        path: str | os.PathLike[str],
        *,
        before: Source | None = None,
        title: str | None = None,
        weeks: int = 3,
        baseline: str | None = None,
        profile: str = 'dcma',
        charts: Charts = 'interactive',
        max_rows: int = 200,
        zone: str | None = None,
        float_unit: FloatUnit | None = 'seconds',
        data_date: object = None,
    ) -> Path:
        """Write a report to one HTML file that opens anywhere, also offline.

        Of a schedule: summary, key dates, look-ahead, late work, critical work, S-curve, float, health with the first tasks
        or links that each failed check objects to, and the Gantt, each with its data date and the notes of its report. A
        part that cannot be made (no baseline, no float) says why in its place. Or of parts of your own: frames, figures and
        text by heading.

        Interactive charts bring the part of plotly.js along that draws them, 1.2 MB once per file; ``charts="static"``
        draws pictures instead, for a file of a few hundred KB to send by mail, and needs an installed browser to draw them.
        The page loads nothing, sends nothing, prints on A4, and follows the reader's light or dark theme.

        Parameters
        ----------
        path
            The ``.html`` file to make; an existing one is replaced at the end, and kept if anything fails.
        s
            A ``Schedule`` (or kept copy), a mapping of tables with the key "tasks", a tasks frame; or a mapping from
            headings to parts.
        before
            An earlier state of the schedule, such as a kept copy: adds what changed since, signs worth a question, what
            drives the finish, and the previous dates of the key dates.
        title
            Title of the page; by default the schedule's name.
        weeks
            Length of the look-ahead.
        baseline
            Id or name; the latest by default.
        profile
            Of the health checks.
        charts
            "interactive", "static" or "none".
        max_rows
            Most rows of a table, and of the Gantt where it is more than 500; what is cut is said with the true count.
        zone
            IANA zone in which dates are shown, and at whose midnights the periods of the S-curve begin; by default that of
            ``bentley_nb.options.display_zone``.
        float_unit
            Unit of the service's raw floats; see ``bentley_nb.reports.total_float``.
        data_date
            Overrides the schedule's.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        MissingExtra
            Plotly (or kaleido) is not installed; ``charts="none"`` does without.
        InvalidRequest
            An option is unknown, the file cannot be written, or no browser was found for static charts.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> path = bn.export.to_html(pathlib.Path(tempfile.mkdtemp()) / "report.html", s, charts="none")
        >>> "Look-ahead" in path.read_text(encoding="utf-8")
        True
        """

    def keep(
        self,
        folder: str | os.PathLike[str] = 'kept',
        *,
        label: str | None = None,
        tables: str | Sequence[str] | None = None,
    ) -> Path:
        """Write a copy of a schedule to disk, to be opened later without network and credentials.

        Parameters
        ----------
        s
            The schedule. What it has read already is kept as it was read; the rest is read now.
        folder
            Where copies are kept; created if missing.
        label
            A word for this copy, such as ``"before re-plan"``; part of its folder's name.
        tables
            Names from :func:`bentley_nb.catalog`, or ``"all"``. None: what the reports, SQL, user fields and codes and a
            comparison need.

        Returns
        -------
        pathlib.Path
            The copy's folder, ``<folder>/<schedule>/<data date>[-label]`` (the day of reading where there is no data
            date): a Parquet file per table and ``copy.json``, which also says what could not be read and why. A second
            copy of one data date becomes ``<data date>.2``; a copy is never overwritten.

        Raises
        ------
        InvalidRequest
            No such table, or a folder that cannot be written to.
        BentleyError
            A table that was named, or that of the tasks, could not be read.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     old = bn.open(s.keep(folder))
        ...     old.tasks().equals(s.tasks())
        True
        """

    def schedule(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """The schedule itself.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``imodel_id`` (id): iModel of the schedule; missing where none is linked
            ``itwin_id`` (id): project the schedule belongs to
            ``id`` (id): id of the schedule; for v6.5 often equal to the project's
            ``is_next_gen`` (flag): true for v10, false for v6.5; the Enterprise surface may omit it
            ``name`` (text): name of the schedule
            ``type`` (enum): v10 or v6.5

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.schedule().columns[:2].tolist()
        ['imodel_id', 'itwin_id']
        """

    def project_scheduling(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Data date of the schedule.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``data_date`` (instant): data date of the schedule
            ``data_date_type`` (enum): how the data date is set, for example Manual

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.project_scheduling().columns[:2].tolist()
        ['data_date', 'data_date_type']
        """

    def settings(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Default calendar of the schedule.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``default_calendar_id`` (id): calendar of new tasks and links that name none

        Notes
        -----
        Served by: Platform surface; schedules of type v10.
        Evidence: documented.

        Examples
        --------
        >>> s.settings().columns[:2].tolist()
        ['default_calendar_id']
        """

    def sync_configuration(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """The pair of a v6.5 and a v10 schedule that are kept in step.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``is_enabled`` (flag): whether the synchronization is on
            ``v10_schedule_id`` (id): v10 schedule of the pair
            ``v65_schedule_id`` (id): v6.5 schedule of the pair

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.sync_configuration().columns[:2].tolist()
        ['is_enabled', 'v10_schedule_id']
        """

    def sync_operations(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Runs of that synchronization.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the run
            ``state`` (enum): state of the run, for example Queued
            ``created_at`` (instant): when the run was requested
            ``completion_time`` (instant): when the run ended
            ``failure_description`` (text): why the run failed
            ``synchronization_step_states_odbc_export_state`` (enum): state of the ODBC export step
            ``synchronization_step_states_sync_to_v10_schedule_state`` (enum): state of the step that writes the v10 schedule
            ``synchronization_step_states_sync_from_i_model_state`` (enum): state of the step that reads the iModel
            ``synchronization_step_states_sync_to_i_model_state`` (enum): state of the step that writes the iModel

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.sync_operations().columns[:2].tolist()
        ['id', 'state']
        """

    def operation(
        self,
        operation_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """State of one long-running change.

        Parameters
        ----------
        operation_id
            Id of the operation; no table lists them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the operation
            ``status`` (enum): status of the operation, for example Failed
            ``sub_status`` (enum): more detailed status
            ``percent_complete`` (measure) [%]: progress of the operation, 0 to 100
            ``failure_description`` (text): why the operation failed
            ``created_at`` (instant): when the operation was requested
            ``updated_at`` (instant): when the status last changed

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def tasks(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Tasks: summaries, work, key dates and hammocks.

        Parameters
        ----------
        user_fields
            True for one typed column per user field of a row, or the names of user fields.
        codes
            True for one column per code of a row, or the names of codes.
            ``"Trade [description]"`` shows the descriptions of the values of that code.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the task
            ``name`` (text): name of the task
            ``user_defined_id`` (text): activity id as planners see it
            ``parent_id`` (id): summary task above; missing at the root
            ``is_wbs`` (flag): true for a summary (WBS) task
            ``type`` (enum): Work, StartKeyDate, FinishKeyDate, ShortHammock, LongHammock, Meeting ...
            ``status`` (enum): Planned, Started or Finished
            ``status_id`` (id): task status (task_statuses)
            ``planned_start`` (instant): start of what remains to be done; a FinishKeyDate has none
            ``planned_finish`` (instant): finish of what remains to be done; a StartKeyDate has none
            ``planned_duration_hours`` (hours) [hours of working time]: whole planned duration
            ``actual_start`` (instant): when work began; missing before
            ``actual_finish`` (instant): when work ended; missing before
            ``actual_duration_hours`` (hours) [hours of working time]: worked so far
            ``remaining_duration_hours`` (hours) [hours of working time]: still to be worked
            ``expected_finish`` (instant): finish the planner expects, where one was entered
            ``estimated_finish`` (instant): finish of a started task, since 2026-05 (inferred)
            ``percent_complete`` (measure) [%]: progress, 0 to 100
            ``progress_type`` (enum): how progress is determined, for example Automatic
            ``duration_type`` (enum): how the duration is determined, for example Fixed
            ``constraint_type`` (enum): NoConstraint, StartOn, FinishBefore, MandatoryStart ...
            ``constraint_early_date`` (instant): date of the constraint; of a ...Between constraint the earlier one
            ``constraint_late_date`` (instant): later date of a ...Between constraint
            ``calendar_id`` (id): calendar the task is worked on
            ``comment`` (text): comment on the task
            ``url`` (text): link entered for the task
            ``physical_quantity`` (measure) [see physical_quantity_unit]: planned quantity
            ``actual_physical_quantity`` (measure) [see physical_quantity_unit]: quantity done
            ``remaining_physical_quantity`` (measure) [see physical_quantity_unit]: quantity still to be done
            ``physical_quantity_unit`` (enum): unit of the quantities
            ``estimated_rate`` (measure): estimated rate of production; the unit is undocumented
            ``deleted`` (flag): true for a deleted task (inferred)
            Then ``wbs_path``, ``wbs_level`` and ``is_leaf``, computed from the tree of the tasks.
            Then the user fields and codes asked for.

        Raises
        ------
        InvalidRequest
            There is no such user field or code; the message names the nearest.

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: recorded.

        Examples
        --------
        >>> s.tasks(user_fields=True, codes=True).columns[:2].tolist()
        ['id', 'name']
        """

    def task(
        self,
        task_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One task.

        Parameters
        ----------
        task_id
            Id of one of the tasks.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the task
            ``name`` (text): name of the task
            ``user_defined_id`` (text): activity id as planners see it
            ``parent_id`` (id): summary task above; missing at the root
            ``is_wbs`` (flag): true for a summary (WBS) task
            ``type`` (enum): Work, StartKeyDate, FinishKeyDate, ShortHammock, LongHammock, Meeting ...
            ``status`` (enum): Planned, Started or Finished
            ``status_id`` (id): task status (task_statuses)
            ``planned_start`` (instant): start of what remains to be done; a FinishKeyDate has none
            ``planned_finish`` (instant): finish of what remains to be done; a StartKeyDate has none
            ``planned_duration_hours`` (hours) [hours of working time]: whole planned duration
            ``actual_start`` (instant): when work began; missing before
            ``actual_finish`` (instant): when work ended; missing before
            ``actual_duration_hours`` (hours) [hours of working time]: worked so far
            ``remaining_duration_hours`` (hours) [hours of working time]: still to be worked
            ``expected_finish`` (instant): finish the planner expects, where one was entered
            ``estimated_finish`` (instant): finish of a started task, since 2026-05 (inferred)
            ``percent_complete`` (measure) [%]: progress, 0 to 100
            ``progress_type`` (enum): how progress is determined, for example Automatic
            ``duration_type`` (enum): how the duration is determined, for example Fixed
            ``constraint_type`` (enum): NoConstraint, StartOn, FinishBefore, MandatoryStart ...
            ``constraint_early_date`` (instant): date of the constraint; of a ...Between constraint the earlier one
            ``constraint_late_date`` (instant): later date of a ...Between constraint
            ``calendar_id`` (id): calendar the task is worked on
            ``comment`` (text): comment on the task
            ``url`` (text): link entered for the task
            ``physical_quantity`` (measure) [see physical_quantity_unit]: planned quantity
            ``actual_physical_quantity`` (measure) [see physical_quantity_unit]: quantity done
            ``remaining_physical_quantity`` (measure) [see physical_quantity_unit]: quantity still to be done
            ``physical_quantity_unit`` (enum): unit of the quantities
            ``estimated_rate`` (measure): estimated rate of production; the unit is undocumented
            ``deleted`` (flag): true for a deleted task (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def task_children(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Tasks directly below a task.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): the parent in tasks that was asked for (inferred)
            ``id`` (id): id of the task
            ``name`` (text): name of the task
            ``user_defined_id`` (text): activity id as planners see it
            ``parent_id`` (id): summary task above; missing at the root
            ``is_wbs`` (flag): true for a summary (WBS) task
            ``type`` (enum): Work, StartKeyDate, FinishKeyDate, ShortHammock, LongHammock, Meeting ...
            ``status`` (enum): Planned, Started or Finished
            ``status_id`` (id): task status (task_statuses)
            ``planned_start`` (instant): start of what remains to be done; a FinishKeyDate has none
            ``planned_finish`` (instant): finish of what remains to be done; a StartKeyDate has none
            ``planned_duration_hours`` (hours) [hours of working time]: whole planned duration
            ``actual_start`` (instant): when work began; missing before
            ``actual_finish`` (instant): when work ended; missing before
            ``actual_duration_hours`` (hours) [hours of working time]: worked so far
            ``remaining_duration_hours`` (hours) [hours of working time]: still to be worked
            ``expected_finish`` (instant): finish the planner expects, where one was entered
            ``estimated_finish`` (instant): finish of a started task, since 2026-05 (inferred)
            ``percent_complete`` (measure) [%]: progress, 0 to 100
            ``progress_type`` (enum): how progress is determined, for example Automatic
            ``duration_type`` (enum): how the duration is determined, for example Fixed
            ``constraint_type`` (enum): NoConstraint, StartOn, FinishBefore, MandatoryStart ...
            ``constraint_early_date`` (instant): date of the constraint; of a ...Between constraint the earlier one
            ``constraint_late_date`` (instant): later date of a ...Between constraint
            ``calendar_id`` (id): calendar the task is worked on
            ``comment`` (text): comment on the task
            ``url`` (text): link entered for the task
            ``physical_quantity`` (measure) [see physical_quantity_unit]: planned quantity
            ``actual_physical_quantity`` (measure) [see physical_quantity_unit]: quantity done
            ``remaining_physical_quantity`` (measure) [see physical_quantity_unit]: quantity still to be done
            ``physical_quantity_unit`` (enum): unit of the quantities
            ``estimated_rate`` (measure): estimated rate of production; the unit is undocumented
            ``deleted`` (flag): true for a deleted task (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def task_links(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Links between tasks, with type and lag.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the link
            ``predecessor_id`` (id): task the link starts from
            ``successor_id`` (id): task the link leads to
            ``type`` (enum): FinishToStart, StartToStart, FinishToFinish or StartToFinish
            ``lag_hours`` (hours) [hours of working time]: lag; negative for a lead
            ``calendar_id`` (id): calendar the lag is counted in
            ``created_on`` (instant): when the link was created
            ``deleted`` (flag): true for a deleted link

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.task_links().columns[:2].tolist()
        ['id', 'predecessor_id']
        """

    def task_link(
        self,
        task_link_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One link.

        Parameters
        ----------
        task_link_id
            Id of one of the task_links.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the link
            ``predecessor_id`` (id): task the link starts from
            ``successor_id`` (id): task the link leads to
            ``type`` (enum): FinishToStart, StartToStart, FinishToFinish or StartToFinish
            ``lag_hours`` (hours) [hours of working time]: lag; negative for a lead
            ``calendar_id`` (id): calendar the lag is counted in
            ``created_on`` (instant): when the link was created
            ``deleted`` (flag): true for a deleted link

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def task_downstream_links(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Links to the successors of a task.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): the parent in tasks that was asked for (inferred)
            ``id`` (id): id of the link
            ``predecessor_id`` (id): task the link starts from
            ``successor_id`` (id): task the link leads to
            ``type`` (enum): FinishToStart, StartToStart, FinishToFinish or StartToFinish
            ``lag_hours`` (hours) [hours of working time]: lag; negative for a lead
            ``calendar_id`` (id): calendar the lag is counted in
            ``created_on`` (instant): when the link was created
            ``deleted`` (flag): true for a deleted link

        Notes
        -----
        Served by: Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def task_upstream_links(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Links to the predecessors of a task.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): the parent in tasks that was asked for (inferred)
            ``id`` (id): id of the link
            ``predecessor_id`` (id): task the link starts from
            ``successor_id`` (id): task the link leads to
            ``type`` (enum): FinishToStart, StartToStart, FinishToFinish or StartToFinish
            ``lag_hours`` (hours) [hours of working time]: lag; negative for a lead
            ``calendar_id`` (id): calendar the lag is counted in
            ``created_on`` (instant): when the link was created
            ``deleted`` (flag): true for a deleted link

        Notes
        -----
        Served by: Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def task_statuses(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """The statuses a task can have.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the task status
            ``name`` (text): name of the task status
            ``type`` (enum): state of a task it stands for, for example Planned
            ``color`` (text): color as #rrggbb
            ``is_default`` (flag): whether tasks of that state have it unless told otherwise
            ``deleted`` (flag): true for a deleted task status

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.task_statuses().columns[:2].tolist()
        ['id', 'name']
        """

    def task_status(
        self,
        task_status_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One task status.

        Parameters
        ----------
        task_status_id
            Id of one of the task_statuses.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the task status
            ``name`` (text): name of the task status
            ``type`` (enum): state of a task it stands for, for example Planned
            ``color`` (text): color as #rrggbb
            ``is_default`` (flag): whether tasks of that state have it unless told otherwise
            ``deleted`` (flag): true for a deleted task status

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def task_scheduling_analyses(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Float and criticality of each task, as of the last reschedule.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): task that was analyzed
            ``is_critical`` (flag): whether the task is critical
            ``downstream_total_float`` (count) [undocumented; seconds of working time is inferred]: total float as sent
            ``downstream_free_float`` (count) [undocumented; seconds of working time is inferred]: free float as sent

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.task_scheduling_analyses().columns[:2].tolist()
        ['task_id', 'is_critical']
        """

    def task_query_filters(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Stored task filters.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the filter
            ``name`` (text): name of the filter
            ``is_shared`` (flag): whether other users see the filter
            ``version`` (text): version of the filter
            ``with_children`` (flag): whether children of the matching tasks are shown
            ``created_by`` (text): who created the filter (inferred)
            ``task_name_operation`` (enum): how task names are compared, for example EndsWith
            ``task_name_values`` (list): what task names are compared with
            ``task_percent_complete_operation`` (enum): how percent complete is compared, for example MoreOrEqual
            ``task_percent_complete_values`` (list): what percent complete is compared with
            ``task_type_operation`` (enum): how task types are compared: Equals or NotEquals
            ``task_type_values`` (list): what task types are compared with
            ``deleted`` (flag): true for a deleted filter (inferred)

        Notes
        -----
        Served by: Platform surface; schedules of type v10.
        Evidence: documented.

        Examples
        --------
        >>> s.task_query_filters().columns[:2].tolist()
        ['id', 'name']
        """

    def resource_assignments(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Resources assigned to tasks.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the assignment
            ``task_id`` (id): task the resource works on
            ``resource_id`` (id): resource that is assigned
            ``appearance_profile_id`` (id): appearance profile of the assignment (appearance_profiles)
            ``actual_utilization_resource_count`` (measure): actual number of resources
            ``actual_utilization_resource_units`` (measure): actual units
            ``planned_utilization_percent_of_one_resource_unit_per_day`` (measure) [% per day]: planned share of one unit
            ``planned_utilization_percent_of_total_resource_units_per_day`` (measure) [% per day]: planned share of all units
            ``planned_utilization_resource_count`` (measure): planned number of resources
            ``planned_utilization_resource_units`` (measure): planned units
            ``planned_utilization_resource_units_per_day`` (measure): planned units per day
            ``remaining_utilization_percent_of_one_resource_unit_per_day`` (measure) [% per day]: remaining share of one unit
            ``remaining_utilization_percent_of_total_resource_units_per_day`` (measure) [% per day]: remaining share of all units
            ``remaining_utilization_resource_count`` (measure): remaining number of resources
            ``remaining_utilization_resource_units`` (measure): remaining units
            ``remaining_utilization_resource_units_per_day`` (measure): remaining units per day
            ``deleted`` (flag): true for a deleted assignment

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_assignments_of_task(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Resources assigned to one task.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the assignment
            ``task_id`` (id): task the resource works on
            ``resource_id`` (id): resource that is assigned
            ``appearance_profile_id`` (id): appearance profile of the assignment (appearance_profiles)
            ``actual_utilization_resource_count`` (measure): actual number of resources
            ``actual_utilization_resource_units`` (measure): actual units
            ``planned_utilization_percent_of_one_resource_unit_per_day`` (measure) [% per day]: planned share of one unit
            ``planned_utilization_percent_of_total_resource_units_per_day`` (measure) [% per day]: planned share of all units
            ``planned_utilization_resource_count`` (measure): planned number of resources
            ``planned_utilization_resource_units`` (measure): planned units
            ``planned_utilization_resource_units_per_day`` (measure): planned units per day
            ``remaining_utilization_percent_of_one_resource_unit_per_day`` (measure) [% per day]: remaining share of one unit
            ``remaining_utilization_percent_of_total_resource_units_per_day`` (measure) [% per day]: remaining share of all units
            ``remaining_utilization_resource_count`` (measure): remaining number of resources
            ``remaining_utilization_resource_units`` (measure): remaining units
            ``remaining_utilization_resource_units_per_day`` (measure): remaining units per day
            ``deleted`` (flag): true for a deleted assignment

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def task_code_value_assignments(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values given to tasks.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``code_value_id`` (id): code value that is assigned (code_values)
            ``task_id`` (id): task it is assigned to

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.task_code_value_assignments().columns[:2].tolist()
        ['code_value_id', 'task_id']
        """

    def task_code_values(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values of one task.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): the parent in tasks that was asked for (inferred)
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def task_user_field_values(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of tasks.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): task the value belongs to (inferred)
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def user_field_values_of_task(
        self,
        task_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of one task.

        Parameters
        ----------
        task_id
            Id of one of the tasks. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): task the value belongs to (inferred)
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def resources(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """People, equipment, material and locations.

        Parameters
        ----------
        user_fields
            True for one typed column per user field of a row, or the names of user fields.
        codes
            True for one column per code of a row, or the names of codes.
            ``"Trade [description]"`` shows the descriptions of the values of that code.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource
            ``name`` (text): name of the resource
            ``description`` (text): description of the resource
            ``user_defined_id`` (text): resource id as planners see it
            ``type`` (enum): Equipment, Human, Location or Material
            ``parent_id`` (id): resource above; missing at the root
            ``email`` (text): e-mail address; only a Human has one
            ``lead_time_hours`` (hours) [hours of working time]: time to order; seconds on the wire are inferred (inferred)
            ``renewable`` (flag): whether the resource can be used again
            ``whole_units`` (flag): whether only whole units are assigned
            ``unit_type`` (enum): unit the resource is counted in, for example Box
            ``url`` (text): link entered for the resource
            ``calendar_id`` (id): calendar the resource works on
            ``deleted`` (flag): true for a deleted resource
            Then the user fields and codes asked for.

        Raises
        ------
        InvalidRequest
            There is no such user field or code; the message names the nearest.

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.resources(user_fields=True, codes=True).columns[:2].tolist()
        ['id', 'name']
        """

    def resource(
        self,
        resource_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One resource.

        Parameters
        ----------
        resource_id
            Id of one of the resources.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource
            ``name`` (text): name of the resource
            ``description`` (text): description of the resource
            ``user_defined_id`` (text): resource id as planners see it
            ``type`` (enum): Equipment, Human, Location or Material
            ``parent_id`` (id): resource above; missing at the root
            ``email`` (text): e-mail address; only a Human has one
            ``lead_time_hours`` (hours) [hours of working time]: time to order; seconds on the wire are inferred (inferred)
            ``renewable`` (flag): whether the resource can be used again
            ``whole_units`` (flag): whether only whole units are assigned
            ``unit_type`` (enum): unit the resource is counted in, for example Box
            ``url`` (text): link entered for the resource
            ``calendar_id`` (id): calendar the resource works on
            ``deleted`` (flag): true for a deleted resource

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_children(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Resources directly below a resource.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_id`` (id): the parent in resources that was asked for (inferred)
            ``id`` (id): id of the resource
            ``name`` (text): name of the resource
            ``description`` (text): description of the resource
            ``user_defined_id`` (text): resource id as planners see it
            ``type`` (enum): Equipment, Human, Location or Material
            ``parent_id`` (id): resource above; missing at the root
            ``email`` (text): e-mail address; only a Human has one
            ``lead_time_hours`` (hours) [hours of working time]: time to order; seconds on the wire are inferred (inferred)
            ``renewable`` (flag): whether the resource can be used again
            ``whole_units`` (flag): whether only whole units are assigned
            ``unit_type`` (enum): unit the resource is counted in, for example Box
            ``url`` (text): link entered for the resource
            ``calendar_id`` (id): calendar the resource works on
            ``deleted`` (flag): true for a deleted resource

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def resource_user_field_values(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of resources.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_id`` (id): resource the value belongs to
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def user_field_values_of_resource(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of one resource.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_id`` (id): resource the value belongs to
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_code_value_assignments(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values given to resources.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``code_value_id`` (id): code value that is assigned (code_values)
            ``resource_id`` (id): resource it is assigned to (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.

        Examples
        --------
        >>> s.resource_code_value_assignments().columns[:2].tolist()
        ['code_value_id', 'resource_id']
        """

    def resource_code_values(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values of one resource.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_id`` (id): the parent in resources that was asked for (inferred)
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def resource_entities_3d(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """3D entities of one resource.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_id`` (id): the parent in resources that was asked for (inferred)
            ``id`` (id): id of the 3D entity
            ``name`` (text): name of the 3D entity
            ``parent_id`` (id): 3D entity above; missing at the root
            ``imodel_element_id`` (id): element of the iModel it stands for, in hexadecimal

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: documented.
        """

    def resource_entity_3d_assignments(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """3D entities of resources; the members are undocumented.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            The members are undocumented; what the service sends is kept.

        Notes
        -----
        Served by: Enterprise surface; schedules of type v6.5.
        Evidence: documented.
        """

    def resource_groups(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Groups of resources, with the people who lead them.

        Parameters
        ----------
        user_fields
            True for one typed column per user field of a row, or the names of user fields.
        codes
            True for one column per code of a row, or the names of codes.
            ``"Trade [description]"`` shows the descriptions of the values of that code.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource group
            ``name`` (text): name of the resource group
            ``description`` (text): description of the resource group
            ``user_defined_id`` (text): resource group id as planners see it
            ``url`` (text): link entered for the resource group
            ``foreman_resource_id`` (id): resource that is the foreman
            ``general_foreman_resource_id`` (id): resource that is the general foreman
            ``planner_resource_id`` (id): resource that is the planner
            ``superintendent_resource_id`` (id): resource that is the superintendent
            ``deleted`` (flag): true for a deleted resource group (inferred)
            Then the user fields and codes asked for.

        Raises
        ------
        InvalidRequest
            There is no such user field or code; the message names the nearest.

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.resource_groups(user_fields=True, codes=True).columns[:2].tolist()
        ['id', 'name']
        """

    def resource_group(
        self,
        resource_group_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One resource group.

        Parameters
        ----------
        resource_group_id
            Id of one of the resource_groups.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource group
            ``name`` (text): name of the resource group
            ``description`` (text): description of the resource group
            ``user_defined_id`` (text): resource group id as planners see it
            ``url`` (text): link entered for the resource group
            ``foreman_resource_id`` (id): resource that is the foreman
            ``general_foreman_resource_id`` (id): resource that is the general foreman
            ``planner_resource_id`` (id): resource that is the planner
            ``superintendent_resource_id`` (id): resource that is the superintendent
            ``deleted`` (flag): true for a deleted resource group (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_group_resources(
        self,
        resource_group_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Members of a resource group.

        Parameters
        ----------
        resource_group_id
            Id of one of the resource_groups. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_group_id`` (id): the parent in resource_groups that was asked for (inferred)
            ``id`` (id): id of the resource
            ``name`` (text): name of the resource
            ``description`` (text): description of the resource
            ``user_defined_id`` (text): resource id as planners see it
            ``type`` (enum): Equipment, Human, Location or Material
            ``parent_id`` (id): resource above; missing at the root
            ``email`` (text): e-mail address; only a Human has one
            ``lead_time_hours`` (hours) [hours of working time]: time to order; seconds on the wire are inferred (inferred)
            ``renewable`` (flag): whether the resource can be used again
            ``whole_units`` (flag): whether only whole units are assigned
            ``unit_type`` (enum): unit the resource is counted in, for example Box
            ``url`` (text): link entered for the resource
            ``calendar_id`` (id): calendar the resource works on
            ``deleted`` (flag): true for a deleted resource

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_group_code_values(
        self,
        resource_group_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values of one resource group.

        Parameters
        ----------
        resource_group_id
            Id of one of the resource_groups. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_group_id`` (id): the parent in resource_groups that was asked for (inferred)
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_group_user_field_values(
        self,
        resource_group_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of resource groups.

        Parameters
        ----------
        resource_group_id
            Id of one of the resource_groups. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_group_id`` (id): resource group the value belongs to
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def user_field_values_of_resource_group(
        self,
        resource_group_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of one resource group.

        Parameters
        ----------
        resource_group_id
            Id of one of the resource_groups. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``resource_group_id`` (id): resource group the value belongs to
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_group_code_value_assignments(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values given to resource groups.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``code_value_id`` (id): code value that is assigned (code_values)
            ``resource_group_id`` (id): resource group it is assigned to (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.

        Examples
        --------
        >>> s.resource_group_code_value_assignments().columns[:2].tolist()
        ['code_value_id', 'resource_group_id']
        """

    def resource_status_history(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Statuses recorded for resources, with the date they took place.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the entry
            ``resource_id`` (id): resource whose status changed
            ``status_category_id`` (id): category of the status (resource_status_categories)
            ``status_item_id`` (id): status it changed to (resource_status_items)
            ``date`` (instant): when the change took place
            ``record_date`` (instant): when the change was recorded
            ``is_critical`` (flag): whether the entry is marked as critical
            ``note`` (text): note on the change
            ``deleted`` (flag): true for a deleted entry

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def resource_status_history_item(
        self,
        status_history_item_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One recorded status.

        Parameters
        ----------
        status_history_item_id
            Id of one of the resource_status_history.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the entry
            ``resource_id`` (id): resource whose status changed
            ``status_category_id`` (id): category of the status (resource_status_categories)
            ``status_item_id`` (id): status it changed to (resource_status_items)
            ``date`` (instant): when the change took place
            ``record_date`` (instant): when the change was recorded
            ``is_critical`` (flag): whether the entry is marked as critical
            ``note`` (text): note on the change
            ``deleted`` (flag): true for a deleted entry

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_history_of_resource(
        self,
        resource_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Statuses recorded for one resource.

        Parameters
        ----------
        resource_id
            Id of one of the resources. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the entry
            ``resource_id`` (id): resource whose status changed
            ``status_category_id`` (id): category of the status (resource_status_categories)
            ``status_item_id`` (id): status it changed to (resource_status_items)
            ``date`` (instant): when the change took place
            ``record_date`` (instant): when the change was recorded
            ``is_critical`` (flag): whether the entry is marked as critical
            ``note`` (text): note on the change
            ``deleted`` (flag): true for a deleted entry

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_categories(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Categories of resource status.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the status category
            ``name`` (text): name of the status category (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.

        Examples
        --------
        >>> s.resource_status_categories().columns[:2].tolist()
        ['id', 'name']
        """

    def resource_status_category(
        self,
        status_category_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One category.

        Parameters
        ----------
        status_category_id
            Id of one of the resource_status_categories.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the status category
            ``name`` (text): name of the status category (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_sets(
        self,
        status_category_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Sets of resource statuses.

        Parameters
        ----------
        status_category_id
            Id of one of the resource_status_categories. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the status set
            ``name`` (text): name of the status set
            ``status_category_id`` (id): category the set belongs to (resource_status_categories)
            ``deleted`` (flag): true for a deleted status set

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def resource_status_set(
        self,
        status_set_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One set.

        Parameters
        ----------
        status_set_id
            Id of one of the resource_status_sets.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the status set
            ``name`` (text): name of the status set
            ``status_category_id`` (id): category the set belongs to (resource_status_categories)
            ``deleted`` (flag): true for a deleted status set

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_sets_of_category(
        self,
        status_category_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Sets of one category.

        Parameters
        ----------
        status_category_id
            Id of one of the resource_status_categories. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the status set
            ``name`` (text): name of the status set
            ``status_category_id`` (id): category the set belongs to (resource_status_categories)
            ``deleted`` (flag): true for a deleted status set

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_items(
        self,
        status_set_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """The single resource statuses.

        Parameters
        ----------
        status_set_id
            Id of one of the resource_status_sets. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource status
            ``name`` (text): name of the resource status
            ``status_set_id`` (id): set the status belongs to (resource_status_sets)
            ``color`` (text): color as #rrggbb
            ``is_visible`` (flag): whether elements of that status are visible
            ``transparency`` (count) [%]: transparency, 0 to 100
            ``use_original_transparency`` (flag): whether elements keep their own transparency
            ``deleted`` (flag): true for a deleted resource status

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_item(
        self,
        status_item_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One resource status.

        Parameters
        ----------
        status_item_id
            Id of one of the resource_status_items.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource status
            ``name`` (text): name of the resource status
            ``status_set_id`` (id): set the status belongs to (resource_status_sets)
            ``color`` (text): color as #rrggbb
            ``is_visible`` (flag): whether elements of that status are visible
            ``transparency`` (count) [%]: transparency, 0 to 100
            ``use_original_transparency`` (flag): whether elements keep their own transparency
            ``deleted`` (flag): true for a deleted resource status

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def resource_status_items_of_set(
        self,
        status_set_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Statuses of one set.

        Parameters
        ----------
        status_set_id
            Id of one of the resource_status_sets. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the resource status
            ``name`` (text): name of the resource status
            ``status_set_id`` (id): set the status belongs to (resource_status_sets)
            ``color`` (text): color as #rrggbb
            ``is_visible`` (flag): whether elements of that status are visible
            ``transparency`` (count) [%]: transparency, 0 to 100
            ``use_original_transparency`` (flag): whether elements keep their own transparency
            ``deleted`` (flag): true for a deleted resource status

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def user_fields(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User fields: name, category and declared type.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the user field
            ``name`` (text): name of the user field, which names its column
            ``category`` (enum): what has the field: Task, Resource, ResourceGroup or Entity3d
            ``type`` (enum): String, Float, Integer, Boolean, StartDate or FinishDate
            ``color`` (text): color as #rrggbb
            ``deleted`` (flag): true for a deleted user field

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.user_fields().columns[:2].tolist()
        ['id', 'name']
        """

    def user_field(
        self,
        user_field_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One user field.

        Parameters
        ----------
        user_field_id
            Id of one of the user_fields.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the user field
            ``name`` (text): name of the user field, which names its column
            ``category`` (enum): what has the field: Task, Resource, ResourceGroup or Entity3d
            ``type`` (enum): String, Float, Integer, Boolean, StartDate or FinishDate
            ``color`` (text): color as #rrggbb
            ``deleted`` (flag): true for a deleted user field

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def codes(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Codes (activity codes and the like).

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the code
            ``category`` (enum): what the code classifies: Activity, Resource, ResourceGroup or Cost
            ``name`` (text): name of the code, which names its column
            ``deleted`` (flag): true for a deleted code

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.codes().columns[:2].tolist()
        ['id', 'category']
        """

    def code(
        self,
        code_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One code.

        Parameters
        ----------
        code_id
            Id of one of the codes.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the code
            ``category`` (enum): what the code classifies: Activity, Resource, ResourceGroup or Cost
            ``name`` (text): name of the code, which names its column
            ``deleted`` (flag): true for a deleted code

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def code_values(
        self,
        code_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Values of codes, a tree.

        Parameters
        ----------
        code_id
            Id of one of the codes. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def code_value(
        self,
        code_value_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One code value.

        Parameters
        ----------
        code_value_id
            Id of one of the code_values.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def code_values_of_code(
        self,
        code_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Values of one code.

        Parameters
        ----------
        code_id
            Id of one of the codes. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def code_value_children(
        self,
        code_value_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values directly below a code value.

        Parameters
        ----------
        code_value_id
            Id of one of the code_values. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``code_value_id`` (id): the parent in code_values that was asked for (inferred)
            ``id`` (id): id of the code value
            ``code_id`` (id): code it is a value of
            ``name`` (text): name of the code value
            ``description`` (text): description of the code value
            ``color`` (text): color as #rrggbb
            ``parent_id`` (id): code value above; missing at the root
            ``deleted`` (flag): true for a deleted code value

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def calendars(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Working weeks and their exceptions.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the calendar
            ``name`` (text): name of the calendar
            ``parent_id`` (id): calendar it is derived from
            ``day_types`` (list): kinds of day with their working times
            ``exceptions`` (list): days that differ from the week: date and dayTypeId (their shape is inferred)
            ``week_monday_day_type_id`` (id): kind of day of a Monday
            ``week_tuesday_day_type_id`` (id): kind of day of a Tuesday
            ``week_wednesday_day_type_id`` (id): kind of day of a Wednesday (inferred)
            ``week_thursday_day_type_id`` (id): kind of day of a Thursday
            ``week_friday_day_type_id`` (id): kind of day of a Friday
            ``week_saturday_day_type_id`` (id): kind of day of a Saturday
            ``week_sunday_day_type_id`` (id): kind of day of a Sunday
            ``deleted`` (flag): true for a deleted calendar

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.calendars().columns[:2].tolist()
        ['id', 'name']
        """

    def calendar(
        self,
        calendar_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One calendar.

        Parameters
        ----------
        calendar_id
            Id of one of the calendars.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the calendar
            ``name`` (text): name of the calendar
            ``parent_id`` (id): calendar it is derived from
            ``day_types`` (list): kinds of day with their working times
            ``exceptions`` (list): days that differ from the week: date and dayTypeId (their shape is inferred)
            ``week_monday_day_type_id`` (id): kind of day of a Monday
            ``week_tuesday_day_type_id`` (id): kind of day of a Tuesday
            ``week_wednesday_day_type_id`` (id): kind of day of a Wednesday (inferred)
            ``week_thursday_day_type_id`` (id): kind of day of a Thursday
            ``week_friday_day_type_id`` (id): kind of day of a Friday
            ``week_saturday_day_type_id`` (id): kind of day of a Saturday
            ``week_sunday_day_type_id`` (id): kind of day of a Sunday
            ``deleted`` (flag): true for a deleted calendar

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def baselines(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Baselines of the schedule.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the baseline
            ``name`` (text): name of the baseline
            ``created_on`` (instant): when the baseline was taken
            ``deleted`` (flag): true for a deleted baseline

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.baselines().columns[:2].tolist()
        ['id', 'name']
        """

    def baseline(
        self,
        baseline_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One baseline.

        Parameters
        ----------
        baseline_id
            Id of one of the baselines.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the baseline
            ``name`` (text): name of the baseline
            ``created_on`` (instant): when the baseline was taken
            ``deleted`` (flag): true for a deleted baseline

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: inferred.
        """

    def baseline_tasks(
        self,
        baseline_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Tasks as they stood in a baseline.

        Parameters
        ----------
        baseline_id
            Id of one of the baselines. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``baseline_id`` (id): the parent in baselines that was asked for (inferred)
            ``task_id`` (id): task it is the baseline of (inferred)
            ``planned_start`` (instant): start at the time of the baseline (inferred)
            ``planned_finish`` (instant): finish at the time of the baseline (inferred)
            ``planned_duration_hours`` (hours) [hours of working time]: duration at the time of the baseline (inferred)

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def baseline_task_scheduling_analyses(
        self,
        baseline_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Float and criticality of each task in a baseline.

        Parameters
        ----------
        baseline_id
            Id of one of the baselines. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``baseline_id`` (id): baseline the analysis is of
            ``task_id`` (id): task that was analyzed
            ``is_critical`` (flag): whether the task is critical
            ``downstream_total_float`` (count) [undocumented; seconds of working time is inferred]: total float as sent
            ``downstream_free_float`` (count) [undocumented; seconds of working time is inferred]: free float as sent

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def baseline_code_value_assignments(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values given to baselines.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``code_value_id`` (id): code value that is assigned (code_values)
            ``baseline_id`` (id): baseline it is assigned to (inferred)

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.baseline_code_value_assignments().columns[:2].tolist()
        ['code_value_id', 'baseline_id']
        """

    def entities_3d(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """3D entities and the iModel elements behind them.

        Parameters
        ----------
        user_fields
            True for one typed column per user field of a row, or the names of user fields.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the 3D entity
            ``name`` (text): name of the 3D entity
            ``parent_id`` (id): 3D entity above; missing at the root
            ``imodel_element_id`` (id): element of the iModel it stands for, in hexadecimal
            Then the user fields asked for.

        Raises
        ------
        InvalidRequest
            There is no such user field; the message names the nearest.

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: documented.
        """

    def entity_3d(
        self,
        entity_3d_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One 3D entity.

        Parameters
        ----------
        entity_3d_id
            Id of one of the entities_3d.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the 3D entity
            ``name`` (text): name of the 3D entity
            ``parent_id`` (id): 3D entity above; missing at the root
            ``imodel_element_id`` (id): element of the iModel it stands for, in hexadecimal

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: documented.
        """

    def root_entities_3d(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """3D entities without a parent.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the 3D entity
            ``name`` (text): name of the 3D entity
            ``parent_id`` (id): 3D entity above; missing at the root
            ``imodel_element_id`` (id): element of the iModel it stands for, in hexadecimal

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: inferred.
        """

    def entity_3d_children(
        self,
        entity_3d_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """3D entities directly below a 3D entity.

        Parameters
        ----------
        entity_3d_id
            Id of one of the entities_3d. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``entity_3d_id`` (id): the parent in entities_3d that was asked for (inferred)
            ``id`` (id): id of the 3D entity
            ``name`` (text): name of the 3D entity
            ``parent_id`` (id): 3D entity above; missing at the root
            ``imodel_element_id`` (id): element of the iModel it stands for, in hexadecimal

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: inferred.
        """

    def entity_3d_user_field_values(
        self,
        entity_3d_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of 3D entities, often the largest table of all.

        Parameters
        ----------
        entity_3d_id
            Id of one of the entities_3d. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``entity_3d_id`` (id): 3D entity the value belongs to
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: documented.
        """

    def user_field_values_of_entity_3d(
        self,
        entity_3d_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of one 3D entity.

        Parameters
        ----------
        entity_3d_id
            Id of one of the entities_3d. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``entity_3d_id`` (id): 3D entity the value belongs to
            ``user_field_id`` (id): user field it is a value of (user_fields)
            ``value`` (text): value as text, whatever the field's declared type

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5.
        Evidence: documented.
        """

    def animation_bindings(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Which 3D element shows which task, with its looks and movement.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_id`` (id): task that the element shows
            ``animated_entity_id`` (id): 3D element: iModel element id (hexadecimal) or a GUID
            ``appearance_profile_id`` (id): appearance profile of the element (appearance_profiles)
            ``resource_id`` (id): resource the element belongs to
            ``resource_group_id`` (id): resource group of the element; wins over resource_id when both are set
            ``resource_assignment_id`` (id): assignment behind the binding (resource_assignments)
            ``path_assignment_id`` (id): movement of the element (animation_3d_path_assignments)
            ``transform_id`` (id): placement of the element (animation_3d_transforms)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: recorded.

        Examples
        --------
        >>> s.animation_bindings().columns[:2].tolist()
        ['task_id', 'animated_entity_id']
        """

    def appearance_profiles(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """How elements look before, during and after their task.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the appearance profile
            ``parent_id`` (id): appearance profile above; missing at the root
            ``name`` (text): name of the appearance profile
            ``action`` (enum): Install, Maintain, Neutral, Remove or Temporary
            ``created_on`` (instant): when the appearance profile was created
            ``start_appearance_color`` (text): color before the task, as #rrggbb
            ``start_appearance_use_original_color`` (flag): whether the element keeps its own color before the task
            ``start_appearance_use_original_transparency`` (flag): whether it keeps its own transparency before the task
            ``start_appearance_transparency`` (count) [%]: transparency before the task, 0 to 100
            ``active_appearance_color`` (text): color during the task, as #rrggbb
            ``active_appearance_use_original_color`` (flag): whether the element keeps its own color during the task
            ``active_appearance_use_original_transparency`` (flag): whether it keeps its own transparency during the task
            ``active_appearance_start_transparency`` (count) [%]: transparency when the task starts, 0 to 100
            ``active_appearance_finish_transparency`` (count) [%]: transparency when the task finishes, 0 to 100
            ``active_appearance_growth_simulation_mode`` (enum): None, BottomTop, LeftRight, RightLeft, FrontBack, Custom
            ``active_appearance_growth_simulation_direction_x`` (measure): direction of growth, x
            ``active_appearance_growth_simulation_direction_y`` (measure): direction of growth, y
            ``active_appearance_growth_simulation_direction_z`` (measure): direction of growth, z
            ``active_appearance_growth_simulation_adjust_for_task_percent_complete`` (flag): grows with percent complete
            ``active_appearance_growth_simulation_pause_during_non_working_time`` (flag): pauses outside working time
            ``active_appearance_growth_simulation_simulate_as_remove`` (flag): shrinks instead of growing
            ``end_appearance_color`` (text): color after the task, as #rrggbb
            ``end_appearance_use_original_color`` (flag): whether the element keeps its own color after the task
            ``end_appearance_use_original_transparency`` (flag): whether it keeps its own transparency after the task
            ``end_appearance_transparency`` (count) [%]: transparency after the task, 0 to 100
            ``deleted`` (flag): true for a deleted appearance profile (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: recorded.

        Examples
        --------
        >>> s.appearance_profiles().columns[:2].tolist()
        ['id', 'parent_id']
        """

    def appearance_profile(
        self,
        appearance_profile_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One appearance profile.

        Parameters
        ----------
        appearance_profile_id
            Id of one of the appearance_profiles.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the appearance profile
            ``parent_id`` (id): appearance profile above; missing at the root
            ``name`` (text): name of the appearance profile
            ``action`` (enum): Install, Maintain, Neutral, Remove or Temporary
            ``created_on`` (instant): when the appearance profile was created
            ``start_appearance_color`` (text): color before the task, as #rrggbb
            ``start_appearance_use_original_color`` (flag): whether the element keeps its own color before the task
            ``start_appearance_use_original_transparency`` (flag): whether it keeps its own transparency before the task
            ``start_appearance_transparency`` (count) [%]: transparency before the task, 0 to 100
            ``active_appearance_color`` (text): color during the task, as #rrggbb
            ``active_appearance_use_original_color`` (flag): whether the element keeps its own color during the task
            ``active_appearance_use_original_transparency`` (flag): whether it keeps its own transparency during the task
            ``active_appearance_start_transparency`` (count) [%]: transparency when the task starts, 0 to 100
            ``active_appearance_finish_transparency`` (count) [%]: transparency when the task finishes, 0 to 100
            ``active_appearance_growth_simulation_mode`` (enum): None, BottomTop, LeftRight, RightLeft, FrontBack, Custom
            ``active_appearance_growth_simulation_direction_x`` (measure): direction of growth, x
            ``active_appearance_growth_simulation_direction_y`` (measure): direction of growth, y
            ``active_appearance_growth_simulation_direction_z`` (measure): direction of growth, z
            ``active_appearance_growth_simulation_adjust_for_task_percent_complete`` (flag): grows with percent complete
            ``active_appearance_growth_simulation_pause_during_non_working_time`` (flag): pauses outside working time
            ``active_appearance_growth_simulation_simulate_as_remove`` (flag): shrinks instead of growing
            ``end_appearance_color`` (text): color after the task, as #rrggbb
            ``end_appearance_use_original_color`` (flag): whether the element keeps its own color after the task
            ``end_appearance_use_original_transparency`` (flag): whether it keeps its own transparency after the task
            ``end_appearance_transparency`` (count) [%]: transparency after the task, 0 to 100
            ``deleted`` (flag): true for a deleted appearance profile (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def animation_3d_transforms(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Placements of elements.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the placement
            ``transform`` (list): 4 x 4 matrix row by row; translation in elements 3, 7 and 11

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: recorded.

        Examples
        --------
        >>> s.animation_3d_transforms().columns[:2].tolist()
        ['id', 'transform']
        """

    def animation_3d_transform(
        self,
        animation_3d_transform_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One placement.

        Parameters
        ----------
        animation_3d_transform_id
            Id of one of the animation_3d_transforms.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the placement
            ``transform`` (list): 4 x 4 matrix row by row; translation in elements 3, 7 and 11

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def animation_3d_path_assignments(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """How elements move along paths.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the path assignment
            ``path_id`` (id): path the element moves along (animation_3d_paths)
            ``alignment`` (enum): point of the element on the path: Center, Custom, Original, MinX, MaxX ...
            ``center_x`` (measure): center of the movement, x
            ``center_y`` (measure): center of the movement, y
            ``center_z`` (measure): center of the movement, z
            ``reverse_direction`` (flag): whether the path is followed backwards
            ``adjust_for_task_percent_complete`` (flag): whether the movement follows percent complete
            ``pause_during_non_working_time`` (flag): whether the movement stops outside working time
            ``motion_start`` (measure): where the movement begins, as a share of the path
            ``motion_end`` (measure): where the movement ends, as a share of the path
            ``deleted`` (flag): true for a deleted path assignment (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: recorded.

        Examples
        --------
        >>> s.animation_3d_path_assignments().columns[:2].tolist()
        ['id', 'path_id']
        """

    def animation_3d_path_assignment(
        self,
        animation_3d_path_assignment_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One path assignment.

        Parameters
        ----------
        animation_3d_path_assignment_id
            Id of one of the animation_3d_path_assignments.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the path assignment
            ``path_id`` (id): path the element moves along (animation_3d_paths)
            ``alignment`` (enum): point of the element on the path: Center, Custom, Original, MinX, MaxX ...
            ``center_x`` (measure): center of the movement, x
            ``center_y`` (measure): center of the movement, y
            ``center_z`` (measure): center of the movement, z
            ``reverse_direction`` (flag): whether the path is followed backwards
            ``adjust_for_task_percent_complete`` (flag): whether the movement follows percent complete
            ``pause_during_non_working_time`` (flag): whether the movement stops outside working time
            ``motion_start`` (measure): where the movement begins, as a share of the path
            ``motion_end`` (measure): where the movement ends, as a share of the path
            ``deleted`` (flag): true for a deleted path assignment (inferred)

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def animation_3d_paths(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Paths that elements move along.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the path
            ``name`` (text): name of the path
            ``color`` (text): color as #rrggbb
            ``deleted`` (flag): true for a deleted path

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: inferred.

        Examples
        --------
        >>> s.animation_3d_paths().columns[:2].tolist()
        ['id', 'name']
        """

    def animation_3d_path(
        self,
        animation_3d_path_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One path.

        Parameters
        ----------
        animation_3d_path_id
            Id of one of the animation_3d_paths.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the path
            ``name`` (text): name of the path
            ``color`` (text): color as #rrggbb
            ``deleted`` (flag): true for a deleted path

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def keyframes(
        self,
        path_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Points of all paths; those of one path are not together: sort by path_id and time.

        Parameters
        ----------
        path_id
            Id of one of the animation_3d_paths. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``path_id`` (id): path the point belongs to (animation_3d_paths)
            ``time`` (measure) [share from 0 to 1]: moment on the path
            ``position_x`` (measure): position, x
            ``position_y`` (measure): position, y
            ``position_z`` (measure): position, z
            ``rotation_angle`` (measure) [degrees]: angle of the rotation
            ``rotation_x`` (measure): axis of the rotation, x
            ``rotation_y`` (measure): axis of the rotation, y
            ``rotation_z`` (measure): axis of the rotation, z
            ``deleted`` (flag): true for a deleted point

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: recorded.
        """

    def keyframes_of_path(
        self,
        path_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Points of one path.

        Parameters
        ----------
        path_id
            Id of one of the animation_3d_paths. Without it, all of them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``path_id`` (id): path the point belongs to (animation_3d_paths)
            ``time`` (measure) [share from 0 to 1]: moment on the path
            ``position_x`` (measure): position, x
            ``position_y`` (measure): position, y
            ``position_z`` (measure): position, z
            ``rotation_angle`` (measure) [degrees]: angle of the rotation
            ``rotation_x`` (measure): axis of the rotation, x
            ``rotation_y`` (measure): axis of the rotation, y
            ``rotation_z`` (measure): axis of the rotation, z
            ``deleted`` (flag): true for a deleted point

        Notes
        -----
        Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
        Evidence: documented.
        """

    def animation_statistics(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """How many tasks and animation items the schedule has.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``task_count`` (count): number of tasks
            ``appearance_profile_count`` (count): number of appearance profiles
            ``animation_binding_count`` (count): number of animation bindings
            ``animation_3d_transform_count`` (count): number of placements
            ``animation_3d_path_assignment_count`` (count): number of path assignments
            ``animation_3d_path_count`` (count): number of paths
            ``animation_3d_path_keyframe_count`` (count): number of points of all paths

        Notes
        -----
        Served by: Platform surface; schedules of type v6.5 and v10.
        Evidence: documented.

        Examples
        --------
        >>> s.animation_statistics().columns[:2].tolist()
        ['task_count', 'appearance_profile_count']
        """

    def primavera_synchronizers(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Imports from Primavera.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the synchronizer
            ``synchronizer_name`` (text): name of the synchronizer
            ``original_project_name`` (text): name of the project first imported
            ``original_project_path`` (text): file or path of the project first imported
            ``original_synchronization_time`` (instant): when the project was first imported
            ``original_synchronization_type`` (text): kind of the first run, for example Import
            ``project_name`` (text): name of the project last imported
            ``project_path`` (text): file or path of the project last imported
            ``synchronization_time`` (instant): when it last ran
            ``synchronization_type`` (text): kind of the last run, for example SynchronizeFrom
            ``projects`` (list): projects in the Primavera file: id and userDefinedId
            ``deleted`` (flag): true for a deleted synchronizer

        Notes
        -----
        Served by: Platform surface; schedules of type v10.
        Evidence: inferred.

        Examples
        --------
        >>> s.primavera_synchronizers().columns[:2].tolist()
        ['id', 'synchronizer_name']
        """

    def primavera_synchronizer(
        self,
        synchronizer_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One import from Primavera.

        Parameters
        ----------
        synchronizer_id
            Id of one of the primavera_synchronizers.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the synchronizer
            ``synchronizer_name`` (text): name of the synchronizer
            ``original_project_name`` (text): name of the project first imported
            ``original_project_path`` (text): file or path of the project first imported
            ``original_synchronization_time`` (instant): when the project was first imported
            ``original_synchronization_type`` (text): kind of the first run, for example Import
            ``project_name`` (text): name of the project last imported
            ``project_path`` (text): file or path of the project last imported
            ``synchronization_time`` (instant): when it last ran
            ``synchronization_type`` (text): kind of the last run, for example SynchronizeFrom
            ``projects`` (list): projects in the Primavera file: id and userDefinedId
            ``deleted`` (flag): true for a deleted synchronizer

        Notes
        -----
        Served by: Platform surface; schedules of type v10.
        Evidence: documented.
        """

    def microsoft_project_synchronizer(
        self,
        synchronizer_id: str | None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """One import from Microsoft Project.

        Parameters
        ----------
        synchronizer_id
            Id of the microsoft project synchronizer; no table lists them.
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``id`` (id): id of the synchronizer
            ``synchronizer_name`` (text): name of the synchronizer
            ``original_project_name`` (text): name of the project first imported
            ``original_project_path`` (text): file or path of the project first imported
            ``original_synchronization_time`` (instant): when the project was first imported
            ``original_synchronization_type`` (text): kind of the first run, for example Import
            ``project_name`` (text): name of the project last imported
            ``project_path`` (text): file or path of the project last imported
            ``synchronization_time`` (instant): when it last ran
            ``synchronization_type`` (text): kind of the last run, for example SynchronizeFrom
            ``deleted`` (flag): true for a deleted synchronizer

        Notes
        -----
        Served by: Platform surface; schedules of type v10.
        Evidence: documented.
        """

    def dcma_violations(
        self,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Violations found by the last assessment run on the service; the members are undocumented.

        Parameters
        ----------
        refresh
            Whether to read the table again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            The members are undocumented; what the service sends is kept.

        Notes
        -----
        Served by: Platform surface; schedules of type v10.
        Evidence: documented.
        """
