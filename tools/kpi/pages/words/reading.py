"""A measure in a few sentences."""

from kpi.judge.judgement import MeasureJudgement
from kpi.model.plan import Plan
from kpi.pages.words.figures import NOTHING, capitalised, dated, ended, measure_label
from kpi.pages.words.statuses import state_words
from kpi.pages.words.trends import trend_words


def reading(judged: MeasureJudgement, plan: Plan) -> str:
    """A measure in a few sentences, for those who can't see its chart."""
    measure, newest = judged.measure, judged.latest.observation
    parts = [measure_label(measure)]
    if newest is not None:
        parts.append(dated(newest, measure))
    status = [capitalised(state_words(judged.state, plan.status.words)), judged.rag.because]
    parts += [", ".join(filter(None, status)), trend_words(judged)]
    return " ".join(ended(part) for part in parts if part != NOTHING)
