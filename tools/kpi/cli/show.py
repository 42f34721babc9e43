"""`kpi show`: one KPI in the terminal."""

import click

from kpi.cli.frame import Frame, broken_files, command, known_kpi


@command("show")
@click.argument("kpi")
def command_line(frame: Frame, kpi: str) -> int:
    """Show one KPI: its status, its measures and their figures."""
    from kpi.model.errors import UserError
    from kpi.pages.terminal import kpi_text
    from kpi.store.repository import load

    repository = load(frame.root)
    judgement = frame.judged(repository)
    name = known_kpi(repository, kpi)
    broken = broken_files(repository)
    for path in (file.place.path for file in repository.files if file.place.kpi == name):
        if name not in judgement.by_id():
            raise UserError(f"{path} can't be used. Run kpi lint to see why.")
        if path in broken:
            frame.say(f"kpi: {path} has errors; not all of it is shown. Run kpi lint.")
    frame.tell(kpi_text(judgement, judgement.by_id()[name]))
    return 0
